"""Migration operations that say who may do what with a table.

Migrations run as the owner of the schema. The application's role owns nothing: it has what is
granted here, table by table, and on scoped tables it is held to row-level security. The roles
themselves are made by `config.local` and by the deployment page; migrations only grant.

What a privilege cannot say, that a change and its audit event stand or fall together, is said by
`LeavesEvent`: a constraint checked when the transaction commits.
"""

import re

from django.db.migrations.operations import RunSQL

APP_ROLE = "desk_app"
READER_ROLE = "desk_reader"
POLICY = "offices_in_scope"
RIGHTS = {"select", "insert", "update", "delete"}

# An unset setting reads as null before its first use and as an empty string after a transaction
# that used it; both must mean "no offices", hence no rows. The sub-select is evaluated once per
# statement, not once per row.
IN_SCOPE = (
    "office_id = ANY ((SELECT string_to_array("
    "NULLIF(current_setting('app.office_ids', true), ''), ',')::bigint[])::bigint[])"
)


def _named(table: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", table):
        msg = f"not a table name: {table!r}"
        raise ValueError(msg)
    return table


class ForceRowSecurity(RunSQL):
    """Show and accept only rows of the offices in scope; the owner is held to it too."""

    def __init__(self, table: str) -> None:
        """Write the policy of one table with a column `office_id`."""
        name = _named(table)
        super().__init__(
            sql=[
                f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY",
                f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY",
                f"CREATE POLICY {POLICY} ON {name} USING ({IN_SCOPE}) WITH CHECK ({IN_SCOPE})",
            ],
            reverse_sql=[
                f"DROP POLICY {POLICY} ON {name}",
                f"ALTER TABLE {name} NO FORCE ROW LEVEL SECURITY",
                f"ALTER TABLE {name} DISABLE ROW LEVEL SECURITY",
            ],
        )


class Grant(RunSQL):
    """Give the application exactly the rights listed; the read-only role may read.

    Args:
        table: name of the table.
        rights: out of select, insert, update, delete, separated by commas.
        reader: False keeps the table from the read-only role (sign-in secrets).
    """

    def __init__(self, table: str, rights: str, *, reader: bool = True) -> None:
        """Take away what defaults may have given, then grant."""
        name = _named(table)
        listed = [right.strip().lower() for right in rights.split(",")]
        if not listed or not set(listed) <= RIGHTS:
            msg = f"rights of {name} must be out of {sorted(RIGHTS)}: {rights!r}"
            raise ValueError(msg)
        revoke = f"REVOKE ALL ON {name} FROM PUBLIC, {APP_ROLE}, {READER_ROLE}"
        sql = [revoke, f"GRANT {', '.join(listed)} ON {name} TO {APP_ROLE}"]
        if reader:
            sql.append(f"GRANT SELECT ON {name} TO {READER_ROLE}")
        super().__init__(sql=sql, reverse_sql=[revoke])


class InsertOnly(Grant):
    """Rows are added and read, never changed or removed, by anything the product does."""

    def __init__(self, table: str) -> None:
        """Grant select and insert."""
        super().__init__(table, "select, insert")


class LeavesEvent(RunSQL):
    """Refuse, at commit, a transaction that changed the table and left no audit event.

    The function stands in the first migrations of `config.audit`. Reads and refusals are recorded
    beside the transaction, so they do not count as the event of a change.

    Args:
        table: name of the table.
        free: columns whose change alone is no act (the instant of the last sign-in).
    """

    def __init__(self, table: str, *, free: tuple[str, ...] = ()) -> None:
        """Write the constraint of one table."""
        name = _named(table)
        constraint = f"{name}_changes_leave_an_event"
        if free:
            skipped = ", ".join(f"'{_named(column)}'" for column in free)
            condition = f"to_jsonb(OLD) - ARRAY[{skipped}] IS DISTINCT FROM to_jsonb(NEW) - ARRAY[{skipped}]"
            parts = [("", "INSERT OR DELETE", ""), ("_too", "UPDATE", f" WHEN ({condition})")]
        else:
            parts = [("", "INSERT OR UPDATE OR DELETE", "")]
        super().__init__(
            sql=[
                f"CREATE CONSTRAINT TRIGGER {constraint}{end} AFTER {change} ON {name}"
                f" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW{when}"
                f" EXECUTE FUNCTION audit_change_leaves_event()"
                for end, change, when in parts
            ],
            reverse_sql=[f"DROP TRIGGER {constraint}{end} ON {name}" for end, _, _ in parts],
        )

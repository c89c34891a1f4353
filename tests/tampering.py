"""Break stored rows by hand, as somebody beyond every right would: for controls.

Constraints and triggers of the tables are taken away inside the block and come back after it, when
the tables are empty again. Needs a test with real commits (`transaction=True`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg
from psycopg import sql

from config.offices.models import Office

_CONSTRAINTS = """
SELECT c.conrelid::regclass::text, c.conname, pg_get_constraintdef(c.oid)
FROM pg_constraint c
WHERE (c.conrelid = ANY (%(tables)s::text[]::regclass[]) AND c.contype IN ('c', 'u', 'f'))
    OR c.confrelid = ANY (%(tables)s::text[]::regclass[])
"""


class Tampering:
    """The owner's connection with every office in sight and nothing that would refuse."""

    def __init__(self, owner: psycopg.Connection, tables: Sequence[str]) -> None:
        self.owner, self.tables = owner, tables
        for table in tables:
            self._run("CREATE TEMP TABLE {saved} AS TABLE {table}", table)

    def change(self, statement: str) -> int:
        """Run a statement; returns how many rows it changed."""
        return self.owner.execute(statement).rowcount

    def restore(self) -> None:
        """Put every row back as it was."""
        for table in self.tables:
            self._run("DELETE FROM {table}", table)
            self._run("INSERT INTO {table} OVERRIDING SYSTEM VALUE TABLE {saved}", table)

    def _run(self, statement: str, table: str) -> None:
        names = {"table": sql.Identifier(table), "saved": sql.Identifier(f"saved_{table}")}
        self.owner.execute(sql.SQL(statement).format(**names))


@contextmanager
def without_fences(*tables: str) -> Iterator[Tampering]:
    """Take constraints and triggers of tables away inside the block."""
    offices = ",".join(str(pk) for pk in Office.objects.values_list("pk", flat=True))
    with psycopg.connect(os.environ["OWNER_DATABASE_URL"], autocommit=True) as owner:
        owner.execute("SELECT set_config('app.office_ids', %s, false)", [offices])
        constraints = owner.execute(_CONSTRAINTS, {"tables": list(tables)}).fetchall()
        _each(owner, constraints, "ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name} CASCADE")
        _offices(owner, tables, "DROP")
        _triggers(owner, tables, "DISABLE")
        try:
            yield Tampering(owner, tables)
        finally:
            emptied = sorted({*tables, *(table for table, _, _ in constraints)})
            names = sql.SQL(", ").join(map(sql.Identifier, emptied))
            owner.execute(sql.SQL("TRUNCATE {} CASCADE").format(names))
            _triggers(owner, tables, "ENABLE")
            _offices(owner, tables, "SET")
            _each(owner, constraints, "ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def _each(owner: psycopg.Connection, constraints: Sequence[tuple], statement: str) -> None:
    for table, name, definition in constraints:
        owner.execute(
            sql.SQL(statement).format(
                table=sql.Identifier(table),
                name=sql.Identifier(name),
                definition=sql.SQL(definition),
            )
        )


def _triggers(owner: psycopg.Connection, tables: Sequence[str], word: str) -> None:
    for table in tables:
        owner.execute(
            sql.SQL("ALTER TABLE {} {} TRIGGER USER").format(sql.Identifier(table), sql.SQL(word))
        )


def _offices(owner: psycopg.Connection, tables: Sequence[str], word: str) -> None:
    """Let a row have no office, or no longer. Policies keep such a row from the owner as well."""
    for table in tables:
        owner.execute(
            sql.SQL("ALTER TABLE {} ALTER office_id {} NOT NULL").format(
                sql.Identifier(table), sql.SQL(word)
            )
        )
        owner.execute(
            sql.SQL("ALTER TABLE {} {} FORCE ROW LEVEL SECURITY").format(
                sql.Identifier(table), sql.SQL("NO" if word == "DROP" else "")
            )
        )

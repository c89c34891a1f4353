"""What the database holds, in all offices, compared before and after."""

from __future__ import annotations

from django.db import connection
from psycopg import sql

from config.offices import scope
from config.offices.models import Office

# A session is written by every signed-in request.
NEVER_COMPARED = {"django_session"}
# What a refused or a reading request may leave: its own trace.
TRACES = {"audit_auditevent", "axes_accessfailurelog", "claims_apiuse"}


def touched() -> dict[str, int]:
    """Return how many rows of each table the running transaction inserted, changed or removed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
            " WHERE schemaname = 'public'"
        )
        return {name: count for name, count in cursor.fetchall() if name not in NEVER_COMPARED}


class Rows:
    """Number and content of the rows of every table the application may read."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            self.tables = sorted(set(connection.introspection.table_names(cursor)) - NEVER_COMPARED)

    def now(self, tables: set[str] | None = None) -> dict[str, tuple[int, int]]:
        """Return rows and a sum over their content, by table."""
        asked = [name for name in self.tables if tables is None or name in tables]
        parts = [
            sql.SQL(
                "SELECT {}, count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {} t"
            ).format(sql.Literal(name), sql.Identifier(name))
            for name in asked
        ]
        if not parts:
            return {}
        with scope.enter(everything()), connection.cursor() as cursor:
            cursor.execute(sql.SQL(" UNION ALL ").join(parts).as_string(cursor.connection))
            return {name: (rows, content) for name, rows, content in cursor.fetchall()}


def everything() -> scope.Scope:
    """Return a scope over every office, to count with."""
    offices = tuple(Office.objects.order_by("id").values_list("id", flat=True))
    return scope.Scope(offices[0], offices)

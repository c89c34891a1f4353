"""One instant of the database, read by every invariant of a sweep.

The transaction is read-only and keeps the snapshot of its first statement (REPEATABLE READ), so
that two invariants never see two states, and a sweep beside a busy desk reports nothing that is
only half written. The service locks no row and waits for nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from psycopg import sql

# Whole tables are read: more room for one sort or hash than a desk's statement has, and more time.
# What is computed for a row here costs far more than reading it, which the planner does not know:
# without the last two it would leave the second core idle.
_ROOM = """
SET LOCAL work_mem = '192MB';
SET LOCAL statement_timeout = '{seconds}s';
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0
"""
STATEMENT_TIMEOUT_S = 300


class Reader:
    """Reads in the transaction of `one_instant`."""

    def __init__(self) -> None:
        """Count each table at most once."""
        self._counts: dict[str, int] = {}

    def query(
        self, statement: str | sql.Composable, values: Mapping[str, Any] | None = None
    ) -> tuple[list[str], list[Any]]:
        """Return the names of the columns and the rows of a statement."""
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return [column.name for column in cursor.description], cursor.fetchall()

    def rows(
        self, statement: str | sql.Composable, values: Mapping[str, Any] | None = None
    ) -> list[Any]:
        """Return the rows of a statement."""
        return self.query(statement, values)[1]

    def count(self, table: str) -> int:
        """Return how many rows of a table there are, of the offices in scope."""
        if table not in self._counts:
            quoted = connection.ops.quote_name(table)
            self._counts[table] = self.rows(f"SELECT count(*) FROM {quoted}")[0][0]  # noqa: S608
        return self._counts[table]

    def copied(self, query: sql.Composable) -> bytes:
        """Return the rows of a query in the binary form of COPY, header and trailer included.

        COPY carries no scope of its own; an ordinary statement of the same transaction did.
        """
        with connection.connection.cursor() as cursor:
            statement = sql.SQL("COPY ({}) TO STDOUT (FORMAT BINARY)").format(query)
            with cursor.copy(statement) as copy:
                return b"".join(copy)

    @contextmanager
    def planned(self, **settings: str) -> Iterator[None]:
        """Set settings of the planner inside the block; the values before it return."""
        with connection.cursor() as cursor:
            before: Sequence[tuple[str, str]] = [
                (name, self.rows("SELECT current_setting(%(name)s)", {"name": name})[0][0])
                for name in settings
            ]
            for name, value in settings.items():
                cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
            yield
            for name, value in before:
                cursor.execute("SELECT set_config(%s, %s, true)", [name, value])


@contextmanager
def one_instant() -> Iterator[Reader]:
    """Open the transaction of a sweep; nothing can be written in it.

    Raises:
        RuntimeError: a transaction is open already, and its snapshot is not ours to choose.
    """
    with transaction.atomic(durable=True):
        # Before the first statement: the fence tells the scope by a statement, which would fix
        # the snapshot of another isolation.
        with connection.connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        with connection.cursor() as cursor:
            cursor.execute(_ROOM.format(seconds=STATEMENT_TIMEOUT_S))
        yield Reader()

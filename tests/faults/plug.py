"""Pull the plug of an act: before each of its statements, at its commit, after its commit.

Whatever is pulled, the tables hold all of the act or nothing of it. `contents` reads every table
of every app, so nothing an act writes can be left out of the comparison.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from typing import Any

import psycopg
from django.db import OperationalError, connections
from psycopg import sql

MOST_STATEMENTS = 400
ALIASES = ("default", "aside")
# What no act of the product writes: how the tables were made, and who is signed in.
NO_FACTS = {"django_migrations", "django_session"}


class Pulled(RuntimeError):
    """The plug was pulled at a statement."""


class CommitLost(OperationalError):
    """The connection was lost at the commit, and nothing of the transaction is there."""


class Plug:
    """Counts statements of both connections and pulls the plug before the n-th.

    Statements that only undo are not counted: after a real failure nothing else is possible.
    """

    def __init__(self, at: int = 0) -> None:
        self.at, self.count = at, 0

    def __call__(self, execute, statement, params, many, context):
        if not str(statement).startswith(("SAVEPOINT", "ROLLBACK", "RELEASE")):
            self.count += 1
            if self.count == self.at:
                raise Pulled
        return execute(statement, params, many, context)


@contextmanager
def plugged(plug: Plug):
    with ExitStack() as stack:
        for alias in ALIASES:
            connections[alias].ensure_connection()  # its own first statements are not the act's
            stack.enter_context(connections[alias].execute_wrapper(plug))
        yield plug


@contextmanager
def lost_commit():
    """Lose the commit of the act: the database rolls back, the caller gets an error."""
    default = connections["default"]

    def lose() -> None:
        default.connection.rollback()
        raise CommitLost

    default._commit = lose
    try:
        yield
    finally:
        del default._commit


def contents(owner_url: str = "") -> dict[str, tuple[int, str]]:
    """Return, by table, how many rows it has and a digest of all their columns."""
    url = owner_url or os.environ["OWNER_DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as connection:
        tables = [
            row[0]
            for row in connection.execute(
                "SELECT relname FROM pg_class WHERE relkind = 'r'"
                " AND relnamespace = 'public'::regnamespace ORDER BY 1"
            )
            if row[0] not in NO_FACTS
        ]
        connection.execute(
            "SELECT set_config('app.office_ids', string_agg(id::text, ','), false)"
            " FROM offices_office"
        )
        one = (
            "SELECT {text} AS name, count(*), COALESCE(md5(string_agg(row, '' ORDER BY row)), '')"
            " FROM (SELECT md5(t::text) AS row FROM {table} AS t) AS rows"
        )
        every = sql.SQL(" UNION ALL ").join(
            sql.SQL(one).format(text=sql.Literal(table), table=sql.Identifier(table))
            for table in tables
        )
        return {name: (count, digest) for name, count, digest in connection.execute(every)}


def changed(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    return sorted(table for table in after if after[table] != before.get(table))


def fails_at_every_statement(act: Callable[[], Any]) -> tuple[int, Any]:
    """Pull the plug before each statement of an act in turn, then at its commit; then let it be.

    Returns:
        At how many points it was pulled, and the answer of the act that was let be.
    """
    before = contents()
    for at in range(1, MOST_STATEMENTS):
        try:
            with plugged(Plug(at)), lost_commit():
                return at, act()  # it commits on the connection aside, and only there
        except Pulled:
            _nothing_left(before, f"a failure at statement {at}")
        except CommitLost:
            _nothing_left(before, "a lost commit")
            break
    # Only an act with more than one transaction has a statement after its first commit.
    for later in range(at, MOST_STATEMENTS):
        try:
            with plugged(Plug(later)):
                return later, act()
        except Pulled:
            _nothing_left(before, f"a failure at statement {later}")
    raise AssertionError("the act has no end")


def _nothing_left(before: dict[str, Any], after_what: str) -> None:
    left = changed(before, contents())
    assert left == [], f"{after_what} left something in {left}"

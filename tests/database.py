"""The database of the tests: made and emptied as the owner, used as the application's role.

The first test that asks for the database starts a private PostgreSQL under `var/test`, unless
DATABASE_URL and OWNER_DATABASE_URL name one (its owner role must be allowed to make databases).
Several runs at the same time share the server and have a database each.
"""

import fcntl
import os
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver
from django.test import TestCase, TransactionTestCase
from psycopg import sql

from config.local.servers.place import DURABLE_TEST, TEST, alone, start_postgres, stop_servers
from config.settings.database_url import database_from_url
from config.settings.test import NOT_STARTED

PREFIX = "test_desk_"
PLACE = DURABLE_TEST if os.environ.get("DURABLE_TEST_SERVER") == "1" else TEST
# Code under test may use both connections of the application, never the owner's.
TransactionTestCase.databases = frozenset({"default", "aside"})
TestCase.databases = frozenset({"default", "aside"})


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_blocker):
    """Make and migrate the test database as the owner; point the application's role at it."""
    with _server() as urls, django_db_blocker.unblock():
        _drop_leftovers(urls["OWNER_DATABASE_URL"])
        point_alias("owner", urls["OWNER_DATABASE_URL"])
        creation = connections["owner"].creation
        connections["owner"].settings_dict["TEST"]["NAME"] = f"{PREFIX}{os.getpid()}"
        owned = connections["owner"].settings_dict["NAME"]
        name = creation.create_test_db(verbosity=0, autoclobber=True, serialize=False, keepdb=False)
        _emptied.learn()
        for variable, aliases in {
            "DATABASE_URL": ["default", "aside"],
            "OWNER_DATABASE_URL": ["owner"],
        }.items():
            url = _with_name(urls[variable], name)
            os.environ[variable] = url
            for alias in aliases:
                point_alias(alias, url)
        yield
        _close_all()
        creation.destroy_test_db(owned, verbosity=0)


# A browser's event loop gives its thread connections of its own, which nobody reaches by their
# alias once the loop has ended. What is open is therefore kept here.
_opened: weakref.WeakSet[BaseDatabaseWrapper] = weakref.WeakSet()


@receiver(connection_created)
def _remember(connection: BaseDatabaseWrapper, **_signal: object) -> None:
    _opened.add(connection)


def _close_all() -> None:
    """Close every connection this process opened, in whichever thread or loop."""
    for each in list(_opened):
        if each.connection is not None:
            each.connection.close()
            each.connection = None


class EmptiedTables:
    """The tables a test with real commits leaves empty, and the truncation that does it."""

    def __init__(self) -> None:
        self._statement: sql.Composed | None = None

    def learn(self) -> None:
        """Name every table that has no rows after migration; the others keep what they have."""
        with connections["owner"].cursor() as cursor:
            cursor.execute(
                "SELECT c.relname FROM pg_class c WHERE c.relkind IN ('r', 'p')"
                " AND c.relnamespace = 'public'::regnamespace ORDER BY 1"
            )
            tables = [row[0] for row in cursor.fetchall()]
            empty = []
            for table in tables:
                cursor.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(_name(table)))
                if not cursor.fetchone()[0]:
                    empty.append(table)
        connections["owner"].close()
        if empty:
            self._statement = sql.SQL("TRUNCATE {} RESTART IDENTITY").format(
                sql.SQL(", ").join(map(_name, empty))
            )

    def empty(self) -> None:
        """Truncate as the owner, on a connection of its own: tests may not use that alias."""
        if self._statement is None:
            return
        options = "-c lock_timeout=10s"
        with psycopg.connect(os.environ["OWNER_DATABASE_URL"], options=options) as connection:
            connection.execute(self._statement)


_emptied = EmptiedTables()


def _empty_after_commits(self: TransactionTestCase) -> None:
    for alias in ("default", "aside"):
        connections[alias].close()
    _emptied.empty()


_enter_test_transaction = TestCase.__dict__["_fixture_setup"].__func__


@classmethod
def _share_one_connection(cls: type[TestCase]) -> None:
    """Let both aliases use one connection: a test in a transaction must see its own rows.

    What `aside` promises, that its rows outlive a refusal, needs `transaction=True` to be seen.
    """
    connections["aside"].close()
    connections["aside"] = connections["default"]
    _enter_test_transaction(cls)


_leave_test_transaction = TestCase._fixture_teardown


def _check_references(_self: TestCase, connection) -> bool:
    """Check the foreign keys a test left open, in place of every deferred constraint.

    The constraints that ask for an audit event at commit are left out: a test in one transaction
    never commits, and makes its rows by factories. They are proven with real commits.
    """
    if connection.alias == "default" and not connection.needs_rollback and connection.is_usable():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT string_agg(DISTINCT quote_ident(conname), ', ') FROM pg_constraint"
                " WHERE contype = 'f' AND condeferrable"
                " AND connamespace = 'public'::regnamespace"
            )
            cursor.execute(f"SET CONSTRAINTS {cursor.fetchone()[0]} IMMEDIATE")
    return False


def _part_connections(self: TestCase) -> None:
    try:
        _leave_test_transaction(self)
    finally:
        del connections["aside"]


TransactionTestCase._fixture_teardown = _empty_after_commits
TestCase._fixture_setup = _share_one_connection
TestCase._fixture_teardown = _part_connections
TestCase._should_check_constraints = _check_references


@contextmanager
def _server() -> Iterator[dict[str, str]]:
    """Give the URLs of the server; stop a private one after its last user."""
    environment = {name: url for name, url in os.environ.items() if url != NOT_STARTED}
    PLACE.var.mkdir(parents=True, exist_ok=True)
    with PLACE.users_file.open("w") as users:
        with alone(PLACE):
            fcntl.flock(users, fcntl.LOCK_SH)
            urls = start_postgres(PLACE, environment)
        try:
            yield urls
        finally:
            with alone(PLACE):
                if not environment.get("DATABASE_URL") and _is_last(users):
                    stop_servers(PLACE)


def _is_last(users) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _drop_leftovers(owner_url: str) -> None:
    """Drop databases of runs that were killed: their name ends in the number of the process."""
    with psycopg.connect(owner_url, autocommit=True) as connection:
        rows = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}%"]
        ).fetchall()
        for (name,) in rows:
            pid = name.removeprefix(PREFIX)
            if pid.isdigit() and not _is_running(int(pid)):
                connection.execute(
                    sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(_name(name))
                )


def _is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def point_alias(alias: str, url: str) -> None:
    """Point an alias at a URL: every thread's connection reads the same settings."""
    connections[alias].close()
    wanted = database_from_url(url, statement_timeout_s=30)
    for part in ("NAME", "USER", "PASSWORD", "HOST", "PORT"):
        connections.settings[alias][part] = wanted[part]


def _with_name(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _name(text: str) -> sql.Identifier:
    return sql.Identifier(text)

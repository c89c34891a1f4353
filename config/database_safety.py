"""A deployment works on no database that may lose or show what it must not.

Asked when a process of a deployment starts, again with the first connection it gets, and by
`manage.py check --deploy`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

_ASK = """
SELECT current_setting('fsync'), current_setting('full_page_writes'),
    current_setting('synchronous_commit'), current_setting('data_checksums'),
    rolsuper OR rolbypassrls,
    EXISTS (
        SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace
        AND relkind IN ('r', 'p') AND pg_has_role(current_user, relowner, 'USAGE')
    )
FROM pg_roles WHERE rolname = current_user
"""


class Standing(NamedTuple):
    """What the server says of itself and of the role we signed in with."""

    fsync: str
    full_page_writes: str
    synchronous_commit: str
    data_checksums: str
    is_above_fences: bool
    owns_tables: bool


class UnsafeDatabase(ImproperlyConfigured):
    """The server or our role is unsafe; `problems` holds the names."""

    def __init__(self, problems: list[str]) -> None:
        """Say each in a sentence."""
        super().__init__("\n".join(SAID[name] for name in problems))
        self.problems = problems


def standing_of(connection: BaseDatabaseWrapper) -> Standing:
    """Ask the server."""
    with connection.cursor() as cursor:
        cursor.execute(_ASK)
        return Standing(*cursor.fetchone())


def problems_of(standing: Standing) -> list[str]:
    """Return what is unsafe, each with the code the check reports.

    Returns:
        Names such as `fsync`; empty where the database is safe.
    """
    found = [
        name
        for name in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums")
        if getattr(standing, name) == "off"
    ]
    if standing.is_above_fences:
        found.append("superuser")
    elif standing.owns_tables:
        found.append("table_owner")
    return found


SAID = {
    "fsync": "fsync is off: a power cut loses acknowledged money.",
    "full_page_writes": "full_page_writes is off: a power cut may tear pages.",
    "synchronous_commit": "synchronous_commit is off: what was acknowledged may be lost.",
    "data_checksums": "The cluster has no data checksums: damage stays unseen (pg_checksums --enable).",
    "superuser": "The application's role is a superuser or passes row-level security.",
    "table_owner": "The application's role owns tables: row-level security and rights mean nothing to it.",
}


def refuse_unsafe(connection: BaseDatabaseWrapper) -> None:
    """Refuse a server or role that is unsafe.

    Raises:
        UnsafeDatabase: names everything that is.
    """
    problems = problems_of(standing_of(connection))
    if problems:
        raise UnsafeDatabase(problems)


def refuse_at_start() -> None:
    """Ask once when a process of a deployment starts; a server that is away is asked later.

    Raises:
        ImproperlyConfigured: the database is unsafe.
    """
    if not settings.REFUSE_UNSAFE_DATABASE:
        return
    try:
        connections["default"].ensure_connection()
    except OperationalError:
        return
    finally:
        connections["default"].close()


class _Asked:
    """Whether this process has asked; afterwards the settings of a running server stay."""

    done = False


def refuse_new_connection(connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    """Ask with the first connection of the application's role in this process."""
    if connection.alias != "default" or _Asked.done or not settings.REFUSE_UNSAFE_DATABASE:
        return
    try:
        refuse_unsafe(connection)
    except ImproperlyConfigured:
        connection.close()
        raise
    _Asked.done = True

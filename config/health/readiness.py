"""Whether this process may be sent requests: database, tables, rules, record of acts."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader

from config.errors import DomainError
from config.policy.models import ReleaseActivation
from config.policy.selectors import active_tree

# Asked, never tried: whoever asks whether we are ready is nobody, and changes nothing.
_CAN_RECORD = """
SELECT has_table_privilege('audit_auditevent', 'INSERT')
    AND NOT pg_is_in_recovery() AND current_setting('default_transaction_read_only') = 'off'
"""


def unready() -> list[str]:
    """Return what is missing, by code; empty where requests may come. Told to monitors of ours only."""
    missing = []
    for code, is_there in _ASKED.items():
        try:
            found = is_there()
        except (DatabaseError, DomainError, OSError):
            found = False
        if not found:
            missing.append(code)
            if code == "database":
                return missing
    return missing


def _answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def migrations_are_applied() -> bool:
    """Tell whether every migration of this release was run on this database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        applied = set(cursor.fetchall())
    return _migrations_on_disk() <= applied


@lru_cache(maxsize=1)
def _migrations_on_disk() -> frozenset[tuple[str, str]]:
    loader = MigrationLoader(None)
    return frozenset(
        key for key, migration in loader.disk_migrations.items() if not migration.replaces
    )


def _rules_are_readable() -> bool:
    """Read the rules in force of each region; an installation without any settles nothing yet."""
    regions = ReleaseActivation.objects.values_list("region", flat=True).distinct()
    return all(active_tree(region) is not None for region in list(regions))


def _acts_can_be_recorded() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_CAN_RECORD)
        return cursor.fetchone() == (True,)


_ASKED: dict[str, Callable[[], bool]] = {
    "database": _answers,
    "migrations": migrations_are_applied,
    "policy": _rules_are_readable,
    "audit": _acts_can_be_recorded,
}

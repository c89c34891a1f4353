"""Facts of what everything stands on: broker, room on the disks, connections, migrations."""

from __future__ import annotations

import shutil
from pathlib import Path

import redis
from django.conf import settings
from django.db import connection
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from config.health.facts import HealthFact, State
from config.health.readiness import migrations_are_applied

BROKER_TIMEOUT_S = 2
FULL_FROM = 0.80


def broker() -> HealthFact:
    """Say whether background work can be woken; without it work is late, never lost."""
    name = "broker"
    if not settings.REDIS_URL:
        return HealthFact(name, State.BROKEN, _("No broker is set up."))
    client = redis.Redis.from_url(
        settings.REDIS_URL,
        socket_connect_timeout=BROKER_TIMEOUT_S,
        socket_timeout=BROKER_TIMEOUT_S,
    )
    try:
        client.ping()
    except (redis.RedisError, OSError):
        return HealthFact(name, State.BROKEN, _("The broker does not answer: work is late."))
    finally:
        client.close()
    return HealthFact(name, State.OK, _("The broker answers."))


def space() -> HealthFact:
    """Say how full the fullest of the watched volumes is; an alarm from 80 %."""
    used = {}
    for folder in watched_folders():
        found = shutil.disk_usage(folder)
        used[folder] = found.used / (found.used + found.free)
    if not used:
        return HealthFact("space", State.UNKNOWN, _("No volume is watched."))
    fullest = max(used, key=lambda folder: used[folder])
    said = format_lazy(
        _("{folder} is {percent} % full."), folder=str(fullest), percent=int(used[fullest] * 100)
    )
    return HealthFact("space", State.BROKEN if used[fullest] >= FULL_FROM else State.OK, said)


def watched_folders() -> list[Path]:
    """Return the folders whose volumes are watched, each as far as it exists."""
    return [path for path in map(Path, settings.WATCHED_FOLDERS) if path.exists()]


def connections_used() -> HealthFact:
    """Say how many connections of the database are taken; an alarm from 80 %."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),"
            " current_setting('max_connections')::int"
        )
        taken, most = cursor.fetchone()
    state = State.BROKEN if taken >= FULL_FROM * most else State.OK
    said = format_lazy(_("{taken} of {most} connections are taken."), taken=taken, most=most)
    return HealthFact("connections", state, said)


def migrations() -> HealthFact:
    """Say whether the tables are those of this release."""
    if migrations_are_applied():
        return HealthFact("migrations", State.OK, _("The tables are those of this release."))
    said = _("Migrations of this release were not run on this database.")
    return HealthFact("migrations", State.BROKEN, said)

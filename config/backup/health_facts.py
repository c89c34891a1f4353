"""What this package says of its health: ages of what must be young, and whether the log flows."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from config import calendar
from config.backup.models import BackupRun
from config.health.facts import HealthFact, State

BACKUP_ALARM = timedelta(hours=26)
RESTORE_TEST_ALARM = timedelta(days=8)
ARCHIVE_ALARM = timedelta(minutes=5)


def backup_age() -> HealthFact:
    """Say when the last good backup ended; an alarm at 26 hours, and while the newest one failed."""
    return _age("backup.age", BackupRun.Kind.BACKUP, BACKUP_ALARM)


def restore_test_age() -> HealthFact:
    """Say when a restore was last tried and went well; an alarm after 8 days."""
    return _age("backup.restore_test", BackupRun.Kind.RESTORE_TEST, RESTORE_TEST_ALARM)


def archive() -> HealthFact:
    """Say whether segments of the log leave the server."""
    name = "backup.archive"
    if not settings.BACKUP_TARGET:
        return _not_set_up(name)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT last_archived_time, last_failed_time,"
            " coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false)"
            " FROM pg_stat_archiver"
        )
        archived_at, _failed_at, is_failing = cursor.fetchone()
    if is_failing:
        said = _("The log of changes is not stored: the last try failed.")
        return HealthFact(name, State.BROKEN, said)
    if archived_at is None:
        return HealthFact(name, State.BROKEN, _("The log of changes was never stored."))
    age = calendar.now() - archived_at
    state = State.LATE if age > ARCHIVE_ALARM else State.OK
    return HealthFact(name, state, _minutes(age))


def _age(name: str, kind: str, alarm: timedelta) -> HealthFact:
    runs = BackupRun.objects.filter(kind=kind)
    done = runs.filter(is_done=True).order_by("-ended_at").first()
    if done is None:
        if not settings.BACKUP_TARGET:
            return _not_set_up(name)
        return HealthFact(name, State.BROKEN, _("There was none yet."))
    age = calendar.now() - done.ended_at
    if age >= alarm:
        return HealthFact(name, State.LATE, _minutes(age))
    newest = runs.order_by("-ended_at", "-id").first()
    if newest is not None and not newest.is_done:
        return HealthFact(name, State.BROKEN, _("The last try failed."))
    return HealthFact(name, State.OK, _minutes(age))


def _not_set_up(name: str) -> HealthFact:
    if settings.IS_DEMONSTRATION:
        return HealthFact(name, State.OK, _("A demonstration keeps no backups."))
    return HealthFact(name, State.BROKEN, _("Backups are not set up."))


def _minutes(age: timedelta) -> str:
    return _("%(minutes)s minutes ago") % {"minutes": int(age.total_seconds() // 60)}

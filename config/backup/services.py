"""Back up, test a restore, and leave an event of either, whatever its end."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from config import calendar
from config.audit import services as audit
from config.backup import base_backup, retention
from config.backup.base_backup import BaseBackup, Source
from config.backup.models import BackupRun
from config.backup.programs import BackupFailed
from config.backup.restoring import chosen_backup, refuse_gaps
from config.backup.scratch_cluster import Restoring, restored
from config.backup.shelf import Differs, Shelf
from config.backup.wal import NotSetUp, ring_of
from config.errors import DomainError, Refused
from config.local.processes import wait_until
from config.offices import scope
from config.offices.selectors import scope_of_system

VERDICT_PATIENCE_S = 3600
LOG_PATIENCE_S = 180


def backup_shelf(target: str = "") -> Shelf:
    """Return the backup target of the settings, or another folder under the same keys.

    Raises:
        Refused: `backup.not_set_up`.
    """
    folder = target or settings.BACKUP_TARGET
    if not folder:
        raise Refused("backup.not_set_up", said="BACKUP_TARGET")
    try:
        return Shelf(Path(folder), ring_of(settings.BACKUP_KEYS))
    except NotSetUp as problem:
        raise Refused("backup.not_set_up", said=str(problem)) from None


def backup_make() -> BaseBackup:
    """Take one base backup, verify it, copy it to the second place, remove what is too old.

    Raises:
        Refused, BackupFailed: why there is no new backup; an event says so as well.
    """
    return _recorded(BackupRun.Kind.BACKUP, _make)


def _make() -> BaseBackup:
    shelf = backup_shelf()
    if not settings.BACKUP_DATABASE_URL:
        raise Refused("backup.not_set_up", said="BACKUP_DATABASE_URL")
    source = Source(
        settings.BACKUP_DATABASE_URL, settings.POSTGRES_PROGRAMS, settings.BACKUP_SCRATCH
    )
    made = base_backup.take(shelf, source)
    # The server stores a segment when it is full or a minute old: a copy without them is half a backup.
    wait_until(lambda: made.first_segment in shelf.names("wal"), LOG_PATIENCE_S, 0.5)
    refuse_gaps(shelf, made)
    copy_to_second_place()
    retention.remove_old(shelf, settings.BACKUP_KEEP)
    return made


def copy_to_second_place() -> int:
    """Copy what the second place has not; nothing where none is set.

    Raises:
        BackupFailed: `backup.second_target`.
    """
    if not settings.BACKUP_SECOND_TARGET:
        return 0
    second = backup_shelf(settings.BACKUP_SECOND_TARGET)
    try:
        copied = backup_shelf().copy_missing_to(second)
    except (OSError, Differs) as failure:
        raise BackupFailed("backup.second_target", said=str(failure)) from None
    retention.remove_old(second, settings.BACKUP_KEEP)
    return copied


def restore_test(instant: datetime | None = None) -> BaseBackup:
    """Restore into a scratch cluster and let the restored database speak for itself.

    The verdict comes from a process of its own on the restored database: it is paused, the keys
    open what is stored, the sweep finds nothing, somebody can sign in.

    Args:
        instant: last moment to bring back; None for all.

    Raises:
        Refused, BackupFailed: what failed; an event says so as well.
    """
    return _recorded(BackupRun.Kind.RESTORE_TEST, lambda: _restore_and_ask(instant))


def _restore_and_ask(instant: datetime | None) -> BaseBackup:
    shelf = backup_shelf()
    backup = chosen_backup(shelf, instant)
    url = os.environ["DATABASE_URL"]
    place = Restoring(
        Path(settings.POSTGRES_PROGRAMS),
        url,
        settings.BACKUP_SCRATCH,
    )
    with restored(shelf, backup, instant, place) as scratch:
        environment = os.environ | {"DATABASE_URL": scratch.url(url)}
        if owner := os.environ.get("OWNER_DATABASE_URL"):
            environment["OWNER_DATABASE_URL"] = scratch.url(owner)
        asked = subprocess.run(  # noqa: S603  our own command
            [sys.executable, str(settings.BASE_DIR / "manage.py"), "restore_verdict"],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=VERDICT_PATIENCE_S,
        )
        if asked.returncode != 0:
            said = (asked.stdout + asked.stderr).strip()[-1000:]
            raise BackupFailed("backup.verdict", said=said)
    return backup


def _recorded(kind: BackupRun.Kind, act: Callable[[], BaseBackup]) -> BaseBackup:
    started = calendar.now()
    try:
        backup = act()
    except DomainError as failure:
        _leave_event(BackupRun(kind=kind, is_done=False, code=failure.code, started_at=started))
        raise
    _leave_event(
        BackupRun(
            kind=kind,
            is_done=True,
            label=backup.label,
            started_at=started,
            plain_bytes=backup.plain_bytes,
        )
    )
    return backup


def _leave_event(run: BackupRun) -> None:
    acting = scope_of_system(f"command:{run.kind}")
    if acting is None:
        return  # without an office there is nobody to leave an event for
    with scope.enter(acting), transaction.atomic():
        run.save(force_insert=True)
        audit.record(f"{run.kind}.{'done' if run.is_done else 'failed'}", run, code=run.code)

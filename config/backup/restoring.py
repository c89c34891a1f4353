"""Make a data folder that PostgreSQL will bring forward to an instant.

Whatever is wrong is found before a server starts: no backup for that instant, a segment missing
in between, a byte that differs, programs of another version, a key that is not listed.
"""

from __future__ import annotations

import shlex
from datetime import datetime
from pathlib import Path

from config.backup.base_backup import BaseBackup, backups_on, check_unpacked, unpack
from config.backup.programs import BackupFailed, refuse_other_version
from config.backup.sealed_stream import StreamBroken
from config.backup.segments import SEGMENT, missing_segments
from config.backup.shelf import Shelf
from config.errors import Refused

NAMED = 5


def chosen_backup(shelf: Shelf, instant: datetime | None) -> BaseBackup:
    """Return the newest base backup that reaches an instant; the newest of all without one.

    Raises:
        Refused: `backup.none`, `backup.none_before`.
    """
    backups = backups_on(shelf)
    if not backups:
        raise Refused("backup.none")
    if instant is None:
        return backups[-1]
    before = [each for each in backups if datetime.fromisoformat(each.ended_at) <= instant]
    if not before:
        raise Refused("backup.none_before", instant=instant.isoformat())
    return before[-1]


def refuse_gaps(shelf: Shelf, backup: BaseBackup) -> None:
    """Refuse where the log of changes has a hole: a restore would end there without a word.

    Raises:
        BackupFailed: `backup.segments_missing`.
    """
    missing = missing_segments(shelf.names("wal"), backup.first_segment, backup.segment_bytes)
    if missing:
        raise BackupFailed(
            "backup.segments_missing", count=len(missing), first=", ".join(missing[:NAMED])
        )


def prepare(
    shelf: Shelf, backup: BaseBackup, folder: Path, programs: str, instant: datetime | None
) -> None:
    """Unpack a backup into an empty folder and tell PostgreSQL how far to go.

    Args:
        shelf: where it lies.
        backup: which one.
        folder: the new data folder; must not exist.
        programs: folder of PostgreSQL's programs.
        instant: last moment that comes back; None brings back all there is.

    Raises:
        Refused: `backup.folder_exists`, `backup.other_version`.
        BackupFailed: `backup.damaged`, `backup.segments_missing`.
    """
    if folder.exists():
        raise Refused("backup.folder_exists", folder=str(folder))
    refuse_gaps(shelf, backup)
    refuse_other_version(programs, "postgres", backup.version)
    unpack(shelf, backup.label, folder)
    check_unpacked(folder, backup.label, programs)
    log = folder.with_name(f"{folder.name}.log_of_changes")
    _fetch_log(shelf, backup, log)
    with (folder / "postgresql.auto.conf").open("a", encoding="utf-8") as stream:
        stream.writelines(
            f"{name} = {_quoted(value)}\n"
            for name, value in recovery_settings(log, instant).items()
        )
    (folder / "recovery.signal").touch(mode=0o600)


def _fetch_log(shelf: Shelf, backup: BaseBackup, place: Path) -> None:
    """Open every segment the backup may need, so that PostgreSQL needs neither keys nor us."""
    place.mkdir(mode=0o700)
    for name in shelf.names("wal"):
        if SEGMENT.fullmatch(name) and name[8:] < backup.first_segment[8:]:
            continue
        try:
            with (place / name).open("wb") as plain:
                shelf.get("wal", name, plain)
        except (StreamBroken, OSError) as failure:
            raise BackupFailed("backup.damaged", label=name, said=str(failure)) from None


def recovery_settings(log: Path, instant: datetime | None) -> dict[str, str]:
    """Return what PostgreSQL reads to bring a base backup forward.

    Args:
        log: folder with the opened segments.
        instant: last moment that comes back; None for all there is.
    """
    settings = {
        "restore_command": f'cp {shlex.quote(str(log))}/%f "%p"',
        "recovery_target_action": "promote",
        "recovery_target_timeline": "latest",
    }
    if instant is not None:
        settings["recovery_target_time"] = instant.isoformat()
        settings["recovery_target_inclusive"] = "on"
    return settings


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"

"""A backup that is damaged, has a hole or meets other programs is found before it is needed."""

import random
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from config.audit.models import AuditEvent
from config.backup.base_backup import Source, backups_on, verify
from config.backup.health_facts import archive, backup_age, restore_test_age
from config.backup.models import BackupRun
from config.backup.restoring import prepare
from config.backup.services import backup_make, backup_shelf, restore_test
from config.errors import DomainError
from config.local.processes import wait_until
from config.offices.acting import run_in_office
from tests.claims.conftest import make_desk
from tests.factories.enrollment import make_person
from tests.faults.archived import KEYS

pytestmark = [pytest.mark.faults, pytest.mark.row("B15")]
FAKE = "#!/bin/sh\necho 'some program (PostgreSQL) 12.3'\n"


def refusal_of(call, *arguments):
    with pytest.raises(DomainError) as refused:
        call(*arguments)
    return refused.value.code


def flip(path, seed):
    """Change one bit of one byte."""
    draw = random.Random(seed)
    content = bytearray(path.read_bytes())
    content[draw.randrange(len(content))] ^= 1 << draw.randrange(8)
    path.write_bytes(content)


def test_what_is_wrong_with_a_backup_is_found(archived, settings, seed, tried, tmp_path):
    desk = make_desk()
    with run_in_office(desk.east, desk.clerk):
        make_person(desk.east)
    made = backup_make()
    shelf = backup_shelf()
    for _ in range(3):
        archived.database.execute("CREATE TABLE IF NOT EXISTS drill (text text)")
        archived.database.execute("INSERT INTO drill VALUES ('x')")
        archived.store_log()
    assert {fact().state for fact in (backup_age, archive)} == {"ok"}

    # What is whole comes back, and the restored database speaks for itself.
    assert restore_test().label == made.label
    assert restore_test_age().state == "ok"

    def restore():
        place = tmp_path / f"restore-{random.random()}"
        prepare(shelf, made, place / "data", settings.POSTGRES_PROGRAMS, None)

    def damage(path):
        whole = path.read_bytes()
        flip(path, seed)
        assert refusal_of(restore) == "backup.damaged"
        path.write_bytes(whole)

    # 1: one byte of the base backup, and of a segment.
    damage(shelf.path("base", made.label))
    segments = [n for n in shelf.names("wal") if len(n) == 24 and n >= made.first_segment]
    damage(shelf.path("wal", segments[1]))
    # 2: one segment removed, and the end of the base backup cut off.
    aside = tmp_path / "aside"
    shelf.path("wal", segments[1]).rename(aside)
    assert refusal_of(restore) == "backup.segments_missing"
    assert refusal_of(restore_test) == "backup.segments_missing"
    assert restore_test_age().state == "broken"
    aside.rename(shelf.path("wal", segments[1]))
    # 3: programs of another version.
    fakes = tmp_path / "programs"
    fakes.mkdir()
    for name in ("postgres", "pg_basebackup", "pg_verifybackup"):
        (fakes / name).write_text(FAKE)
        (fakes / name).chmod(0o755)
    settings.POSTGRES_PROGRAMS, right = str(fakes), settings.POSTGRES_PROGRAMS
    assert refusal_of(restore) == "backup.other_version"
    assert refusal_of(backup_make) == "backup.other_version"
    settings.POSTGRES_PROGRAMS = right
    tried(6)

    failed_backups_are_loud(archived, desk)
    old_backups_go(settings, shelf)
    an_archive_that_fails_is_an_alarm(archived)


def failed_backups_are_loud(archived, desk):
    """A page of a table that differs from its checksum stops the backup, and everybody hears it."""
    [(path,)] = archived.database.execute("SELECT pg_relation_filepath('drill')")
    archived.database.execute("CHECKPOINT")
    pages = archived.database.postgres.data / path
    whole = pages.read_bytes()
    damaged = bytearray(whole)
    damaged[4000] ^= 1
    pages.write_bytes(damaged)
    with pytest.raises(CommandError):
        call_command("backup", stdout=StringIO())
    pages.write_bytes(whole)
    assert backup_age().state == "broken"
    assert BackupRun.objects.filter(kind="backup", is_done=False, code="backup.copy").exists()
    with run_in_office(desk.offices.pool, roles=["auditor"]):
        assert AuditEvent.objects.filter(verb="backup.failed").exists()


def old_backups_go(settings, shelf):
    """Only the newest stay, with the segments they need."""
    settings.BACKUP_KEEP = 1
    newest = backup_make()
    assert [each.label for each in backups_on(shelf)] == [newest.label]
    kept = [name for name in shelf.names("wal") if len(name) == 24]
    assert min(kept) == newest.first_segment
    assert verify(shelf, newest.label, source_of(settings)) == newest.first_segment
    too_early = datetime.now(UTC) - timedelta(days=1)
    with pytest.raises(CommandError):
        call_command("restore", shelf.folder / "never", at=too_early, stdout=StringIO())
    assert backup_age().state == "ok"


def source_of(settings):
    return Source(settings.BACKUP_DATABASE_URL, settings.POSTGRES_PROGRAMS, "")


def an_archive_that_fails_is_an_alarm(archived):
    """A server that cannot store its log keeps it, and says so."""
    archived.relay.environment["BACKUP_KEYS"] = ""
    archived.database.execute("SELECT pg_switch_wal()")
    assert wait_until(lambda: archive().state == "broken", 120, 0.5)
    archived.relay.environment["BACKUP_KEYS"] = KEYS
    assert wait_until(lambda: archive().state == "ok", 180, 0.5)

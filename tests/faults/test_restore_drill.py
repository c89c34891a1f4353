"""The disk is gone: everything acknowledged before an instant comes back, nothing after it.

200 MB in `make test-faults`, 1 GB at night; the same test.
"""

import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client
from django.urls import reverse

from claims.models import Settlement
from config.backup.base_backup import unpack
from config.backup.programs import BackupFailed
from config.backup.services import backup_make, backup_shelf
from config.errors import Refused
from config.offices.acting import run_in_office
from config.operation.selectors import is_paused
from config.operation.services import require_running
from tests.claims.conftest import make_desk
from tests.factories.claims import confirm
from tests.factories.enrollment import make_person
from tests.factories.offices import PASSWORD, make_user
from tests.faults.archived import KEYS
from tests.faults.checker import check
from tests.faults.machine import pointed_at

PEOPLE = 8
WORK_S = 4.0
OTHER_KEYS = KEYS.replace("B", "C")


@dataclass(frozen=True)
class Acknowledged:
    """One bill the desk was told is settled: between these two instants it was."""

    number: str
    began: datetime
    ended: datetime


class Desk(threading.Thread):
    """One clerk who settles bills until told to stop, and notes each answer."""

    def __init__(self, desk, people) -> None:
        super().__init__(daemon=True)
        self.desk, self.people = desk, people
        self.log: list[Acknowledged] = []
        self.broken: list[BaseException] = []
        self.stopped = threading.Event()

    def run(self) -> None:
        try:
            with run_in_office(self.desk.east, self.desk.clerk):
                while not self.stopped.is_set():
                    for person in self.people:
                        began = datetime.now(UTC)
                        number = confirm(person).number
                        self.log.append(Acknowledged(number, began, datetime.now(UTC)))
        except BaseException as failure:  # noqa: BLE001  shown by the test
            self.broken.append(failure)
        finally:
            for connection in connections.all():
                connection.close()

    def stop(self) -> list[Acknowledged]:
        self.stopped.set()
        self.join(30)
        assert not self.broken, self.broken
        return self.log


def stored_numbers(desk) -> set[str]:
    with run_in_office(desk.offices.pool, roles=["auditor"]):
        return set(Settlement.objects.values_list("bill__number", flat=True))


def drill(archived, settings, tried, tmp_path, megabytes):
    desk = make_desk()
    auditor = make_user(desk.offices.pool, "auditor")
    with run_in_office(desk.east, desk.clerk):
        people = [make_person(desk.east) for _ in range(PEOPLE)]
    archived.fill(megabytes)
    half = PEOPLE // 2
    clerks = [Desk(desk, people[:half]), Desk(desk, people[half:])]
    for clerk in clerks:
        clerk.start()
    backup = backup_make()  # while people work
    assert backup.plain_bytes > megabytes * 1024 * 1024
    time.sleep(WORK_S)
    instant = datetime.now(UTC)
    time.sleep(WORK_S)
    log = [line for clerk in clerks for line in clerk.stop()]
    archived.store_log()

    began = time.monotonic()
    archived.lose()
    folder = Path(archived.folder) / "restored"
    folder.mkdir(mode=0o700)
    call_command("restore", folder / "postgres", at=instant, stdout=StringIO())
    with pointed_at(archived.start_again(folder)):
        seconds = time.monotonic() - began
        found = stored_numbers(desk)
        before = {line.number for line in log if line.ended < instant}
        after = {line.number for line in log if line.began > instant}
        assert len(before) > PEOPLE, "nothing was acknowledged before the instant"
        assert len(after) > PEOPLE, "nothing was acknowledged after the instant"
        assert before - found == set(), "acknowledged before the instant and missing"
        assert after & found == set(), "acknowledged after the instant and present"
        tried(len(log))
        with run_in_office(desk.offices.pool, roles=["auditor"]):
            assert check([person.pk for person in people]) == []

        assert is_paused()
        with pytest.raises(Refused, match=r"operation\.paused"):
            require_running("settlement.release")
        answer = Client().post(
            reverse("admin:login"), {"username": auditor.username, "password": PASSWORD}
        )
        assert answer.status_code == 302
        call_command("restore_verdict")
        print(
            f"\n{megabytes} MB restored to an instant in {seconds:.1f} s, {len(log)} acknowledged"
        )

        settings.ID_NUMBER_KEYS = ["other:" + "D" * 43 + "="]
        with pytest.raises(CommandError, match="do not open"):
            call_command("restore_verdict", stdout=StringIO())
        settings.BACKUP_KEYS = OTHER_KEYS
        with pytest.raises(BackupFailed, match="damaged"):
            unpack(backup_shelf(), backup.label, tmp_path / "without the key")


@pytest.mark.faults
@pytest.mark.row("B14")
def test_200_megabytes_come_back_to_an_instant(archived, settings, tried, tmp_path):
    drill(archived, settings, tried, tmp_path, 200)


@pytest.mark.nightly
@pytest.mark.row("B14")
def test_one_gigabyte_comes_back_to_an_instant(archived, settings, tried, tmp_path):
    drill(archived, settings, tried, tmp_path, 1024)

"""A backup that is too old, failed or never came is an alarm."""

from datetime import timedelta

import pytest

from config import calendar
from config.backup.health_facts import archive, backup_age, restore_test_age
from config.backup.models import BackupRun

NOW = calendar.now()


def run(kind, hours_ago, *, is_done=True):
    at = NOW - timedelta(hours=hours_ago)
    return BackupRun.objects.create(kind=kind, is_done=is_done, started_at=at, ended_at=at)


@pytest.fixture(autouse=True)
def set_up(settings, db):
    settings.BACKUP_TARGET = "/backups"
    with calendar.clock_at(NOW):
        yield


@pytest.mark.row("B15")
@pytest.mark.parametrize(
    ("hours", "state"), [(0, "ok"), (25.99, "ok"), (26, "late"), (26.01, "late"), (1000, "late")]
)
def test_the_alarm_of_the_backup_comes_at_26_hours(hours, state):
    run("backup", hours)
    assert backup_age().state == state


def test_the_alarm_of_the_restore_test_comes_after_8_days():
    run("restore_test", 24 * 7.9)
    assert restore_test_age().state == "ok"
    with calendar.clock_at(NOW + timedelta(hours=3)):
        assert restore_test_age().state == "late"


@pytest.mark.row("B15")
def test_a_failed_backup_is_an_alarm_at_once_and_a_good_one_ends_it():
    run("backup", 3)
    run("backup", 2, is_done=False)
    assert backup_age().state == "broken"
    run("backup", 1)
    assert backup_age().state == "ok"


def test_one_that_never_came_and_one_that_is_not_set_up(settings):
    assert backup_age().state == "broken"
    run("backup", 30, is_done=False)
    assert backup_age().state == "broken"
    settings.BACKUP_TARGET = ""
    settings.IS_DEMONSTRATION = False
    assert {fact().state for fact in (restore_test_age, archive)} == {"broken"}
    settings.IS_DEMONSTRATION = True
    assert {fact().state for fact in (restore_test_age, archive)} == {"ok"}


def test_a_server_that_stores_nothing_is_an_alarm():
    assert archive().state == "broken"

"""The invented pool: made once, the same for the same seed, and its books hold."""

import stat
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from claims.models import BillHold, Settlement
from claims.selectors.lists import review_list
from config.local.demo_office import build as building
from config.local.demo_office import people as inventing
from config.offices import roles
from config.offices.acting import run_in_office
from config.offices.models import Office, User
from enrollment.models import Person
from tests.faults.checker import check


@pytest.fixture
def small(settings, monkeypatch, tmp_path):
    settings.IS_DEMONSTRATION = True
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(inventing, "PER_COUNTY", 40)
    monkeypatch.setattr(building, "PERSONS_WITH_BILLS", 8)
    return tmp_path / "sign-ins.txt"


def test_it_is_made_once_and_its_books_hold(db, small):
    call_command("demo_office", stdout=small.with_suffix(".out").open("w"))
    text = small.read_text(encoding="utf-8")
    assert stat.S_IMODE(small.stat().st_mode) == 0o600
    for user in User.objects.all():
        assert user.username in text
        assert user.password not in text
    assert "demo_codes" in text
    shown = StringIO()
    call_command("demo_codes", stdout=shown)
    assert len(shown.getvalue().splitlines()) == User.objects.count()
    pool = Office.objects.get(code="qinghe")
    with run_in_office(pool, roles=[roles.AUDITOR]):
        people = list(Person.objects.values_list("pk", flat=True))
        assert len(people) == 80
        assert all(person.id_last4 for person in Person.objects.all())
        acts = set(Settlement.objects.values_list("act", flat=True))
        assert acts >= {"confirm", "reverse", "correct"}
        assert review_list()
        assert check(people) == []
        before = Settlement.objects.count(), BillHold.objects.count()
    call_command("demo_office", stdout=small.with_suffix(".out").open("w"))
    assert small.read_text(encoding="utf-8") == text
    with run_in_office(pool, roles=[roles.AUDITOR]):
        assert (Settlement.objects.count(), BillHold.objects.count()) == before


def test_it_is_made_in_demonstrations_only(db, settings):
    settings.IS_DEMONSTRATION = False
    for command in ("demo_office", "demo_codes"):
        with pytest.raises(CommandError):
            call_command(command)
    assert not Office.objects.exists()

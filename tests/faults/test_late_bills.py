"""An older bill arrives late: settled last, it changes no other; the stored order is the law."""

import random
from datetime import date, timedelta

import pytest

from claims.models import Settlement
from config.offices.acting import run_in_office
from tests.claims.conftest import make_desk
from tests.factories.claims import bill, confirm, current
from tests.factories.enrollment import make_category, make_person
from tests.faults import checker
from tests.faults.checker import check

pytestmark = [pytest.mark.django_db, pytest.mark.row("A5")]


def one_account(desk, draw):
    """Settle bills of one year in the order of their days, one of them late; returns problems."""
    person = make_person(desk.east)
    if draw.random() < 0.4:
        make_category(person, "minimum_living")
    days = sorted(draw.sample(range(1, 360), draw.randrange(3, 7)))
    late = days.pop(draw.randrange(len(days) - 1))
    bills = [confirm(person, _bill(draw, day)) for day in days]
    before = {each.pk: _facts(each) for each in bills}
    arrived = confirm(person, _bill(draw, late))
    wrong = [str(each) for each in bills if _facts(each) != before[each.pk]]
    last = current(arrived)
    if last.sequence != len(days) + 1:
        wrong.append(f"{arrived} stands at {last.sequence}")
    if any(each.pk != arrived.pk and current(each).opening == last.opening for each in bills):
        wrong.append(f"{arrived} stands where another bill stood")
    return wrong + check([person.pk])


def _bill(draw, day):
    discharged = date(2025, 1, 1) + timedelta(days=day)
    total = draw.choice((5_000_00, 30_000_00, 120_000_00)) + draw.randrange(10_000)
    return bill(admitted_on=discharged, discharged_on=discharged, total_fen=total)


def _facts(settled):
    """Return everything stored of a bill, versions and adjustments."""
    rows = Settlement.objects.filter(bill=settled).order_by("version").values_list()
    return list(rows)


def late_arrivals(seed, tried, accounts):
    desk, draw = make_desk(), random.Random(seed)
    with run_in_office(desk.east, desk.clerk):
        problems = [wrong for _ in range(accounts) for wrong in one_account(desk, draw)]
    tried(accounts)
    assert problems == []


def test_the_stored_order_gives_every_version_and_the_late_bill_changes_none(seed, tried):
    late_arrivals(seed, tried, 60)


@pytest.mark.nightly
def test_the_same_in_a_thousand_accounts(seed, tried):
    late_arrivals(seed, tried, 1_000)


def test_an_account_replayed_by_day_is_caught(seed, monkeypatch):
    """The control: had the bills been put in the order of their days, the replay would differ."""
    desk = make_desk()
    stored = checker._versions

    def by_day(people):
        rows = stored(people)
        for row in rows:
            row.sequence = {1: 2, 2: 1}[row.sequence]
        return rows

    with run_in_office(desk.east, desk.clerk):
        person = make_person(desk.east)
        confirm(person, _bill(random.Random(seed), 200))
        confirm(person, _bill(random.Random(seed + 1), 20))
        assert check([person.pk]) == []
        monkeypatch.setattr(checker, "_versions", by_day)
        assert check([person.pk]) != []

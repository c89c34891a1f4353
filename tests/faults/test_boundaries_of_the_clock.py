"""Midnight, year end, leap days, a clock set back: years and ages are those of Shanghai."""

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from claims.models import Bill, EntryKind, Settlement
from claims.services.account import EntryInput, account_post
from claims.services.preview import settlement_preview
from config import calendar
from config.calendar import SHANGHAI
from config.offices.acting import run_in_office
from tests.claims.conftest import make_desk
from tests.factories.claims import bill, confirm, current
from tests.factories.enrollment import make_person
from tests.faults.checker import check

pytestmark = [pytest.mark.django_db, pytest.mark.row("B11")]
ZONES = (UTC, SHANGHAI, ZoneInfo("America/New_York"), ZoneInfo("Pacific/Kiritimati"))
# Midnights of Shanghai around which a day, a month or a year begins.
MIDNIGHTS = (
    date(2025, 1, 1), date(2026, 1, 1), date(2024, 2, 29), date(2024, 3, 1), date(2025, 3, 1),
)  # fmt: skip
SECONDS = (-3600, -2, -1, 0, 1)


def instants():
    """Yield an instant near each midnight, told in each zone."""
    for day in MIDNIGHTS:
        midnight = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
        for seconds in SECONDS:
            for zone in ZONES:
                yield (midnight + timedelta(seconds=seconds)).astimezone(zone)


def test_the_day_is_that_of_shanghai_whatever_the_zone_of_the_process(tried, monkeypatch):
    wrong, count = [], 0
    for instant in instants():
        count += 1
        with time_machine.travel(instant, tick=False):
            expected = (instant.astimezone(UTC) + timedelta(hours=8)).date()
            if calendar.today() != expected:
                wrong.append((instant, calendar.today()))
    tried(count)
    assert (count, wrong) == (100, [])


def test_bills_belong_to_the_year_of_their_day_and_numbers_to_the_year_of_the_act(tried):
    """Confirmed within seconds of New Year: the discharge decides the account, the clock the number."""
    desk, count = make_desk(), 0
    discharges = (date(2024, 12, 31), date(2025, 1, 1), date(2025, 12, 31))
    with run_in_office(desk.east, desk.clerk):
        person = make_person(desk.east, birth_on=date(1950, 2, 28))
        for instant in instants():
            if (instant.astimezone(SHANGHAI).date() + timedelta(1)).year < 2026:
                continue
            for discharged in discharges:
                with time_machine.travel(instant, tick=False):
                    made = confirm(person, bill(admitted_on=discharged, discharged_on=discharged))
                version = current(made)
                assert version.benefit_year == discharged.year
                assert version.account.benefit_year == discharged.year
                assert made.number.startswith(f"{(instant.astimezone(SHANGHAI)).year}-")
                count += 1
        assert check([person.pk]) == []
    tried(count)
    assert count == 60


@pytest.mark.parametrize(
    ("born_on", "day", "group"),
    [
        (date(1960, 2, 29), date(2025, 2, 28), "adult"),
        (date(1960, 2, 29), date(2025, 3, 1), "senior"),
        (date(1960, 3, 1), date(2025, 2, 28), "adult"),
        (date(1960, 3, 1), date(2025, 3, 1), "senior"),
        (date(2007, 3, 10), date(2025, 3, 9), "minor"),
        (date(2007, 3, 10), date(2025, 3, 10), "adult"),
        (date(2008, 2, 29), date(2026, 2, 28), "minor"),
        (date(2008, 2, 29), date(2026, 3, 1), "adult"),
    ],
)
@pytest.mark.parametrize("hour", [0, 23])
def test_the_age_is_that_of_the_day_of_the_bill_whenever_it_is_confirmed(born_on, day, group, hour):
    desk = make_desk()
    with run_in_office(desk.east, desk.clerk):
        person = make_person(desk.east, birth_on=born_on)
        at = datetime(2026, 6, 1, hour, 59, 59, tzinfo=SHANGHAI)
        with time_machine.travel(at, tick=False):
            shown = settlement_preview(bill(admitted_on=day, discharged_on=day), person)
    assert shown.facts.age_group == group


def test_a_clock_set_back_leaves_the_order_of_the_ledger(seed, tried):
    """Order is the sequence of the account and the numbers of entries, never the instant."""
    desk, draw = make_desk(), random.Random(seed)
    now = datetime(2026, 1, 1, 0, 30, tzinfo=SHANGHAI)
    with run_in_office(desk.east, desk.clerk):
        person = make_person(desk.east)
        for number in range(24):
            now += timedelta(minutes=draw.choice((-60, -59, -1, 0, 1, 2)))
            with time_machine.travel(now, tick=False):
                if number % 4 == 3:
                    with run_in_office(desk.east, desk.supervisor):
                        entry = EntryInput(EntryKind.GRANT, {"basic_cap": 100}, "test")
                        account_post(person, 2025, entry, key=f"grant-{number}")
                else:
                    confirm(person)
        versions = Settlement.objects.order_by("pk")
        assert [version.sequence for version in versions] == list(range(1, 19))
        instants_stored = [version.at for version in versions]
        assert instants_stored != sorted(instants_stored)
        assert check([person.pk]) == []
        numbers = list(Bill.objects.order_by("pk").values_list("number", flat=True))
    for year in ("2025", "2026"):
        own = [number for number in numbers if number.startswith(year)]
        assert own == [f"{year}-{place:06d}" for place in range(1, len(own) + 1)]
    tried(24)

"""The year of a person, a clerk's day, what waits."""

from uuid import uuid4

from claims.selectors.lists import day_list, review_list
from claims.selectors.year import account_year
from claims.services.settlement import settlement_release
from config import calendar
from config.offices.acting import run_in_office
from tests.factories.claims import confirm, current, reverse


def test_a_year_without_bills_is_empty(person):
    year = account_year(person, 2025)
    assert (year.account, year.used, year.admissions) == (None, {}, 0)


def test_the_year_shows_what_is_used_so_far(person):
    first, second = confirm(person), confirm(person)
    year = account_year(person, 2025)
    assert year.used == current(second).closing
    assert year.admissions == 2
    reverse(first)
    assert account_year(person, 2025).admissions == 1


def test_a_clerk_sees_every_version_of_the_day(desk, person):
    first, _second = confirm(person), confirm(person)
    reverse(first)
    rows = day_list(desk.clerk, calendar.today())
    assert [row.act for row in rows] == ["confirm", "confirm", "reverse", "resettle"]
    assert not day_list(desk.reviewer, calendar.today())


def test_what_waits_for_a_second_person_leaves_when_released(desk, person):
    first, second = confirm(person), confirm(person)
    with run_in_office(desk.east, desk.reviewer):
        assert [row.bill for row in review_list()] == [first, second]
        settlement_release(current(first), key=str(uuid4()))
        assert [row.bill for row in review_list()] == [second]

"""The day list: every act of a clerk with sums that add up, a reversal taking back."""

import pytest
from django.urls import reverse

from claims.services.settlement import settlement_release
from config import calendar
from config.money import format_yuan
from config.offices.acting import run_in_office
from tests.factories.claims import bill, confirm, correct, current
from tests.factories.claims import reverse as reverse_bill
from tests.factories.enrollment import make_person
from tests.factories.offices import make_user

PAGE = "admin:claims_day_list"


def day_of(client, **asked):
    return client.get(reverse(PAGE), asked).context["list"]


def test_the_sums_are_what_the_day_moved(client, desk, person):
    first = current(confirm(person))
    second = current(confirm(person))
    client.force_login(desk.clerk)
    found = day_of(client)
    assert [row.number for row in found.rows] == ["2026-000001-1", "2026-000002-1"]
    assert found.sums[0] == format_yuan(first.basic_fen + second.basic_fen)
    assert found.funds == format_yuan(first.fund_fen + second.fund_fen)


def test_a_reversal_takes_the_day_back_to_nothing(client, desk, person):
    reverse_bill(confirm(person))
    client.force_login(desk.clerk)
    found = day_of(client)
    assert len(found.rows) == 2
    assert set(found.sums) == {"0.00"}


def test_a_correction_moves_only_the_difference(client, desk, person):
    entered = confirm(person)
    correct(entered, bill(total_fen=31_000_00))
    client.force_login(desk.clerk)
    assert day_of(client).funds == format_yuan(current(entered).fund_fen)


def test_a_held_bill_and_a_release_are_acts_without_money(client, desk, acting):
    held = confirm(make_person(desk.east, covered=False))
    waiting = current(confirm(make_person(desk.east)))
    with run_in_office(desk.east, desk.reviewer):
        settlement_release(waiting, key="k")
    client.force_login(desk.clerk)
    assert [act.number for act in day_of(client).others] == [held.number]
    client.force_login(desk.reviewer)
    assert [act.note for act in day_of(client).others] == [format_yuan(waiting.fund_fen)]


@pytest.mark.parametrize("day", ["2020-01-01", "not a day"])
def test_another_day_is_chosen_or_the_mistake_is_said(client, desk, person, day):
    confirm(person)
    client.force_login(desk.clerk)
    answer = client.get(reverse(PAGE), {"day": day})
    assert answer.status_code == 200
    assert bool(answer.context["problem"]) == (day == "not a day")


def test_a_clerk_of_another_office_is_not_offered_and_not_shown(client, desk, person):
    confirm(person)
    foreign = make_user(desk.offices.west, "clerk")
    client.force_login(foreign)
    answer = client.get(
        reverse(PAGE), {"clerk": desk.clerk.pk, "day": calendar.today().isoformat()}
    )
    assert answer.context["clerk"] == foreign
    assert answer.context["list"].rows == ()


def test_the_page_asks_the_database_as_often_for_many_rows(
    client, desk, person, django_assert_max_num_queries
):
    def asked() -> int:
        with django_assert_max_num_queries(60) as queries:
            client.get(reverse(PAGE))
        return len(queries)

    client.force_login(desk.clerk)
    confirm(person)
    client.get(reverse(PAGE))
    few = asked()
    for _ in range(4):
        confirm(make_person(desk.east))
    assert asked() == few

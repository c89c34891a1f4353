"""The duplicate check across the pool: one sentence, on the record, limited."""

from datetime import date, timedelta
from statistics import median
from time import perf_counter

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from config import calendar
from config.errors import Conflict, InvalidInput, Refused
from config.offices.acting import run_in_office
from enrollment.models import Person
from enrollment.selectors.search import person_search
from enrollment.services.person import PersonInput, person_register
from enrollment.services.pool_numbers import (
    Registered,
    ask_pool,
    number_check,
    unfiled_checks,
)
from tests.enrollment.crossings import REASON, events_at
from tests.factories.enrollment import id_number, make_person
from tests.factories.offices import make_offices, make_user

BORN = date(1980, 5, 5)


def unknown(order):
    return id_number(900_000 + order, BORN)


@pytest.fixture
def pool(db):
    offices = make_offices()
    with run_in_office(offices.east):
        person = make_person(offices.east, name="示例东")
        offices.__dict__["number"] = person.id_number.plain()
        offices.__dict__["person"] = person
    offices.__dict__["clerk"] = make_user(offices.west, "clerk")
    return offices


@pytest.fixture
def west(pool):
    with run_in_office(pool.west, pool.clerk) as scope:
        yield scope


@pytest.mark.row("D3")
def test_the_check_says_elsewhere_or_nowhere_and_nothing_else(pool, west):
    assert number_check(pool.number, REASON) is Registered.ELSEWHERE
    assert number_check(unknown(1), REASON) is Registered.NOWHERE
    with run_in_office(pool.east, make_user(pool.east, "clerk")):
        assert number_check(pool.number, REASON) is Registered.HERE


@pytest.mark.row("D3")
def test_both_offices_keep_an_event_and_the_pool_one_of_unknown_numbers(pool, west):
    number_check(pool.number, REASON)
    number_check(unknown(1), REASON)
    assert events_at(pool.west, "number.checked") == [("number.checked", "done", pool.clerk.pk)] * 2
    asked = [("number.asked_for", "done", pool.clerk.pk)]
    assert events_at(pool.east, "number.asked_for") == asked
    assert events_at(pool.pool, "number.asked_for") == asked


def test_it_needs_a_reason_a_number_and_the_right(pool, west):
    for text, reason, field in ((pool.number, " ", "reason"), ("12345", REASON, "id_number")):
        with pytest.raises(InvalidInput) as refused:
            number_check(text, reason)
        assert refused.value.field == field
    with run_in_office(pool.west, make_user(pool.west, "reviewer")), pytest.raises(Refused):
        number_check(pool.number, REASON)
    assert events_at(pool.west, "number.checked") == []


@pytest.mark.row("D3", "D5")
def test_the_database_answers_one_number_at_a_time_and_shows_no_row(pool, west):
    found = ask_pool(pool.number, "示例东")
    assert (found.office_id, found.public_id, found.is_named) == (
        pool.east.pk, pool.person.public_id, True,
    )  # fmt: skip
    assert not ask_pool(pool.number, "示例西").is_named
    assert ask_pool(unknown(1)) == (None, None, False)
    # What was in scope before is in scope again, and nothing more.
    assert Person.all_offices.count() == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.office_ids')")
        assert cursor.fetchone() == (str(pool.west.pk),)


@pytest.mark.row("D3")
@pytest.mark.parametrize("digests", [[], ["x"] * 9], ids=["none", "nine"])
def test_the_database_refuses_lists_of_numbers(west, digests):
    with (
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="one number"),
        transaction.atomic(),
    ):
        cursor.execute("SELECT * FROM office_of_number(%s::text[], '')", [digests])


def test_only_the_application_may_ask(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proacl::text[], prosecdef FROM pg_proc WHERE proname = 'office_of_number'"
        )
        ((rights, is_definer),) = cursor.fetchall()
    assert is_definer
    assert not any(right.startswith("=") for right in rights)
    assert any(right.startswith("desk_app=X") for right in rights)


@pytest.mark.row("D3")
def test_a_clash_at_registration_is_the_sanctioned_sentence_and_counted(pool, west):
    for times in (1, 2):
        with pytest.raises(Conflict) as clash:
            person_register(PersonInput("示例某", pool.number))
        assert (clash.value.code, clash.value.facts) == (
            "enrollment.person.known_in_the_pool", {},
        )  # fmt: skip
        assert unfiled_checks() == times
    assert len(events_at(pool.east, "number.asked_for")) == 2


@pytest.mark.row("D3")
def test_thirty_unfiled_checks_in_an_hour_and_no_more(pool, west, tried):
    for order in range(30):
        number_check(unknown(order), REASON)
    tried(30)
    for attempt in (
        lambda: number_check(unknown(99), REASON),
        lambda: number_check(pool.number, REASON),
        lambda: person_register(PersonInput("示例某", unknown(98))),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code == "enrollment.check.too_many"
    assert len(events_at(pool.west, "number.checked")) == 30
    assert len(events_at(pool.west, "act.refused")) == 3
    # An hour later the account may ask again; a colleague may at once.
    with run_in_office(pool.west, make_user(pool.west, "supervisor")):
        assert number_check(unknown(1), REASON) is Registered.NOWHERE
    with calendar.clock_at(calendar.now() + timedelta(minutes=61)):
        assert number_check(unknown(1), REASON) is Registered.NOWHERE


@pytest.mark.row("D3")
def test_a_season_of_enrollment_trips_nothing(pool, west, tried):
    for order in range(80):
        number_check(unknown(order), REASON)
        person_register(PersonInput("示例某", unknown(order)))
    tried(80)
    assert unfiled_checks() == 0


@pytest.mark.row("D3")
def test_searching_a_foreign_number_is_searching_a_number_nobody_has(pool, west, tried):
    times = {pool.number: [], unknown(7): []}
    statements = {}
    for _round in range(60):
        for number, taken in times.items():
            with CaptureQueriesContext(connection) as asked:
                start = perf_counter()
                assert person_search(number) == []
                taken.append(perf_counter() - start)
            statements[number] = len(asked)
    assert len(set(statements.values())) == 1
    tried(120)
    foreign, nobody = (median(taken) * 1000 for taken in times.values())
    print(f"D3 search p50: foreign {foreign:.2f} ms, nobody {nobody:.2f} ms")


@pytest.mark.row("D3")
def test_the_check_does_the_same_work_for_every_number(pool, tried):
    statements, took = {}, {}
    for name, number in (("foreign", pool.number), ("nobody", unknown(7))):
        clerk = make_user(pool.west, "clerk", username=f"clerk-{name}")
        with run_in_office(pool.west, clerk):
            number_check(number, REASON)
            took[name] = []
            for _round in range(20):
                with CaptureQueriesContext(connection) as asked:
                    start = perf_counter()
                    number_check(number, REASON)
                    took[name].append(perf_counter() - start)
            statements[name] = len(asked)
    tried(40)
    # The pool is looked for where nobody has the number: one small table, read once.
    assert abs(statements["foreign"] - statements["nobody"]) <= 1
    print("D3 check p50 ms:", {name: round(median(each) * 1000, 2) for name, each in took.items()})

"""Entries beside the bills, and settling an account again."""

import pytest

from claims.models import AccountEntry, EntryKind
from claims.selectors.year import account_year
from claims.services.account import EntryInput, account_post, account_resettle
from claims.services.account_check import AccountBroken, account_check
from config.errors import InvalidInput, Refused
from config.offices.acting import run_in_office
from tests.factories.claims import confirm, current

YEAR = 2025


@pytest.fixture
def limit(desk):
    from config.policy.selectors import release_tree

    return next(name for name in release_tree(desk.release.pk).accumulator_ids if "basic" in name)


@pytest.fixture
def supervising(desk, person):
    with run_in_office(desk.east, desk.supervisor) as scope:
        yield scope


def entry(limit, kind=EntryKind.GRANT, amount=100_00, **facts):
    return EntryInput(kind, {limit: amount}, "test", **facts)


def test_the_next_bill_stands_on_an_entry(desk, person, supervising, limit):
    first = confirm(person)
    account_post(person, YEAR, entry(limit), key="k")
    second = confirm(person)
    before, after = current(first).closing, current(second).opening
    assert after.get(limit, 0) == before.get(limit, 0) + 100_00
    assert account_year(person, YEAR).used == current(second).closing


def test_settling_again_counts_entries_from_the_first_place_on(desk, person, supervising, limit):
    first, second = confirm(person), confirm(person)
    account_post(person, YEAR, entry(limit), key="k")
    account = account_year(person, YEAR).account
    answer = account_resettle(account, 1, key="k2", reason="grant")
    assert answer["resettled"] == [first.number, second.number]
    assert current(first).opening == {limit: 100_00}
    assert current(second).opening == current(first).closing
    assert account_resettle(account, 1, key="k3", reason="again")["resettled"] == []


def test_an_opening_needs_two_people_and_an_empty_account(desk, person, supervising, limit):
    with pytest.raises(Refused) as error:
        account_post(person, YEAR, entry(limit, EntryKind.OPENING), key="k")
    assert error.value.code == "claims.entry.opening_needs_two"
    opening = entry(limit, EntryKind.OPENING, approved_by=desk.reviewer)
    account_post(person, YEAR, opening, key="k")
    assert AccountEntry.objects.get().second_actor == desk.reviewer
    confirm(person)
    with pytest.raises(Refused) as error:
        account_post(person, YEAR, opening, key="k2")
    assert error.value.code == "claims.entry.opening_after_bills"


def test_entries_name_accumulators_of_the_rules(desk, person, supervising):
    with pytest.raises(InvalidInput) as error:
        account_post(person, YEAR, entry("no_such_limit"), key="k")
    assert error.value.code == "claims.entry.accumulator_unknown"


def test_the_check_names_a_version_that_does_not_stand_on_what_came_before(person, monkeypatch):
    confirm(person)
    second = confirm(person)
    account = account_year(person, YEAR).account
    account_check(account)

    from claims.services import account_check as checked

    real = checked.standing_of

    def damaged(account):
        ledger = real(account)
        ledger.versions[1].opening["admissions"] = 7
        return ledger

    monkeypatch.setattr(checked, "standing_of", damaged)
    with pytest.raises(AccountBroken) as error:
        account_check(account)
    assert error.value.facts["number"] == second.number

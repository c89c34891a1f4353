"""How an account stands, read in one statement, equals its ledger row by row."""

import pytest

from claims.models import EntryKind
from claims.models.settlement import MONEY_COLUMNS
from claims.selectors.ledger import ledger_of
from claims.selectors.standing import NOTHING_STANDS, standing_of
from claims.services.account import EntryInput, account_post
from config.offices.acting import run_in_office
from tests.factories.claims import bill, confirm, correct, current, reverse

NAMES = ("bill_id", "sequence", "origin", "release_id", "entries_through", "opening", "closing")


@pytest.fixture
def account(desk, person):
    """An account with a corrected, a reversed and a plain bill and an entry."""
    first, second, third = (confirm(person) for _ in range(3))
    correct(first, bill(total_fen=90_000_00))
    reverse(second)
    with run_in_office(desk.east, desk.supervisor):
        grant = EntryInput(EntryKind.GRANT, {"outpatient_balance": -7_00}, "test")
        account_post(person, 2025, grant, key="grant")
    return current(third).account


def test_it_equals_the_ledger(account):
    ledger, standing = ledger_of(account), standing_of(account)
    assert len(standing.versions) == 2
    for row, version in zip(standing.versions, ledger.versions, strict=True):
        assert [getattr(row, name) for name in NAMES] == [getattr(version, name) for name in NAMES]
        assert row.amounts == {name: getattr(version, name) for name in MONEY_COLUMNS}
    assert [(row.pk, row.amounts) for row in standing.entries] == [
        (entry.pk, entry.amounts) for entry in ledger.entries
    ]
    assert standing.before() == ledger.before()
    assert standing.releases() == ledger.releases()
    assert standing.entries_through == ledger.entries_through


def test_it_is_one_statement(account, django_assert_num_queries):
    with django_assert_num_queries(1):
        standing_of(account)


def test_an_account_that_does_not_exist_is_empty(desk):
    assert standing_of(None) == NOTHING_STANDS


def test_another_office_sees_nothing(desk, account):
    with run_in_office(desk.offices.west, roles=["clerk"]):
        assert standing_of(account) == NOTHING_STANDS

"""A settlement that waits while its person is handed over sees the move, and writes nothing."""

import threading
from datetime import date

import pytest
from django.db import connections, transaction

from claims.models import AccountEntry, BenefitYearAccount, Settlement
from claims.selectors.ledger import ledger_of
from claims.services import account_lock
from config.errors import Refused
from config.offices.acting import run_in_office
from config.sweep.services import as_system, sweep_run
from enrollment.models import AcceptedCase, CaseKind
from enrollment.services.accepted_cases import case_accept
from enrollment.services.transfers import transfer_accept
from tests.claims.conftest import make_desk
from tests.enrollment.crossings import case_input
from tests.factories.acts import recorded
from tests.factories.claims import bill, confirm
from tests.factories.enrollment import make_category, make_person
from tests.factories.offices import make_user

pytestmark = pytest.mark.django_db(transaction=True)
NAME = "示例迁"
SAME_YEAR = {}
NEW_YEAR = {"admitted_on": date(2024, 5, 1), "discharged_on": date(2024, 5, 9)}


@pytest.fixture
def desk():
    desk = make_desk()
    desk.east.release_line_fen = 10_000_000_00
    with recorded(desk.offices.pool):
        desk.east.save()
    with run_in_office(desk.east, desk.clerk):
        desk.person = make_person(desk.east, name=NAME)
        make_category(desk.person, "minimum_living")
        confirm(desk.person)
    with run_in_office(desk.offices.west, make_user(desk.offices.west, "clerk")):
        number = desk.person.id_number.plain()
        receipt = case_accept(case_input(number, NAME, CaseKind.TRANSFER), key="m" * 32)
    with run_in_office(desk.east):
        desk.case = AcceptedCase.objects.get(receipt_id=receipt.public_id)
    return desk


def settles_while_moving(desk, days):
    """Settle in another thread while the transfer is written but not committed; return its end."""
    ended, started = [], threading.Event()

    def settle():
        try:
            with run_in_office(desk.east, desk.clerk):
                started.set()
                ended.append(confirm(desk.person, bill(**days)))
        except Refused as refusal:
            ended.append(refusal.code)
        finally:
            connections.close_all()

    other = threading.Thread(target=settle)
    with run_in_office(desk.east, desk.supervisor), transaction.atomic():
        transfer_accept(desk.case)
        other.start()
        started.wait(5)
        other.join(0.7)
        assert other.is_alive(), "the settlement did not wait for the move"
    other.join(10)
    return ended[0]


def carried(desk):
    """Return what the old account adds up to, and what the new one was opened with."""
    with run_in_office(desk.offices.pool, roles=["auditor"]):
        old = BenefitYearAccount.objects.get(person=desk.person, benefit_year=2025)
        return ledger_of(old).before(), AccountEntry.objects.get().amounts


@pytest.mark.row("A1", "A11")
@pytest.mark.parametrize("days", [SAME_YEAR, NEW_YEAR], ids=["account there", "account to be made"])
def test_a_settlement_that_waited_for_the_move_is_refused(desk, days):
    assert settles_while_moving(desk, days) == "claims.account.moved"
    before, opened = carried(desk)
    assert before == opened
    with run_in_office(desk.east):
        assert Settlement.objects.count() == 1


@pytest.mark.row("A1")
def test_without_the_question_under_the_lock_the_balances_part(desk, monkeypatch):
    """The control: who does not ask after the wait settles on an account that went elsewhere."""
    found = account_lock.lock_row

    def forgetful(key):
        account = found(key)
        if account is not None:
            account.closed_at = None
        return account

    monkeypatch.setattr(account_lock, "lock_row", forgetful)
    assert not isinstance(settles_while_moving(desk, SAME_YEAR), str)
    before, opened = carried(desk)
    assert before != opened


@pytest.mark.row("I4", "I11")
def test_the_sweep_finds_nothing_after_a_move_and_a_bill_behind_it(desk):
    with run_in_office(desk.east, desk.supervisor):
        transfer_accept(desk.case)
    settler = make_user(desk.offices.west, "supervisor")
    with run_in_office(desk.offices.west, settler):
        person = type(desk.person).objects.get(moved_from=desk.person.public_id)
        confirm(person)
    with as_system("test"):
        results = sweep_run(["I1", "I2", "I3", "I4", "I5", "I6", "I11", "I12"]).results.all()
        told = [(each.code, each.first_findings, each.failure) for each in results]
    assert [each for each in told if each[1] or each[2]] == []
    assert len(told) == 8

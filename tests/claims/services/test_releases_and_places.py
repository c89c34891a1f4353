"""Accounts that span two releases, an office beneath another, and the old outpatient balance."""

from copy import deepcopy
from datetime import date
from types import SimpleNamespace

import pytest

from claims.models import BenefitYearAccount, EntryKind, Settlement
from claims.services import preview, settlement
from claims.services.account import EntryInput, account_post
from claims.services.account_check import account_check
from config.errors import Refused
from config.offices.acting import run_in_office
from config.policy import selectors
from config.policy.models import PolicyRelease, ReleaseActivation
from config.policy.pack import RegionPack
from tests.factories.claims import REGION, bill, confirm, current, reverse
from tests.factories.enrollment import make_person
from tests.faults.checker import check


@pytest.fixture
def next_release(desk, monkeypatch):
    """Put another release in force: the same rules under another name."""

    def put_in_force() -> PolicyRelease:
        content = deepcopy(desk.release.content)
        content["region"]["name_en"] = "Qinghe, second release"
        pack = RegionPack.from_content(content)
        release = PolicyRelease.objects.create(
            region=REGION, digest=pack.digest, kind=pack.region.kind, content=content
        )
        ReleaseActivation.objects.create(
            release=release, region=REGION, active_from=date(2020, 1, 1)
        )
        monkeypatch.setattr(
            selectors, "pack_of_files", lambda _region: SimpleNamespace(digest=pack.digest)
        )
        return release

    return put_in_force


def test_later_bills_keep_their_release_when_an_earlier_one_is_reversed(desk, person, next_release):
    first, second = confirm(person), confirm(person)
    release = next_release()
    third = confirm(person)
    assert current(third).release_id == release.pk
    assert current(third).opening == current(second).closing
    reverse(first)
    assert current(second).release_id == desk.release.pk
    assert current(third).release_id == release.pk
    assert current(third).opening == current(second).closing
    assert check([person.pk]) == []


def test_a_county_settles_for_its_township_in_the_books_of_the_township(desk, acting):
    person = make_person(desk.offices.township)
    confirm(person)
    assert Settlement.objects.get().office == desk.offices.township
    assert BenefitYearAccount.objects.get().office == desk.offices.township
    with run_in_office(desk.offices.township, roles=["clerk"]):
        assert current(confirm(person)).sequence == 2
        assert check([person.pk]) == []


def test_the_old_outpatient_balance_pays_last_and_ends(desk, person):
    with run_in_office(desk.east, desk.supervisor):
        credit = EntryInput(
            EntryKind.OPENING, {"outpatient_balance": -80_00}, "old", approved_by=desk.reviewer
        )
        account_post(person, 0, credit, key="k")
    visit = {
        "care_type": "outpatient_balance",
        "admitted_on": None,
        "total_fen": 60_00,
        "fully_self_paid_fen": 0,
        "self_pay_first_fen": 0,
    }
    first, second = (current(confirm(person, bill(**visit))) for _ in range(2))
    assert (first.fund_fen, first.account_paid_fen, first.cash_fen) == (0, 60_00, 0)
    assert (second.account_paid_fen, second.cash_fen) == (20_00, 40_00)
    assert second.benefit_year == 0


def test_a_bill_of_the_platform_stays_as_received_and_is_counted(desk, person, monkeypatch):
    first = confirm(person)
    with monkeypatch.context() as patched:
        for module in (preview, settlement):
            patched.setattr(module, "bill_check", lambda *_args, **_kwargs: None)
        received = confirm(person, bill(origin="platform"))
    third = confirm(person)
    before = current(received)
    answer = reverse(first)
    assert answer["resettled"] == [third.number]
    assert current(received).pk == before.pk
    account = before.account
    account_check(account)
    fourth = confirm(person)
    assert current(fourth).opening == current(third).closing
    # Two admissions are left before the fourth bill: the one received and the third.
    assert current(fourth).opening["admissions"] == 2
    with pytest.raises(Refused) as error:
        reverse(received)
    assert error.value.code == "claims.settlement.of_the_platform"
    account.refresh_from_db()
    account_check(account)

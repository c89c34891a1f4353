from datetime import date

import pytest

from claims.settlement.accumulators import Accumulators
from claims.settlement.desk import replay_account
from claims.settlement.late_status import LateStatus, late_grants
from claims.settlement.people import Spell
from tests.claims.settlement.plain import ASSISTED, DAY, facts, plain_book

LATE = LateStatus(Spell("minimum_living", date(2022, 1, 1)), date(2022, 7, 1))


def granted(book, bills, status=LATE, entries=None):
    """Grants for the bills of one account, and the accumulators after them."""
    settled, closing = replay_account(book, list(bills.values()), entries or {})
    current = dict(zip(bills, (each.figures for each in settled), strict=True))
    used = Accumulators.empty(book.accumulator_names, 1)
    used.add(0, closing)
    return late_grants(book, bills, current, status, used), used


def test_the_base_runs_on_from_bill_to_bill_within_one_limit(tmp_path):
    book = plain_book(tmp_path, ASSISTED)
    grants, used = granted(book, {"A": facts(), "B": facts(total_fen=20_000_00)})
    # 10000 - 6045 = 3955 x 70 %; 20000 - 12545 = 7455 x 70 % = 5218.50, of which 3231.50 are left
    assert {name: grant.paid_fen for name, grant in grants.items()} == {
        "A": 2_768_50,
        "B": 3_231_50,
    }
    assert grants["A"].amounts == {"assistance_deductible": 3_955_00, "assistance_limit": 2_768_50}
    after = dict(zip(used.names, used.values[:, 0].tolist(), strict=True))
    assert after["assistance_deductible"] == 3_955_00 + 7_455_00
    assert after["assistance_limit"] == 6_000_00


@pytest.mark.parametrize(
    "bill",
    [
        facts(category_assistance="minimum_living"),
        facts(category_assistance="near_poor"),
        facts(cover="waiting"),
        facts(cover="duplicate"),
    ],
    ids=["same category", "another assisted one", "refused", "held"],
)
def test_bills_that_get_nothing_later(tmp_path, bill):
    assert granted(plain_book(tmp_path, ASSISTED), {"A": bill})[0] == {}


def test_a_category_without_an_offer_is_no_assisted_one(tmp_path):
    changes = ASSISTED | {
        "assistance.rate": [({}, "not_offered"), ({"category": "minimum_living"}, "70%")]
    }
    bills = {"A": facts(category_assistance="near_poor")}
    assert granted(plain_book(tmp_path, changes), bills)[0]["A"].paid_fen == 2_768_50


def test_a_category_that_no_assistance_ranks_grants_nothing(tmp_path):
    status = LateStatus(Spell("orphan", date(2022, 1, 1)), LATE.applied_on)
    assert granted(plain_book(tmp_path, ASSISTED), {"A": facts()}, status)[0] == {}


def test_supplementary_assistance_follows_only_where_the_pack_says_so(tmp_path):
    bills = {"A": facts(total_fen=30_000_00)}
    book = plain_book(tmp_path / "out", ASSISTED)
    # 30000 - 19045 = 10955 x 70 %, cut at 6000
    assert granted(book, bills)[0]["A"].paid_fen == 6_000_00
    more = ASSISTED | {"assistance.late_status_supplementary": [({}, "in")]}
    grant = granted(plain_book(tmp_path / "in", more), bills)[0]["A"]
    # (4955 - 3000) x 60 %
    assert grant.paid_fen == 6_000_00 + 1_173_00
    assert grant.amounts["supplementary_limit"] == 1_173_00


def test_what_was_used_before_counts(tmp_path):
    book = plain_book(tmp_path, ASSISTED)
    grants, _ = granted(
        book, {"A": facts(discharged_on=DAY)}, entries={"assistance_limit": 5_900_00}
    )
    assert grants["A"].paid_fen == 100_00

import numpy as np
import pytest

from claims.settlement.columns import HELD, PAID, REFUSED, TRACE
from claims.settlement.reasons import REASONS
from claims.settlement.wave import AccountRepeated, settle_wave
from tests.claims.settlement.plain import (
    ASSISTED,
    POOR,
    columns_of,
    facts,
    nothing_used,
    plain_book,
)
from tests.performance.bills import demonstration_book


def settle(book, *bills, used=None):
    used = nothing_used(book, len(bills)) if used is None else used
    return settle_wave(columns_of(book, bills), book.table, used), used


def test_one_stay_through_all_tiers(tmp_path):
    book = plain_book(tmp_path, ASSISTED)
    results, used = settle(book, facts(total_fen=49_000_00, self_pay_first_fen=9_000_00, **POOR))
    figures = {name: results.column(name).item() for name in ("in_scope", *TRACE)}
    assert figures["in_scope"] == 40_000_00
    # (40000 - 700) x 65 %; (14455 - 12000) x 65 %; 12859.25 x 70 % cut at 6000
    assert results.column("basic").item() == 25_545_00
    assert (figures["catastrophic_base"], results.column("catastrophic").item()) == (
        14_455_00,
        1_595_75,
    )
    assert (figures["assistance_base"], figures["assistance_uncapped"]) == (12_859_25, 9_001_48)
    assert (figures["assistance_limit_cut"], results.column("assistance").item()) == (
        3_001_48,
        6_000_00,
    )
    # (6859.25 - 3000) x 60 %
    assert results.column("supplementary").item() == 2_315_55
    assert results.column("own_share").item() == 13_543_70
    after = dict(zip(used.names, used.values[:, 0].tolist(), strict=True))
    assert after["basic_cap"] == 25_545_00
    assert after["catastrophic_deductible"] == 14_455_00
    assert after["assistance_deductible"] == 12_859_25
    assert after["assistance_limit"] == 6_000_00
    assert (after["admissions"], after["catastrophic_paid"]) == (1, 1_595_75)


def test_an_account_stands_once_in_a_wave(tmp_path):
    book = plain_book(tmp_path)
    columns = columns_of(book, [facts(), facts()], accounts=[1, 1])
    with pytest.raises(AccountRepeated):
        settle_wave(columns, book.table, nothing_used(book, 2))


def test_a_bill_held_by_its_facts_moves_nothing_and_shows_nothing(tmp_path):
    results, used = settle(plain_book(tmp_path), facts(cover="duplicate", total_fen=100))
    assert (results.outcome[0], REASONS[results.reason[0]].code) == (HELD, "H02")
    assert not results.figures.any()
    assert not used.matrix.any()


def test_a_value_that_is_not_known_holds_only_the_bill_that_needs_it():
    book = demonstration_book()
    birth = {"care_type": "maternity", "grade": "grade_1", "total_fen": 5_000_00}
    day = facts().discharged_on
    unknown = facts(**birth, discharged_on=day)
    known = facts(**birth, discharged_on=day, disease="natural_birth")
    results, used = settle(book, unknown, known)
    assert results.outcome.tolist() == [HELD, PAID]
    assert REASONS[results.reason[0]].code == "H05"
    assert not results.figures[:, 0].any()
    assert not used.matrix[:, 0].any()
    assert results.column("basic").tolist() == [0, 1_500_00]
    # Held: no place in the order, so the next stay is still the first.
    assert used.named("category_last", np.array([0, 1])).tolist() == [0, 1]


def test_a_refused_bill_keeps_its_cost_and_moves_nothing(tmp_path):
    bill = facts(cover="waiting", fully_self_paid_fen=1_000_00, other_aid_fen=500_00)
    results, used = settle(plain_book(tmp_path), bill)
    assert (results.outcome[0], REASONS[results.reason[0]].code) == (REFUSED, "R01")
    shown = {name: results.column(name).item() for name in ("basic", "other_aid", "own_share")}
    assert shown == {"basic": 0, "other_aid": 500_00, "own_share": 9_500_00}
    assert results.column("own_outside").item() == 1_000_00
    assert not used.matrix.any()


def test_missing_filing_takes_away_what_the_filed_terms_would_pay(tmp_path):
    changes = {"basic.points_off": [({"off_area": "in_province_unfiled"}, "20 points")]}
    results, _ = settle(plain_book(tmp_path, changes), facts(off_area="in_province_unfiled"))
    # 9300 x 45 % of 9300 x 65 %
    assert results.column("basic").item() == 4_185_00
    assert results.column("unfiled_cut").item() == 1_860_00
    assert results.column("catastrophic_base").item() == 3_955_00


def test_an_old_balance_pays_out_of_the_own_share(tmp_path):
    book = plain_book(tmp_path)
    used = nothing_used(book, 1)
    used.add(0, {"outpatient_balance": -30_00})
    bill = facts(care_type="outpatient_balance", total_fen=50_00)
    results, used = settle(book, bill, used=used)
    assert results.column("account_paid").item() == 30_00
    assert results.column("cash").item() == 20_00
    assert used.named("outpatient_balance", np.array([0])).tolist() == [0]
    assert not results.figures[len(results.figures) - len(TRACE) :].any()


def test_aid_is_at_most_what_is_left_within_the_scope(tmp_path):
    bill = facts(
        total_fen=1_000_00,
        fully_self_paid_fen=100_00,
        other_aid_fen=600_00,
        hospital_part_fen=400_00,
    )
    results, _ = settle(plain_book(tmp_path), bill)
    # (900 - 700) x 65 % = 130; 770 are left within the scope
    names = ("other_aid", "hospital_part", "aid_excess", "own_within", "own_outside")
    assert [results.column(name).item() for name in names] == [600_00, 170_00, 230_00, 0, 100_00]


def test_care_without_an_admission_bears_the_deductible_of_a_first_stay(tmp_path):
    book = plain_book(tmp_path, {"basic.deductible_order_share": [({"order": 2}, "50%")]})
    visit = columns_of(book, [facts(care_type="general_outpatient")])
    results = settle_wave(visit, book.table, nothing_used(book, 1))
    assert results.column("deductible").tolist() == [700_00]

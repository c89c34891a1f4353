import numpy as np
import pytest

from claims.settlement.tiers.basic import basic_tier
from tests.claims.settlement.plain import columns_of, facts, nothing_used, plain_book


def basic(book, bill, order=1, entries=None):
    used = nothing_used(book, 1)
    used.add(0, entries or {})
    columns = columns_of(book, [bill])
    return basic_tier(
        book.table,
        columns.rule_row,
        columns.total_fen,
        np.array([order]),
        used,
        columns.account_row,
    )


@pytest.mark.parametrize(("order", "due"), [(1, 700_00), (2, 350_00), (3, 0), (4, 0), (9, 0)])
def test_the_deductible_falls_by_order(tmp_path, order, due):
    shares = {"basic.deductible_order_share": [({"order": 2}, "50%"), ({"order": 3}, "0%")]}
    assert basic(plain_book(tmp_path, shares), facts(), order).deductible_fen.tolist() == [due]


def test_the_deductible_is_at_most_the_cost(tmp_path):
    paid = basic(plain_book(tmp_path), facts(total_fen=500_00))
    assert (paid.deductible_fen.item(), paid.pay_fen.item()) == (500_00, 0)


@pytest.mark.parametrize(
    ("total_fen", "uncapped_fen"),
    [(700_01, 1), (700_02, 1), (5_700_00, 3_000_00), (5_700_01, 3_000_01), (15_700_00, 10_000_00)],
)
def test_bands_of_the_stay_are_rounded_once(tmp_path, total_fen, uncapped_fen):
    bands = {"basic.rate": [({}, [("0 yuan", "60%"), ("5000 yuan", "70%")])]}
    assert basic(plain_book(tmp_path, bands), facts(total_fen=total_fen)).uncapped_fen.tolist() == [
        uncapped_fen
    ]


def test_what_limits_cut_is_told_apart_by_their_role(tmp_path):
    changes = {"basic.per_visit_limit": [({}, "5000 yuan")]}
    paid = basic(plain_book(tmp_path, changes), facts(), entries={"basic_cap": 79_000_00})
    assert paid.uncapped_fen.item() == 6_045_00
    assert (paid.item_excess_fen.item(), paid.above_cap_fen.item()) == (1_045_00, 4_000_00)
    assert paid.pay_fen.item() == 1_000_00


def test_a_fixed_sum_knows_no_deductible(tmp_path):
    book = plain_book(tmp_path, {"basic.fixed_sum": [({"care_type": "maternity"}, "1500 yuan")]})
    paid = basic(book, facts(care_type="maternity", total_fen=1_200_00))
    assert (paid.deductible_fen.item(), paid.pay_fen.item()) == (0, 1_200_00)
    assert paid.sum_cap_slot.tolist() == [-1]


def test_a_minimum_lifts_the_rate(tmp_path):
    changes = {"basic.rate": [({}, "40%")], "basic.guaranteed_minimum": [({}, "45%")]}
    assert basic(plain_book(tmp_path, changes), facts()).uncapped_fen.tolist() == [4_185_00]

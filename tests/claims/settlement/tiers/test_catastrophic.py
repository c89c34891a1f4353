import numpy as np
import pytest

from claims.settlement.table import NOT_KNOWN
from claims.settlement.tiers.basic import basic_tier
from claims.settlement.tiers.catastrophic import catastrophic_tier, remaining_base
from tests.claims.settlement.plain import columns_of, facts, nothing_used, plain_book

SWITCHES = {
    "base_deductible": 700_00,
    "base_above_cap": 20_000_00,
    "base_item_excess": 5_000_00,
    "base_unfiled_cut": 300_00,
}


def tiers(book, bill, entries=None, unfiled_fen=0):
    used = nothing_used(book, 1)
    used.add(0, entries or {})
    columns = columns_of(book, [bill])
    rows, accounts = columns.rule_row, columns.account_row
    in_scope = columns.total_fen - columns.self_pay_first_fen
    basic = basic_tier(book.table, rows, in_scope, np.array([1]), used, accounts)
    cut = np.array([unfiled_fen])
    paid = catastrophic_tier(
        book.table, rows, in_scope, columns.self_pay_first_fen, basic, cut, used, accounts
    )
    return basic, paid, rows


@pytest.mark.parametrize("switch", SWITCHES)
def test_each_switch_keeps_its_part_out(tmp_path, switch):
    def base(word):
        switches = {f"catastrophic.{name}": [({}, "in")] for name in SWITCHES}
        switches[f"catastrophic.{switch}"] = [({}, word)]
        switches["basic.per_visit_limit"] = [({}, "59545 yuan")]
        book = plain_book(tmp_path / word, switches)
        bill = facts(total_fen=100_000_00)
        _, paid, _ = tiers(book, bill, {"basic_cap": 40_455_00}, unfiled_fen=300_00)
        return paid.base_fen.item()

    # 99300 x 65 % = 64545; the visit cuts 5000, the cap 20000
    assert base("in") - base("out") == SWITCHES[switch]


def test_a_payment_is_the_difference_on_the_running_base(tmp_path):
    book = plain_book(tmp_path)
    _, paid, _ = tiers(book, facts(), {"catastrophic_deductible": 10_000_00})
    # 10000 + 3955 = 13955, of which 1955 lie above 12000
    assert (paid.base_fen.item(), paid.running_fen.item()) == (3_955_00, 13_955_00)
    assert paid.uncapped_fen.item() == paid.pay_fen.item() == 1_270_75


def test_never_more_than_what_is_left(tmp_path):
    changes = {
        "catastrophic.on_rule_change": [({}, "offset")],
        "catastrophic.on_category_change": [({}, "offset")],
    }
    book = plain_book(tmp_path, changes)
    entries = {"catastrophic_deductible": 100_000_00, "offset_met": 1}
    _, paid, _ = tiers(book, facts(), entries)
    # 103955 - 12000 = 91955: 20000 x 65 % + 30000 x 70 % + 41955 x 75 %, nothing paid so far
    assert paid.uncapped_fen.item() == 65_466_25
    assert (paid.pay_fen.item(), paid.ceiling_cut_fen.item()) == (3_955_00, 61_511_25)


def test_care_that_does_not_count_leaves_the_base(tmp_path):
    changes = {"catastrophic.care_counts": [({}, "in"), ({"care_type": "inpatient"}, "out")]}
    _, paid, _ = tiers(plain_book(tmp_path, changes), facts(total_fen=90_000_00))
    assert (paid.base_fen.item(), paid.pay_fen.item()) == (0, 0)


def test_a_base_is_never_below_zero(tmp_path):
    book = plain_book(tmp_path, {"catastrophic.base_deductible": [({}, "out")]})
    basic, _, rows = tiers(book, facts())
    left, nothing = np.array([500_00]), np.array([0])
    assert remaining_base("catastrophic", book.table, rows, left, basic, nothing).tolist() == [0]


def test_care_that_does_not_count_catches_nothing_up(tmp_path):
    changes = {
        "catastrophic.care_counts": [({}, "in"), ({"care_type": "inpatient"}, "out")],
        "catastrophic.on_rule_change": [({}, "offset")],
        "catastrophic.on_category_change": [({}, "offset")],
    }
    entries = {"catastrophic_deductible": 100_000_00, "offset_met": 1}
    _, paid, _ = tiers(plain_book(tmp_path, changes), facts(total_fen=90_000_00), entries)
    assert (paid.uncapped_fen.item(), paid.pay_fen.item()) == (0, 0)


def test_terms_that_are_not_known_hold_a_bill_that_needs_them_and_no_other(tmp_path):
    book = plain_book(tmp_path)
    tiers(book, facts())  # the rows of this combination are written once
    book.table.terms["status"][:] = NOT_KNOWN
    _, needs, _ = tiers(book, facts(total_fen=90_000_00))
    _, needs_nothing, _ = tiers(book, facts(total_fen=0))
    assert (needs.unknown.item(), needs_nothing.unknown.item()) == (True, False)

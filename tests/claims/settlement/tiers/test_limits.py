import numpy as np

from claims.settlement.tiers.limits import apply_limits
from tests.claims.settlement.plain import columns_of, facts, nothing_used, plain_book

TWO = {
    "basic.counts_into": [({}, ["small", "basic_cap"])],
    "basic.limits.small": [({}, "100 yuan")],
    "basic.limits.basic_cap": [({}, "80000 yuan")],
}


def limited(book, pay_fen, entries=None, tier="basic"):
    used = nothing_used(book, 1)
    used.add(0, entries or {})
    columns = columns_of(book, [facts()])
    kind = None if tier == "basic" else np.array([0])
    return apply_limits(
        tier, book.table, columns.rule_row, np.array([pay_fen]), used, columns.account_row, kind
    )


def test_limits_cut_one_after_the_other(tmp_path):
    book = plain_book(tmp_path, TWO)
    paid = limited(book, 150_00, {"basic_cap": 79_970_00})
    assert paid.pay_fen.tolist() == [30_00]
    assert (paid.item_cut_fen + paid.cap_cut_fen).tolist() == [120_00]
    names = [book.accumulator_names[slot.item()] for slot in paid.slots]
    assert names == ["small", "basic_cap"]


def test_a_limit_that_was_passed_leaves_nothing_and_takes_nothing_back(tmp_path):
    paid = limited(plain_book(tmp_path, TWO), 150_00, {"small": 500_00})
    assert paid.pay_fen.tolist() == [0]


def test_no_limit_is_no_number(tmp_path):
    book = plain_book(tmp_path, {"assistance.limits.assistance_limit": [({}, "no limit")]})
    largest = 9_200_000_000_000
    paid = limited(book, largest, {"assistance_limit": largest}, "assistance")
    assert paid.pay_fen.tolist() == [largest]
    assert not paid.unknown.any()

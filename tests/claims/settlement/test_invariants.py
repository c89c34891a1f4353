import numpy as np
import pytest

from claims.settlement.batch import settle_batch
from claims.settlement.columns import OUTPUT_ROW, SettlementColumns
from claims.settlement.invariants import InvariantBroken, check_invariants
from tests.claims.settlement.plain import (
    ASSISTED,
    POOR,
    columns_of,
    facts,
    nothing_used,
    plain_book,
)

# Per rule, a change of one sound row by hand: name -> fen added.
BREAKS = {
    "parts are never negative": {"own_within": -20_000_00, "own_outside": 20_000_00},
    "parts of the cost sum to the total": {"in_scope": 1},
    "parts of the payment sum to the total": {"other_aid": 1},
    "own share is within and outside": {"own_within": 1},
    "own share is account and cash": {"cash": 1},
    "basic pays at most the in-scope cost": {
        "basic": 14_455_01,
        "catastrophic": -911_31,
        **dict.fromkeys(("own_share", "own_within", "cash"), -13_543_70),
    },
    "tiers pay at most what may be paid": {
        "catastrophic": 13_543_71,
        "own_within": -13_543_70,
        "own_outside": -1,
        **dict.fromkeys(("own_share", "cash"), -13_543_71),
    },
    "assistance pays at most its base": {"assistance_base": -12_000_00},
    "supplementary pays at most its base": {"supplementary_base": -6_859_25},
    "limits only cut what basic pays": {"basic_uncapped": -1},
    "limits only cut what catastrophic pays": {"catastrophic_uncapped": -1},
    "limits only cut what assistance pays": {"assistance_uncapped": -9_000_00},
    "limits only cut what supplementary pays": {"supplementary_uncapped": -1},
}


@pytest.fixture
def settled(tmp_path):
    """Two sound bills, and the accumulators after them."""
    book = plain_book(tmp_path, ASSISTED)
    bill = facts(
        total_fen=50_000_00, fully_self_paid_fen=1_000_00, self_pay_first_fen=9_000_00, **POOR
    )
    return settle_batch(
        columns_of(book, [bill, bill]), book.table, nothing_used(book, 2), keep_opening=True
    )


def changed(results, row, changes):
    figures = results.figures.copy()
    for name, fen in changes.items():
        figures[OUTPUT_ROW[name], row] += fen
    return SettlementColumns(results.outcome, results.reason, figures, None)


def test_sound_rows_pass(settled):
    results, closing = settled
    check_invariants(results, np.zeros_like(closing.values), closing)


@pytest.mark.parametrize("rule", BREAKS)
def test_each_rule_reports_a_row_broken_by_hand(settled, rule):
    results, closing = settled
    broken = changed(results, 1, BREAKS[rule])
    with pytest.raises(InvariantBroken) as error:
        check_invariants(broken, np.zeros_like(closing.values), closing)
    assert (error.value.rule, error.value.rows) == (rule, [1])


def test_a_sum_that_fell_is_reported_with_its_account(settled):
    results, closing = settled
    before = closing.values.copy()
    before[closing.row_of["basic_cap"], 1] += 1
    with pytest.raises(InvariantBroken, match=r"never fall: accounts \[41\] \(1 in all\)"):
        check_invariants(results, before, closing, first_account=40)


def test_a_code_may_fall(settled):
    results, closing = settled
    before = closing.values.copy()
    before[closing.row_of["category_last"]] += 1
    check_invariants(results, before, closing)


def test_rows_are_those_of_the_batch(settled):
    results, closing = settled
    broken = changed(results, 1, {"cash": 1})
    with pytest.raises(InvariantBroken) as error:
        check_invariants(broken, np.zeros_like(closing.values), closing, first_claim=100)
    assert error.value.rows == [101]

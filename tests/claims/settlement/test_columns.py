import numpy as np

from claims.settlement.columns import NOT_MONEY, OUTPUT_ROW, OUTPUTS, PARTS, TRACE
from tests.claims.settlement.plain import columns_of, facts, plain_book

# Stored with every version by place: the trace may only grow at its end.
TRACE_BEGINS_WITH = (
    "admission", "deductible", "basic_uncapped", "item_excess", "above_cap", "unfiled_cut",
    "catastrophic_base", "catastrophic_running", "catastrophic_uncapped", "catastrophic_cap_cut",
    "catastrophic_ceiling_cut", "assistance_kind", "assistance_base", "assistance_running",
    "assistance_uncapped", "assistance_limit_cut", "supplementary_base", "supplementary_running",
    "supplementary_uncapped", "supplementary_limit_cut", "aid_excess", "offset_met",
    "catastrophic_category", "rate_ppm",
)  # fmt: skip


def test_the_stored_order_of_the_trace_never_changes():
    assert TRACE[: len(TRACE_BEGINS_WITH)] == TRACE_BEGINS_WITH


def test_names_stand_once_and_tiers_side_by_side():
    assert len(set(OUTPUTS)) == len(OUTPUTS)
    assert set(TRACE) >= NOT_MONEY
    first = PARTS.index("basic")
    assert PARTS[first : first + 4] == ("basic", "catastrophic", "assistance", "supplementary")
    assert [OUTPUT_ROW[name] for name in OUTPUTS] == list(range(len(OUTPUTS)))


def test_claims_are_taken_and_cut_as_a_whole(tmp_path):
    bills = [facts(total_fen=fen) for fen in (100, 200, 300)]
    columns = columns_of(plain_book(tmp_path), bills)
    assert columns.take(np.array([2, 0])).total_fen.tolist() == [300, 100]
    part = columns.part(1, 3, np.array([0, 1]))
    assert (len(part), part.total_fen.tolist(), part.account_row.tolist()) == (
        2,
        [200, 300],
        [0, 1],
    )
    assert np.shares_memory(part.total_fen, columns.total_fen)

"""Any number of claims of any number of accounts, through waves of the one kernel.

Accounts are ordered by falling number of claims, so that round k - the k-th claim of
everyone - always concerns a prefix of the accounts. A year has few claims per person, so
there are few rounds. Accounts are settled in blocks, so memory is bounded by the block.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from claims.settlement.columns import OUTPUTS, SettlementColumns
from claims.settlement.invariants import check_invariants
from claims.settlement.wave import settle_distinct

if TYPE_CHECKING:
    from claims.settlement.accumulators import Accumulators
    from claims.settlement.columns import ClaimColumns, Ints
    from claims.settlement.table import RuleTable

# The columns of a block stay in the cache of one core.
ACCOUNTS_PER_BLOCK = 20_000


class ClaimsUnordered(ValueError):
    """Claims are not sorted by account."""


def settle_batch(
    claims: ClaimColumns,
    table: RuleTable,
    opening: Accumulators,
    *,
    keep_opening: bool = False,
    accounts_per_block: int = ACCOUNTS_PER_BLOCK,
) -> tuple[SettlementColumns, Accumulators]:
    """Settle claims in ledger order inside each account.

    Args:
        claims: n claims sorted by `account_row` and in it by their place in the ledger.
        table: rules in force.
        opening: accumulators of the p accounts before their first claim; not changed.
        keep_opening: also return the accumulators before every single claim.
        accounts_per_block: accounts settled at a time.

    Returns:
        Results in the order given, and the accumulators after all claims.

    Raises:
        ClaimsUnordered: accounts are not in rising order.
        InvariantBroken: a result fails a check; nothing should be stored.
    """
    accounts = claims.account_row
    if len(accounts) and bool((np.diff(accounts) < 0).any()):
        raise ClaimsUnordered
    closing = type(opening)(opening.names, opening.matrix.copy())
    figures = np.zeros((len(OUTPUTS), len(claims)), dtype=np.int64)
    outcome, reason = np.zeros(len(claims), dtype=np.int64), np.zeros(len(claims), dtype=np.int64)
    before = np.zeros((len(opening.names), len(claims)), dtype=np.int64) if keep_opening else None
    for first in range(0, opening.matrix.shape[1], accounts_per_block):
        last = min(first + accounts_per_block, opening.matrix.shape[1])
        low, high = np.searchsorted(accounts, (first, last))
        if low == high:
            continue
        results = SettlementColumns(
            outcome[low:high],
            reason[low:high],
            figures[:, low:high],
            None if before is None else before[:, low:high],
        )
        part = claims.take(np.arange(low, high))
        after = _settle_block(
            part, accounts[low:high] - first, table, closing.block(first, last), results
        )
        check_invariants(
            results,
            closing.values[:, first:last],
            after,
            first_claim=int(low),
            first_account=first,
        )
        closing.values[:, first:last] = after.values
    return SettlementColumns(outcome, reason, figures, before), closing


def _settle_block(
    claims: ClaimColumns,
    account: Ints,
    table: RuleTable,
    used: Accumulators,
    results: SettlementColumns,
) -> Accumulators:
    """Settle one block of accounts; fills `results` in place and returns the state after."""
    ranked, widths, order = _rounds(account, used.matrix.shape[1])
    state = type(used)(used.names, used.matrix[:, ranked])
    by_round = claims.take(order)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    figures = np.empty((len(OUTPUTS), len(order)), dtype=np.int64)
    low = 0
    for width in widths:
        high = low + width
        if results.opening is not None:
            results.opening[:, order[low:high]] = state.values[:, :width]
        settled = settle_distinct(by_round.part(low, high, np.arange(width)), table, state)
        figures[:, low:high] = settled.figures
        results.outcome[order[low:high]] = settled.outcome
        results.reason[order[low:high]] = settled.reason
        low = high
    for row, column in zip(results.figures, figures, strict=True):
        np.take(column, place, out=row)
    used.matrix[:, ranked] = state.matrix
    return used


def _rounds(account: Ints, accounts: int) -> tuple[Ints, list[int], Ints]:
    """Accounts by falling number of claims, the width of each round, and the claims in round order."""
    counts = np.bincount(account, minlength=accounts)
    starts = np.cumsum(counts) - counts
    ranked = np.argsort(-counts, kind="stable")
    ranked_counts, ranked_starts = counts[ranked], starts[ranked]
    turns = range(int(ranked_counts[0]))
    widths = [int(np.searchsorted(-ranked_counts, -turn, side="left")) for turn in turns]
    order = np.concatenate(
        [ranked_starts[:width] + turn for turn, width in zip(turns, widths, strict=True)]
    )
    return ranked, widths, order

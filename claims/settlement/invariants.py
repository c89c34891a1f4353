"""What must hold of every result before anything is stored (architecture.md 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from claims.settlement.columns import HELD, OUTPUT_ROW, PARTS, RESERVED_ACCUMULATORS

if TYPE_CHECKING:
    from claims.settlement.accumulators import Accumulators
    from claims.settlement.columns import Bools, Ints, SettlementColumns


class InvariantBroken(AssertionError):
    """A result contradicts what a settlement is; names the rule and the first rows."""

    def __init__(self, rule: str, rows: Ints) -> None:
        self.rule = rule
        self.rows = rows[:5].tolist()
        super().__init__(f"{rule}: claims {self.rows} ({len(rows)} in all)")


def check_invariants(results: SettlementColumns, before: Ints, after: Accumulators) -> None:
    """Refuse a batch of which one row does not balance or passes what was left.

    Args:
        results: n results.
        before: (a, p) accumulators of the block before.
        after: accumulators of the block after.

    Raises:
        InvariantBroken: with the rule and the rows.
    """
    column = results.column
    _refuse("parts are never negative", (results.figures[: len(PARTS)] < 0).any(axis=0))
    cost = (
        column("fully_self_paid")
        + column("over_limit_price")
        + column("self_pay_first")
        + column("in_scope")
    )
    is_live = results.outcome != HELD
    _refuse("parts of the cost sum to the total", is_live & (cost != column("total")))
    by_tiers = results.figures[OUTPUT_ROW["basic"] : OUTPUT_ROW["supplementary"] + 1].sum(axis=0)
    paid = by_tiers + column("other_aid") + column("hospital_part") + column("own_share")
    _refuse("parts of the payment sum to the total", is_live & (paid != column("total")))
    _refuse(
        "own share is within and outside",
        column("own_within") + column("own_outside") != column("own_share"),
    )
    _refuse(
        "own share is account and cash",
        column("account_paid") + column("cash") != column("own_share"),
    )
    _refuse("basic pays at most the in-scope cost", column("basic") > column("in_scope"))
    _refuse(
        "tiers pay at most what may be paid",
        by_tiers > column("in_scope") + column("self_pay_first"),
    )
    _refuse("assistance pays at most its base", column("assistance") > column("assistance_base"))
    _refuse(
        "supplementary pays at most its base",
        column("supplementary") > column("supplementary_base"),
    )
    # Reserved codes (category, period) may fall; every sum of money may only rise.
    first_sum = len(RESERVED_ACCUMULATORS)
    fallen = (after.values[first_sum:] < before[first_sum:]).any(axis=0)
    if fallen.any():
        raise InvariantBroken("accumulators never fall", np.flatnonzero(fallen))


def _refuse(rule: str, broken: Bools | np.bool_) -> None:
    if np.any(broken):
        raise InvariantBroken(rule, np.flatnonzero(broken))

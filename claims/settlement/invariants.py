"""What must hold of every result before anything is stored (settlement.md 1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from claims.settlement.columns import HELD, OUTPUT_ROW, PARTS, RESERVED_ACCUMULATORS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claims.settlement.accumulators import Accumulators
    from claims.settlement.columns import Bools, Ints, SettlementColumns


class InvariantBroken(AssertionError):
    """A result contradicts what a settlement is; names the rule and the first rows.

    Attributes:
        rule: the sentence that does not hold.
        rows: the first five claims (or accounts) of the batch for which it does not.
        of: what the rows count, `claims` or `accounts`.
    """

    def __init__(self, rule: str, rows: Ints, of: str = "claims") -> None:
        self.rule = rule
        self.of = of
        self.rows = rows[:5].tolist()
        super().__init__(f"{rule}: {of} {self.rows} ({len(rows)} in all)")


def check_invariants(
    results: SettlementColumns,
    before: Ints,
    after: Accumulators,
    *,
    first_claim: int = 0,
    first_account: int = 0,
) -> None:
    """Refuse a block of which one row does not balance or passes what was left.

    Args:
        results: n results.
        before: (a, p) accumulators of the block before.
        after: accumulators of the block after.
        first_claim: row of the block's first claim in its batch, which errors name.
        first_account: row of the block's first account.

    Raises:
        InvariantBroken: with the rule and the rows.
    """
    for rule, broken in _broken_rows(results):
        if broken.any():
            raise InvariantBroken(rule, np.flatnonzero(broken) + first_claim)
    # Reserved codes (category, period) may fall; every sum of money may only rise.
    first_sum = len(RESERVED_ACCUMULATORS)
    fallen = (after.values[first_sum:] < before[first_sum:]).any(axis=0)
    if fallen.any():
        raise InvariantBroken(
            "accumulators never fall", np.flatnonzero(fallen) + first_account, "accounts"
        )


def _broken_rows(results: SettlementColumns) -> Iterator[tuple[str, Bools | np.bool_]]:
    """Each rule with the claims that break it."""
    column = results.column
    yield "parts are never negative", (results.figures[: len(PARTS)] < 0).any(axis=0)
    is_live = results.outcome != HELD
    outside = column("fully_self_paid") + column("over_limit_price")
    cost = outside + column("self_pay_first") + column("in_scope")
    yield "parts of the cost sum to the total", is_live & (cost != column("total"))
    by_tiers = results.figures[OUTPUT_ROW["basic"] : OUTPUT_ROW["supplementary"] + 1].sum(axis=0)
    paid = by_tiers + column("other_aid") + column("hospital_part") + column("own_share")
    yield "parts of the payment sum to the total", is_live & (paid != column("total"))
    for rule, one, other in (
        ("own share is within and outside", "own_within", "own_outside"),
        ("own share is account and cash", "account_paid", "cash"),
    ):
        yield rule, column(one) + column(other) != column("own_share")
    yield "basic pays at most the in-scope cost", column("basic") > column("in_scope")
    yield (
        "tiers pay at most what may be paid",
        by_tiers > column("in_scope") + column("self_pay_first"),
    )
    for tier in ("assistance", "supplementary"):
        yield f"{tier} pays at most its base", column(tier) > column(f"{tier}_base")
    for tier in ("basic", "catastrophic", "assistance", "supplementary"):
        yield f"limits only cut what {tier} pays", column(tier) > column(f"{tier}_uncapped")

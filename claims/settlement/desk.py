"""The kernel for one account: a claim at the desk is a batch of one, a replay a batch of one account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from claims.settlement.accumulators import Accumulators
from claims.settlement.batch import settle_batch
from claims.settlement.ledger import Figures, figures_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from claims.settlement.facts import BillFacts
    from claims.settlement.rules import RuleBook


@dataclass(frozen=True)
class Settled:
    """One bill settled in its place.

    Attributes:
        figures: outcome, reason and every name of `columns.OUTPUTS`, in fen.
        opening: accumulators before the bill, by id.
    """

    figures: Figures
    opening: dict[str, int]

    @property
    def outcome(self) -> str:
        """`paid`, `held` or `refused`."""
        return str(self.figures["outcome"])

    @property
    def reason(self) -> str:
        """Numbered reason, empty for a paid bill."""
        return str(self.figures["reason"])


def replay_account(
    book: RuleBook, bills: Sequence[BillFacts], entries: Mapping[str, int]
) -> tuple[list[Settled], dict[str, int]]:
    """Settle the bills of one account-year in ledger order from its entries.

    Args:
        book: rules of every release the bills name.
        bills: facts in ledger order.
        entries: grants and opening balances of the year, fen by accumulator id; ids that no
            rule of the book names stay as they are.

    Returns:
        One result per bill, and the accumulators after the last.
    """
    names = book.accumulator_names
    opening = Accumulators.empty(names, 1)
    foreign = {name: amount for name, amount in entries.items() if name not in opening.row_of}
    opening.add(0, {name: entries[name] for name in entries if name not in foreign})
    claims = book.claims(bills, np.zeros(len(bills), dtype=np.int64))
    results, closing = settle_batch(claims, book.table, opening, keep_opening=True)
    before = (
        results.opening
        if results.opening is not None
        else np.zeros((len(names), 0), dtype=np.int64)
    )
    settled = [
        Settled(
            figures_of(results, index),
            foreign | dict(zip(names, before[:, index].tolist(), strict=True)),
        )
        for index in range(len(bills))
    ]
    return settled, foreign | dict(zip(names, closing.values[:, 0].tolist(), strict=True))


def settle_one(
    book: RuleBook, facts: BillFacts, opening: Mapping[str, int]
) -> tuple[Settled, dict[str, int]]:
    """Settle one bill last in its account, from the accumulators as they stand."""
    settled, closing = replay_account(book, [facts], opening)
    return settled[0], closing

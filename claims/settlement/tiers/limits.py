"""Yearly limits a benefit counts into (`counts_into`), applied in the order listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from claims.settlement.accumulators import Accumulators
    from claims.settlement.columns import Bools, Ints
    from claims.settlement.table import RuleTable


class Limited(NamedTuple):
    """What the limits left of a payment.

    Attributes:
        pay_fen: (n,) after all limits.
        item_cut_fen, cap_cut_fen: (n,) cut by item limits and by yearly caps.
        unknown: (n,) a limit that was needed is not known in the pack.
        slots: per limit (n,) the accumulator to move by what is finally paid.
    """

    pay_fen: Ints
    item_cut_fen: Ints
    cap_cut_fen: Ints
    unknown: Bools
    slots: list[Ints]


def apply_limits(
    tier: str,
    table: RuleTable,
    rows: Ints,
    pay_fen: Ints,
    used: Accumulators,
    accounts: Ints,
    kind: Ints | None = None,
) -> Limited:
    """Cut a payment to what its yearly limits leave (settlement.md 3).

    Args:
        tier: prefix of the limit columns.
        table: the rule table.
        rows: (n,) rule rows.
        pay_fen: (n,) payment before limits.
        used: accumulators as they stand.
        accounts: (n,) account of each claim.
        kind: (n,) assistance kind of the bill, which picks the limits of both kinds of aid.
    """
    zero = np.zeros_like(pay_fen)
    item_cut, cap_cut, unknown = zero, zero, np.zeros(len(rows), dtype=np.bool_)
    slots = []
    for number in range(table.limits[tier]):
        slot = _limit_column(table, f"{tier}_limit_slot", number, rows, kind)
        limit = _limit_column(table, f"{tier}_limit_fen", number, rows, kind)
        is_open = _limit_column(table, f"{tier}_limit_open", number, rows, kind)
        unknown = unknown | (
            (_limit_column(table, f"{tier}_limit_unknown", number, rows, kind) != 0) & (pay_fen > 0)
        )
        left = np.maximum(limit - used.at(slot, accounts), 0)
        cut = np.where((slot < 0) | (is_open != 0), 0, np.maximum(pay_fen - left, 0))
        pay_fen = pay_fen - cut
        if tier == "basic":
            is_item = table.rules["basic_limit_item"][number].take(rows) != 0
            item_cut = item_cut + np.where(is_item, cut, 0)
            cap_cut = cap_cut + np.where(is_item, 0, cut)
        else:
            cap_cut = cap_cut + cut
        slots.append(slot)
    return Limited(pay_fen, item_cut, cap_cut, unknown, slots)


def _limit_column(table: RuleTable, name: str, number: int, rows: Ints, kind: Ints | None) -> Ints:
    column = table.rules[name][number]
    values: Ints = (
        column.take(rows)
        if kind is None
        else column.reshape(-1).take(kind * column.shape[-1] + rows)
    )
    return values

"""Catastrophic insurance (大病保险), the second tier: settlement.md section 5."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from claims.settlement.columns import (
    CATASTROPHIC_CUT,
    CATASTROPHIC_PAID,
    CATEGORY_FIRST,
    CATEGORY_LAST,
    OFFSET_MET,
    PERIOD_LAST,
)
from claims.settlement.scales import scale_value
from claims.settlement.table import NOT_KNOWN, OFFERED, OFFSET, OLD_ALL_YEAR
from claims.settlement.tiers.limits import apply_limits
from config.money import round_ppm

if TYPE_CHECKING:
    from claims.settlement.accumulators import Accumulators
    from claims.settlement.columns import Bools, Ints
    from claims.settlement.table import RuleTable
    from claims.settlement.tiers.basic import BasicColumns


class CatastrophicColumns(NamedTuple):
    """One catastrophic computation of n claims; nothing has been moved yet."""

    base_fen: Ints
    running_fen: Ints
    uncapped_fen: Ints
    cap_cut_fen: Ints
    ceiling_cut_fen: Ints
    pay_fen: Ints
    unknown: Bools
    is_offset: Bools
    category: Ints
    slot: Ints
    limit_slots: list[Ints]


def remaining_base(
    tier: str,
    table: RuleTable,
    rows: Ints,
    left_fen: Ints,
    basic: BasicColumns,
    unfiled_cut_fen: Ints,
) -> Ints:
    """Base of a later tier: what is left, less the components the pack keeps out, never below zero.

    Args:
        tier: "catastrophic" or "assistance": whose switches hold.
        table: the rule table.
        rows: (n,) rule rows.
        left_fen: (n,) in-scope cost less what the tiers before paid (plus what this tier adds).
        basic: the basic computation, for deductible, cap cut and item excess.
        unfiled_cut_fen: (n,) what missing filing took away.
    """
    base = left_fen
    for switch, component in (
        ("base_deductible", basic.deductible_fen),
        ("base_above_cap", basic.above_cap_fen),
        ("base_item_excess", basic.item_excess_fen),
        ("base_unfiled_cut", unfiled_cut_fen),
    ):
        base = base - np.where(table.gather(f"{tier}_{switch}", rows) != 0, 0, component)
    return np.maximum(base, 0)


def catastrophic_tier(
    table: RuleTable,
    rows: Ints,
    in_scope_fen: Ints,
    self_pay_first_fen: Ints,
    basic: BasicColumns,
    unfiled_cut_fen: Ints,
    used: Accumulators,
    accounts: Ints,
) -> CatastrophicColumns:
    """What catastrophic insurance pays on the running base of the year.

    The payment is F(C after) - F(C before) under the terms of the deciding day, or what the
    pack says for a change inside the year (`on_change`). Arguments as `basic_tier`.
    """
    counts = table.gather("catastrophic_counts", rows) != 0
    category = table.gather("catastrophic_category", rows)
    terms = _terms_rows(table, rows, category, used, accounts)
    status = table.terms["status"].take(terms)
    first_pay = np.where(
        table.gather("catastrophic_base_self_pay_first", rows) != 0, self_pay_first_fen, 0
    )
    ceiling = in_scope_fen - basic.pay_fen + first_pay
    base = remaining_base("catastrophic", table, rows, ceiling, basic, unfiled_cut_fen)
    base = np.where(counts & (status != 1), base, 0)
    slot = table.gather("catastrophic_slot", rows)
    before = used.at(slot, accounts)
    running = before + base
    is_offset = _offset_met(table, rows, category, used, accounts)
    raw = _raw_payment(table, terms, before, running, is_offset, used, accounts)
    raw = np.where(counts & (status == OFFERED), raw, 0)
    limited = apply_limits("catastrophic", table, rows, raw, used, accounts)
    pay = np.minimum(limited.pay_fen, ceiling)
    return CatastrophicColumns(
        base_fen=base,
        running_fen=running,
        uncapped_fen=raw,
        cap_cut_fen=limited.cap_cut_fen,
        ceiling_cut_fen=limited.pay_fen - pay,
        pay_fen=pay,
        unknown=limited.unknown | ((status == NOT_KNOWN) & (base > 0)),
        is_offset=is_offset,
        category=category,
        slot=slot,
        limit_slots=limited.slots,
    )


def _terms_rows(
    table: RuleTable, rows: Ints, category: Ints, used: Accumulators, accounts: Ints
) -> Ints:
    """Row of the terms in force: under `old_all_year` those of 1 January or of the first category."""
    keeps_first = table.gather("catastrophic_category_mode", rows) == OLD_ALL_YEAR
    first = used.named(CATEGORY_FIRST, accounts)
    category = np.where(keeps_first & (first > 0), first - 1, category)
    periods = table.gather("catastrophic_terms_period", rows)
    found: Ints = table.terms_index.reshape(-1).take(
        periods * table.terms_index.shape[1] + category
    )
    return found


def _offset_met(
    table: RuleTable, rows: Ints, category: Ints, used: Accumulators, accounts: Ints
) -> Bools:
    """Whether a change whose mode is `offset` has been met by this claim or earlier in the year."""
    last_period = used.named(PERIOD_LAST, accounts)
    last_category = used.named(CATEGORY_LAST, accounts)
    rule_changed = (last_period > 0) & (last_period != table.gather("catastrophic_period", rows))
    category_changed = (last_category > 0) & (last_category - 1 != category)
    met: Bools = (
        (used.named(OFFSET_MET, accounts) > 0)
        | (rule_changed & (table.gather("catastrophic_rule_mode", rows) == OFFSET))
        | (category_changed & (table.gather("catastrophic_category_mode", rows) == OFFSET))
    )
    return met


def _raw_payment(
    table: RuleTable,
    terms: Ints,
    before: Ints,
    running: Ints,
    is_offset: Bools,
    used: Accumulators,
    accounts: Ints,
) -> Ints:
    bands = table.terms_bands
    thresholds, steps = table.terms["threshold"][:bands], table.terms["step"][:bands]
    value_after = scale_value(thresholds, steps, terms, running)
    raw: Ints = round_ppm(value_after - scale_value(thresholds, steps, terms, before))
    if is_offset.any():
        granted = used.named(CATASTROPHIC_PAID, accounts) + used.named(CATASTROPHIC_CUT, accounts)
        raw = np.where(is_offset, np.maximum(round_ppm(value_after) - granted, 0), raw)
    return raw

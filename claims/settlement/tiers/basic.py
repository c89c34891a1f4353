"""Basic insurance (基本医疗保险), the first tier: settlement.md section 4."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from claims.settlement.scales import scale_value
from claims.settlement.table import ORDERS
from claims.settlement.tiers.limits import apply_limits
from config.money import round_ppm

if TYPE_CHECKING:
    from claims.settlement.accumulators import Accumulators
    from claims.settlement.columns import Bools, Ints
    from claims.settlement.table import RuleTable


class BasicColumns(NamedTuple):
    """One basic computation of n claims; nothing has been moved yet."""

    deductible_fen: Ints
    uncapped_fen: Ints
    item_excess_fen: Ints
    above_cap_fen: Ints
    pay_fen: Ints
    unknown: Bools
    yearly_slot: Ints
    sum_cap_slot: Ints
    limit_slots: list[Ints]


def basic_tier(
    table: RuleTable,
    rows: Ints,
    in_scope_fen: Ints,
    order: Ints,
    used: Accumulators,
    accounts: Ints,
) -> BasicColumns:
    """What basic insurance pays of the in-scope cost (政策范围内费用).

    Args:
        table: the rule table.
        rows: (n,) rule rows; pass the filed counterparts to get the filed terms.
        in_scope_fen: (n,) fen.
        order: (n,) number of the admission in the year, from 1; 1 for care without admission.
        used: accumulators before these claims; not changed here.
        accounts: (n,) account of each claim, each at most once.
    """
    is_fixed = table.gather("basic_is_fixed", rows) != 0
    due, is_yearly = _deductible(table, rows, in_scope_fen, order, used, accounts)
    due = np.where(is_fixed, 0, due)
    above = in_scope_fen - due
    bands = table.bands
    exact = scale_value(
        table.rules["basic_over"][:bands], table.rules["basic_step"][:bands], rows, above
    )
    exact = np.maximum(exact, above * table.gather("basic_floor", rows))
    uncapped = np.where(
        is_fixed, np.minimum(table.gather("basic_fixed_fen", rows), in_scope_fen), round_ppm(exact)
    )
    no_visit_limit = table.gather("basic_visit_open", rows) != 0
    visit = np.where(
        no_visit_limit, uncapped, np.minimum(uncapped, table.gather("basic_visit_fen", rows))
    )
    limited = apply_limits("basic", table, rows, visit, used, accounts)
    return BasicColumns(
        deductible_fen=due,
        uncapped_fen=uncapped,
        item_excess_fen=uncapped - visit + limited.item_cut_fen,
        above_cap_fen=limited.cap_cut_fen,
        pay_fen=limited.pay_fen,
        unknown=limited.unknown | (table.gather("basic_unknown", rows) != 0),
        yearly_slot=np.where(
            is_yearly & ~is_fixed, table.gather("basic_deductible_slot", rows), -1
        ),
        sum_cap_slot=np.where(is_yearly | is_fixed, -1, table.gather("basic_sum_cap_slot", rows)),
        limit_slots=limited.slots,
    )


def _deductible(
    table: RuleTable,
    rows: Ints,
    in_scope_fen: Ints,
    order: Ints,
    used: Accumulators,
    accounts: Ints,
) -> tuple[Ints, Bools]:
    """The deductible (起付标准) due: per stay by order of admission, or what is left of a yearly one."""
    by_order = table.rules["basic_deductible_fen"]
    standard = by_order.reshape(-1).take(
        (np.minimum(order, ORDERS) - 1) * by_order.shape[-1] + rows
    )
    is_yearly = table.gather("basic_is_yearly", rows) != 0
    left_of_year = np.maximum(
        standard - used.at(table.gather("basic_deductible_slot", rows), accounts), 0
    )
    sum_slot = table.gather("basic_sum_cap_slot", rows)
    has_sum_cap = (sum_slot >= 0) & (table.gather("basic_sum_cap_open", rows) == 0)
    left_of_sum = np.maximum(
        table.gather("basic_sum_cap_fen", rows) - used.at(sum_slot, accounts), 0
    )
    per_stay = np.where(has_sum_cap, np.minimum(standard, left_of_sum), standard)
    return np.minimum(np.where(is_yearly, left_of_year, per_stay), in_scope_fen), is_yearly

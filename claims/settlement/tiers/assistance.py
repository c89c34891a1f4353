"""Medical assistance (医疗救助) and supplementary assistance (倾斜救助): settlement.md section 6."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from claims.settlement.table import EITHER, IN_SCOPE, NOT_KNOWN, OFFERED, TOTAL
from claims.settlement.tiers.limits import apply_limits
from config.money import round_ppm

if TYPE_CHECKING:
    from claims.settlement.accumulators import Accumulators
    from claims.settlement.columns import Bools, ClaimColumns, Ints
    from claims.settlement.table import RuleTable


class AidColumns(NamedTuple):
    """One computation of assistance or supplementary assistance; nothing has been moved yet."""

    kind: Ints
    base_fen: Ints
    running_fen: Ints
    uncapped_fen: Ints
    limit_cut_fen: Ints
    pay_fen: Ints
    unknown: Bools
    slot: Ints
    limit_slots: list[Ints]


def assistance_tier(
    table: RuleTable,
    rows: Ints,
    claims: ClaimColumns,
    in_scope_fen: Ints,
    base_fen: Ints,
    used: Accumulators,
    accounts: Ints,
) -> AidColumns:
    """What medical assistance pays: G(B after) - G(B before) within the yearly limit.

    Args:
        table: the rule table.
        rows: (n,) rule rows.
        claims: the claims, for referral, filing, place and the total cost.
        in_scope_fen: (n,) chooses the benefit kind together with the total.
        base_fen: (n,) what is left for this tier; set to 0 here where the benefit is out.
        used: accumulators, not changed here.
        accounts: (n,) account of each claim.
    """
    kind = _benefit_kind(table, rows, in_scope_fen, claims.total_fen)
    status = _of_kind(table, "assistance_status", kind, rows)
    is_in = (
        (table.gather("assistance_counts", rows) != 0)
        & (status != 1)
        & _requirements_met(table, rows, claims, kind)
    )
    base = np.where(is_in, base_fen, 0)
    slot = table.gather("assistance_slot", rows)
    before = used.at(slot, accounts)
    running = before + base
    deductible = _of_kind(table, "assistance_deductible_fen", kind, rows)
    is_yearly = table.gather("assistance_is_yearly", rows) != 0
    above = _above(base, before, running, deductible, is_yearly)
    uncapped = np.where(
        status == OFFERED, round_ppm(above * _of_kind(table, "assistance_rate", kind, rows)), 0
    )
    limited = apply_limits("assistance", table, rows, uncapped, used, accounts, kind)
    unknown = (status == NOT_KNOWN) | (_of_kind(table, "assistance_unknown", kind, rows) != 0)
    return AidColumns(
        kind=kind,
        base_fen=base,
        running_fen=running,
        uncapped_fen=uncapped,
        limit_cut_fen=limited.cap_cut_fen,
        pay_fen=limited.pay_fen,
        unknown=limited.unknown | (unknown & (base > 0)),
        slot=slot,
        limit_slots=limited.slots,
    )


def supplementary_tier(
    table: RuleTable,
    rows: Ints,
    claims: ClaimColumns,
    assistance: AidColumns,
    used: Accumulators,
    accounts: Ints,
) -> AidColumns:
    """What supplementary assistance pays of the assistance base that assistance left."""
    status = table.gather("supplementary_status", rows)
    qualifies = (status != 1) & _place_allows(
        claims,
        table.gather("supplementary_needs_referred", rows),
        table.gather("supplementary_needs_filed", rows),
        table.gather("supplementary_needs_province", rows),
    )
    base = np.where(qualifies, assistance.base_fen - assistance.pay_fen, 0)
    slot = table.gather("supplementary_slot", rows)
    before = used.at(slot, accounts)
    running = before + base
    is_yearly = table.gather("supplementary_is_yearly", rows) != 0
    above = _above(
        base, before, running, table.gather("supplementary_threshold_fen", rows), is_yearly
    )
    uncapped = np.where(
        status == OFFERED, round_ppm(above * table.gather("supplementary_rate", rows)), 0
    )
    limited = apply_limits("supplementary", table, rows, uncapped, used, accounts, assistance.kind)
    unknown = (status == NOT_KNOWN) | (table.gather("supplementary_unknown", rows) != 0)
    return AidColumns(
        kind=assistance.kind,
        base_fen=base,
        running_fen=running,
        uncapped_fen=uncapped,
        limit_cut_fen=limited.cap_cut_fen,
        pay_fen=limited.pay_fen,
        unknown=limited.unknown | (unknown & (base > 0)),
        slot=slot,
        limit_slots=limited.slots,
    )


def _above(base: Ints, before: Ints, running: Ints, deductible: Ints, is_yearly: Bools) -> Ints:
    """What of this claim lies above the deductible: of the year's running base, or of the stay."""
    of_year = np.maximum(running - deductible, 0) - np.maximum(before - deductible, 0)
    above: Ints = np.where(is_yearly, of_year, np.maximum(base - deductible, 0))
    return above


def _benefit_kind(table: RuleTable, rows: Ints, in_scope_fen: Ints, total_fen: Ints) -> Ints:
    """First kind whose condition holds; a bill draws on exactly one."""
    kind = np.zeros_like(rows)
    if table.kinds == 1:
        return kind
    is_found = np.zeros(len(rows), dtype=np.bool_)
    for number in range(table.kinds):
        possible = table.rules["kind_possible"][number].take(rows) != 0
        cost = table.rules["kind_cost_fen"][number].take(rows)
        basis = table.rules["kind_cost_basis"][number].take(rows)
        by_scope = ((basis == IN_SCOPE) | (basis == EITHER)) & (in_scope_fen > cost)
        by_total = ((basis == TOTAL) | (basis == EITHER)) & (total_fen > cost)
        holds = possible & ((cost < 0) | by_scope | by_total) & ~is_found
        kind = np.where(holds, number, kind)
        is_found |= holds
    return kind


def _of_kind(table: RuleTable, name: str, kind: Ints, rows: Ints) -> Ints:
    column = table.rules[name]
    values: Ints = column.reshape(-1).take(kind * column.shape[-1] + rows)
    return values


def _requirements_met(table: RuleTable, rows: Ints, claims: ClaimColumns, kind: Ints) -> Bools:
    return _place_allows(
        claims,
        _of_kind(table, "assistance_needs_referred", kind, rows),
        _of_kind(table, "assistance_needs_filed", kind, rows),
        _of_kind(table, "assistance_needs_province", kind, rows),
    )


def _place_allows(claims: ClaimColumns, referred: Ints, filed: Ints, province: Ints) -> Bools:
    allowed: Bools = (
        ((referred == 0) | claims.is_referred)
        & ((filed == 0) | claims.is_filed)
        & ((province == 0) | claims.is_in_province)
    )
    return allowed

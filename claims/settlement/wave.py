"""One wave: at most one claim per account through the three tiers (三重制度).

The order inside a wave is that of settlement.md: basic, catastrophic, assistance,
supplementary assistance, then what other payers bear, and the own share (个人负担) is the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from claims.settlement.columns import (
    ADMISSIONS,
    CATASTROPHIC_CUT,
    CATASTROPHIC_PAID,
    CATEGORY_FIRST,
    CATEGORY_LAST,
    HELD,
    OFFSET_MET,
    OUTPATIENT_BALANCE,
    OUTPUT_ROW,
    OUTPUTS,
    PAID,
    PERIOD_LAST,
    SettlementColumns,
)
from claims.settlement.reasons import REASON_ROW
from claims.settlement.tiers.assistance import assistance_tier, supplementary_tier
from claims.settlement.tiers.basic import basic_tier
from claims.settlement.tiers.catastrophic import catastrophic_tier, remaining_base

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from claims.settlement.accumulators import Accumulators
    from claims.settlement.columns import Bools, ClaimColumns, Ints
    from claims.settlement.table import RuleTable
    from claims.settlement.tiers.assistance import AidColumns
    from claims.settlement.tiers.basic import BasicColumns
    from claims.settlement.tiers.catastrophic import CatastrophicColumns


class AccountRepeated(ValueError):
    """Two claims of one wave share an account; use `settle_batch`."""


def settle_wave(claims: ClaimColumns, table: RuleTable, used: Accumulators) -> SettlementColumns:
    """Settle at most one claim per account and move the accumulators.

    Follows 医保发〔2021〕32号 二: basic, then catastrophic, then assistance.

    Args:
        claims: n claims; `account_row` unique, `rule_row` into `table`.
        table: rules of the releases in force; money in fen, rates in ppm.
        used: accumulators as they stood before this wave; **changed in place** to what
            they are after it.

    Returns:
        Results in the order of the claims. The parts of each row sum to its total.

    Raises:
        AccountRepeated: two claims share an account.

    Does not order claims and does not know today's date. A claim that turns out to need a
    value the pack does not know is held: all its figures are 0 and it moves nothing.
    """
    accounts = claims.account_row
    if len(np.unique(accounts)) != len(accounts):
        raise AccountRepeated
    return settle_distinct(claims, table, used)


def settle_distinct(
    claims: ClaimColumns, table: RuleTable, used: Accumulators
) -> SettlementColumns:
    """`settle_wave` for callers who have made sure that no account is repeated."""
    figures = np.zeros((len(OUTPUTS), len(claims)), dtype=np.int64)
    outcome, reason = claims.outcome.copy(), claims.reason.copy()
    _put(figures, "total", claims.total_fen)
    for name in ("fully_self_paid", "over_limit_price", "self_pay_first"):
        _put(figures, name, getattr(claims, f"{name}_fen"))
    in_scope = (
        claims.total_fen
        - claims.fully_self_paid_fen
        - claims.over_limit_price_fen
        - claims.self_pay_first_fen
    )
    _put(figures, "in_scope", in_scope)
    by_tiers = np.flatnonzero((outcome == PAID) & ~claims.is_balance)
    if len(by_tiers) == len(claims):
        held = _settle_tiers(claims, table, used, in_scope, figures)
    elif len(by_tiers):
        part = np.zeros((len(OUTPUTS), len(by_tiers)), dtype=np.int64)
        held_part = _settle_tiers(claims.take(by_tiers), table, used, in_scope[by_tiers], part)
        tier_rows = slice(OUTPUT_ROW["in_scope"] + 1, None)
        figures[tier_rows, by_tiers] = part[tier_rows]
        held = np.zeros(len(claims), dtype=np.bool_)
        held[by_tiers] = held_part
    else:
        held = np.zeros(len(claims), dtype=np.bool_)
    if held.any():
        outcome[held], reason[held] = HELD, REASON_ROW["H05"]
    _share_rest(claims, outcome, figures, used)
    figures[:, outcome == HELD] = 0
    return SettlementColumns(outcome, reason, figures, None)


def _settle_tiers(
    claims: ClaimColumns, table: RuleTable, used: Accumulators, in_scope: Ints, figures: Ints
) -> Bools:
    """Run the tiers, write their figures, move the accumulators; returns who is held after all."""
    rows, accounts = claims.rule_row, claims.account_row
    admission = used.named(ADMISSIONS, accounts) + 1
    # Only an inpatient stay has an order; other care bears the deductible of a first stay.
    order = np.where(claims.is_admission, admission, 1)
    basic = basic_tier(table, rows, in_scope, order, used, accounts)
    unfiled_cut, filed_unknown = _unfiled_cut(claims, table, used, in_scope, order, basic)
    _move_basic(used, accounts, basic)
    catastrophic = catastrophic_tier(
        table, rows, in_scope, claims.self_pay_first_fen, basic, unfiled_cut, used, accounts
    )
    _move_catastrophic(used, accounts, catastrophic)
    left = in_scope - basic.pay_fen - catastrophic.pay_fen
    base = remaining_base("assistance", table, rows, left, basic, unfiled_cut)
    assistance = assistance_tier(table, rows, claims, in_scope, base, used, accounts)
    _move_aid(used, accounts, assistance)
    supplementary = supplementary_tier(table, rows, claims, assistance, used, accounts)
    _move_aid(used, accounts, supplementary)
    held = (
        basic.unknown
        | filed_unknown
        | catastrophic.unknown
        | assistance.unknown
        | supplementary.unknown
    )
    if held.any():
        used.undo(held)
    used.close_wave()
    _move_state(claims, table, used, catastrophic, ~held)
    _write_figures(
        figures,
        admission,
        table.gather("basic_rate", rows),
        unfiled_cut,
        basic,
        catastrophic,
        assistance,
        supplementary,
    )
    if held.any():
        # What other payers bear is split after the tiers; a held bill has no tier payments.
        figures[:, held] = 0
    return held


def _unfiled_cut(
    claims: ClaimColumns,
    table: RuleTable,
    used: Accumulators,
    in_scope: Ints,
    order: Ints,
    basic: BasicColumns,
) -> tuple[Ints, Bools]:
    """What missing filing (备案) took away: payment at the filed terms less the payment made."""
    cut, unknown = np.zeros_like(in_scope), np.zeros(len(claims), dtype=np.bool_)
    unfiled = np.flatnonzero(~claims.is_filed)
    if len(unfiled):
        rows = table.gather("filed_row", claims.rule_row[unfiled])
        filed = basic_tier(
            table, rows, in_scope[unfiled], order[unfiled], used, claims.account_row[unfiled]
        )
        cut[unfiled] = np.maximum(filed.pay_fen - basic.pay_fen[unfiled], 0)
        unknown[unfiled] = filed.unknown
    return cut, unknown


def _move_basic(used: Accumulators, accounts: Ints, basic: BasicColumns) -> None:
    used.move(basic.yearly_slot, accounts, basic.deductible_fen)
    used.move(basic.sum_cap_slot, accounts, basic.deductible_fen)
    for slot in basic.limit_slots:
        used.move(slot, accounts, basic.pay_fen)


def _move_catastrophic(
    used: Accumulators, accounts: Ints, catastrophic: CatastrophicColumns
) -> None:
    used.move(catastrophic.slot, accounts, catastrophic.base_fen)
    for slot in catastrophic.limit_slots:
        used.move(slot, accounts, catastrophic.pay_fen)
    for name, amount in (
        (CATASTROPHIC_PAID, catastrophic.pay_fen),
        (CATASTROPHIC_CUT, catastrophic.ceiling_cut_fen),
    ):
        used.move(np.full_like(accounts, used.row_of[name]), accounts, amount)


def _move_aid(used: Accumulators, accounts: Ints, aid: AidColumns) -> None:
    used.move(aid.slot, accounts, aid.base_fen)
    for slot in aid.limit_slots:
        used.move(slot, accounts, aid.pay_fen)


def _move_state(
    claims: ClaimColumns,
    table: RuleTable,
    used: Accumulators,
    catastrophic: CatastrophicColumns,
    settled: Bools,
) -> None:
    """Count the admission and remember category and term period of the settled claims."""
    accounts, rows = claims.account_row[settled], claims.rule_row[settled]
    category = catastrophic.category[settled] + 1
    first = used.named(CATEGORY_FIRST, accounts)
    used.put(ADMISSIONS, accounts, used.named(ADMISSIONS, accounts) + claims.is_admission[settled])
    used.put(CATEGORY_FIRST, accounts, np.where(first > 0, first, category))
    used.put(CATEGORY_LAST, accounts, category)
    used.put(PERIOD_LAST, accounts, table.gather("catastrophic_period", rows))
    used.put(OFFSET_MET, accounts, catastrophic.is_offset[settled].astype(np.int64))


def _write_figures(
    figures: Ints,
    admission: Ints,
    rate_ppm: Ints,
    unfiled_cut: Ints,
    basic: BasicColumns,
    catastrophic: CatastrophicColumns,
    assistance: AidColumns,
    supplementary: AidColumns,
) -> None:
    columns = {
        "basic": basic.pay_fen,
        "catastrophic": catastrophic.pay_fen,
        "assistance": assistance.pay_fen,
        "supplementary": supplementary.pay_fen,
        "admission": admission,
        "deductible": basic.deductible_fen,
        "basic_uncapped": basic.uncapped_fen,
        "item_excess": basic.item_excess_fen,
        "above_cap": basic.above_cap_fen,
        "unfiled_cut": unfiled_cut,
        "catastrophic_base": catastrophic.base_fen,
        "catastrophic_running": catastrophic.running_fen,
        "catastrophic_uncapped": catastrophic.uncapped_fen,
        "catastrophic_cap_cut": catastrophic.cap_cut_fen,
        "catastrophic_ceiling_cut": catastrophic.ceiling_cut_fen,
        "offset_met": catastrophic.is_offset,
        "catastrophic_category": catastrophic.category,
        "assistance_kind": assistance.kind,
        "rate_ppm": rate_ppm,
    }
    for tier, aid in (("assistance", assistance), ("supplementary", supplementary)):
        columns[f"{tier}_base"] = aid.base_fen
        columns[f"{tier}_running"] = aid.running_fen
        columns[f"{tier}_uncapped"] = aid.uncapped_fen
        columns[f"{tier}_limit_cut"] = aid.limit_cut_fen
    for name, column in columns.items():
        _put(figures, name, column)


def _share_rest(claims: ClaimColumns, outcome: Ints, figures: Ints, used: Accumulators) -> None:
    """Split what the tiers left: other aid, the hospital's part, and the own share both ways."""
    outside = claims.fully_self_paid_fen + claims.over_limit_price_fen
    by_tiers = figures[OUTPUT_ROW["basic"] : OUTPUT_ROW["supplementary"] + 1].sum(axis=0)
    room = claims.total_fen - by_tiers - outside
    other_aid = np.minimum(claims.other_aid_fen, room)
    hospital_part = np.minimum(claims.hospital_part_fen, room - other_aid)
    own_within = room - other_aid - hospital_part
    own_share = own_within + outside
    account_paid = np.zeros_like(own_share)
    balance = np.flatnonzero(claims.is_balance & (outcome == PAID))
    if len(balance):
        accounts = claims.account_row[balance]
        credit_left = np.maximum(-used.named(OUTPATIENT_BALANCE, accounts), 0)
        account_paid[balance] = np.minimum(own_share[balance], credit_left)
        used.put(
            OUTPATIENT_BALANCE,
            accounts,
            used.named(OUTPATIENT_BALANCE, accounts) + account_paid[balance],
        )
    for name, column in (
        ("other_aid", other_aid),
        ("hospital_part", hospital_part),
        ("aid_excess", claims.other_aid_fen + claims.hospital_part_fen - other_aid - hospital_part),
        ("own_share", own_share),
        ("own_within", own_within),
        ("own_outside", outside),
        ("account_paid", account_paid),
        ("cash", own_share - account_paid),
    ):
        _put(figures, name, column)


def _put(figures: Ints, name: str, column: NDArray[Any]) -> None:
    figures[OUTPUT_ROW[name]] = column

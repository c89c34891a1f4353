"""Status granted later (`on_late_status`): assistance for bills already settled, as grants."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from claims.settlement.columns import OUTPUT_ROW, OUTPUTS
from claims.settlement.table import OFFERED
from claims.settlement.tiers.assistance import assistance_tier, supplementary_tier
from claims.settlement.tiers.basic import BasicColumns
from claims.settlement.tiers.catastrophic import remaining_base

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from claims.settlement.accumulators import Accumulators
    from claims.settlement.columns import Ints
    from claims.settlement.facts import BillFacts
    from claims.settlement.people import Spell
    from claims.settlement.rules import RuleBook
    from claims.settlement.tiers.assistance import AidColumns


@dataclass(frozen=True)
class LateStatus:
    """A category recognised after bills were settled, and the day help was applied for."""

    spell: Spell
    applied_on: date


@dataclass(frozen=True)
class Grant:
    """What a late status pays for one bill.

    Attributes:
        paid_fen: assistance and, where the pack says so, supplementary assistance.
        amounts: fen by accumulator id that the grant's entry moves.
    """

    paid_fen: int
    amounts: dict[str, int]


def late_grants(
    book: RuleBook,
    bills: Mapping[str, BillFacts],
    current: Mapping[str, Mapping[str, int | str]],
    status: LateStatus,
    used: Accumulators,
) -> dict[str, Grant]:
    """Take the bills of one account-year through assistance with a category granted later.

    Follows settlement.md 6: stored basic and catastrophic payment, the rate of the bill's
    deciding day, B and the limits as they stand now, running on from bill to bill.

    Args:
        book: rules of the releases of the bills.
        bills: live bills of the year in ledger order.
        current: figures of their current versions.
        status: the category and the day of application.
        used: accumulators of the one account as they stand; changed in place.

    Returns:
        Bill -> grant, for every bill that was settled without an assisted category.
    """
    grants: dict[str, Grant] = {}
    for name, facts in bills.items():
        figures = current[name]
        tree = book.trees[facts.release]
        category = tree.region.category("assistance", [status.spell.what])
        if (
            figures["outcome"] != "paid"
            or facts.benefit_year == 0
            or category == "none"
            or _was_assisted(book, facts)
        ):
            continue
        extra = tree.ask("assistance.late_status_supplementary", status.applied_on)
        changed = replace(
            facts,
            category_assistance=category,
            category_supplementary=tree.region.category("supplementary", [status.spell.what]),
        )
        grant = _grant(
            book,
            changed,
            figures,
            used,
            with_supplementary=extra is not None and extra.value == "in",
        )
        if grant is not None:
            grants[name] = grant
    return grants


def _was_assisted(book: RuleBook, facts: BillFacts) -> bool:
    """Whether an assisted category was held on the deciding day."""
    combination = book.combination(facts)
    if combination is None or combination.category_assistance == "none":
        return False
    row = book.row(facts.release, combination)
    kinds = len(book.trees[facts.release].region.assistance_kinds)
    return bool((book.table.rules["assistance_status"][:kinds, row] == OFFERED).any())


def _grant(
    book: RuleBook,
    facts: BillFacts,
    figures: Mapping[str, int | str],
    used: Accumulators,
    *,
    with_supplementary: bool,
) -> Grant | None:
    claims = book.claims([facts], np.zeros(1, dtype=np.int64))
    rows, accounts, table = claims.rule_row, claims.account_row, book.table
    stored = np.array([[int(figures[name])] for name in OUTPUTS], dtype=np.int64)

    def column(name: str) -> Ints:
        found: Ints = stored[OUTPUT_ROW[name]]
        return found

    nothing = np.zeros(1, dtype=np.bool_)
    basic = BasicColumns(
        deductible_fen=column("deductible"),
        uncapped_fen=column("basic_uncapped"),
        item_excess_fen=column("item_excess"),
        above_cap_fen=column("above_cap"),
        pay_fen=column("basic"),
        unknown=nothing,
        yearly_slot=accounts,
        sum_cap_slot=accounts,
        limit_slots=[],
    )
    left = column("in_scope") - column("basic") - column("catastrophic")
    base = remaining_base("assistance", table, rows, left, basic, column("unfiled_cut"))
    assistance = assistance_tier(table, rows, claims, column("in_scope"), base, used, accounts)
    moves: dict[str, int] = {}
    paid = _move(used, assistance, moves)
    is_unknown = assistance.unknown
    if with_supplementary:
        supplementary = supplementary_tier(table, rows, claims, assistance, used, accounts)
        paid += _move(used, supplementary, moves)
        is_unknown = is_unknown | supplementary.unknown
    used.undo(is_unknown)
    used.close_wave()
    return None if is_unknown.any() else Grant(paid, moves)


def _move(used: Accumulators, aid: AidColumns, moves: dict[str, int]) -> int:
    """Move base and limits of one claim and note the moves by accumulator id."""
    for slot, amount in (
        (aid.slot, aid.base_fen),
        *((slot, aid.pay_fen) for slot in aid.limit_slots),
    ):
        used.move(slot, np.zeros(1, dtype=np.int64), amount)
        if slot[0] >= 0:
            name = used.names[int(slot[0])]
            moves[name] = moves.get(name, 0) + int(amount[0])
    return int(aid.pay_fen[0])

"""What is left of the year's limits after a bill, from the accumulators stored with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from claims.settlement.facts import BillFacts
from claims.settlement.rows import Combination
from claims.settlement.rules import RuleBook
from config.policy.tree import Answer, PolicyTree

TIERS = ("basic", "catastrophic", "assistance", "supplementary")


@dataclass(frozen=True)
class LimitLeft:
    """One limit a bill draws on.

    Attributes:
        id: accumulator of the limit.
        tiers: tiers whose payments count into it.
        is_item: a limit of one kind of care, not of the year's sum.
        limit_fen: the limit; None where there is none.
        left_fen: what later bills may still draw; None where there is no limit.
    """

    id: str
    tiers: tuple[str, ...]
    is_item: bool
    used_fen: int
    limit_fen: int | None
    left_fen: int | None


def limits_left(
    book: RuleBook, facts: BillFacts, closing: Mapping[str, int | str], kind: int
) -> tuple[LimitLeft, ...]:
    """Return the limits a bill draws on, in the order of the tiers.

    Args:
        book: rules of the release the version points to.
        facts: stored facts.
        closing: stored accumulators after the bill.
        kind: kind of assistance the bill drew on, as the trace stores it.

    Returns:
        Nothing for care that no fund pays and for limits the pack does not know.
    """
    combination = book.combination(facts)
    if combination is None:
        return ()
    tree = book.trees[facts.release]
    tiers_of: dict[str, list[str]] = {}
    for tier in TIERS:
        answer = _ask(tree, f"{tier}.counts_into", combination, tier, kind)
        for limit_id in answer.value if answer and isinstance(answer.value, tuple) else ():
            tiers_of.setdefault(str(limit_id), []).append(tier)
    found = []
    for limit_id, tiers in tiers_of.items():
        key = f"limits.{limit_id}"
        answer = _ask(tree, key, combination, tree.subject_of(key), kind)
        if answer is not None and answer.is_offered:
            used = int(closing.get(limit_id, 0))
            found.append(_left(limit_id, tuple(tiers), answer, used))
    return tuple(found)


def _left(limit_id: str, tiers: tuple[str, ...], answer: Answer, used_fen: int) -> LimitLeft:
    is_item = answer.role == "item"
    if answer.is_unlimited or not isinstance(answer.value, int):
        return LimitLeft(limit_id, tiers, is_item, used_fen, None, None)
    left = max(answer.value - used_fen, 0)
    return LimitLeft(limit_id, tiers, is_item, used_fen, answer.value, left)


def _ask(tree: PolicyTree, key: str, bill: Combination, subject: str, kind: int) -> Answer | None:
    return tree.ask(
        key,
        bill.day,
        care_type=bill.care_type,
        level=bill.level,
        grade=bill.grade,
        off_area=bill.off_area,
        age_group=bill.age_group,
        disease=bill.disease,
        category=str(getattr(bill, f"category_{subject}")),
        kind=tree.region.assistance_kinds[kind],
    )

"""Basic tier (基本医保) of one bill, as prose in Python."""

from dataclasses import dataclass, field
from fractions import Fraction

from tests.reference.facts import Bill
from tests.reference.fractions_of_fen import WHOLE, ZERO, banded, bands_of, half_up, share
from tests.reference.rulebook import Asked, Rulebook, known


@dataclass
class Basic:
    """What the basic tier pays, why, and which accumulators move by how much."""

    deductible_fen: int = 0
    uncapped_fen: int = 0
    item_excess_fen: int = 0
    above_cap_fen: int = 0
    paid_fen: int = 0
    rate_ppm: int | None = None
    moves: list[tuple[str, int]] = field(default_factory=list)


def left_of(answer, used_fen: int) -> int | None:
    """Say what is left of a limit; None where there is no limit."""
    if answer.is_unlimited:
        return None
    return max(0, answer.value - used_fen)


def settle_basic(book: Rulebook, bill: Bill, asked: Asked, used) -> Basic:
    """Settle the basic tier on the accumulators as they stand."""
    result = Basic()
    in_scope = bill.in_scope_fen
    fixed_sum = known(book.ask("basic.fixed_sum", asked))
    if fixed_sum is not None:
        result.uncapped_fen = min(fixed_sum.value, in_scope)
    else:
        terms = asked
        if book.value_or("basic.local_terms", asked, "does_not_apply") == "applies":
            terms = asked.with_(off_area="none")
        rates = rates_of(book, terms)
        result.rate_ppm = rates[0][1] if len(rates) == 1 else None
        result.deductible_fen = due_deductible(book, terms, in_scope, used, result)
        above = in_scope - result.deductible_fen
        amount = banded(rates, above)
        floor = book.value_or("basic.guaranteed_minimum", terms, None)
        if floor is not None:
            amount = max(amount, above * share(floor))
        result.uncapped_fen = half_up(amount)
    cut_by_limits(book, asked, used, result)
    return result


def rates_of(book: Rulebook, asked: Asked) -> list[tuple[int, int]]:
    """Return the bands of the rate after bonuses, points off and factor."""
    own = known(book.ask("basic.off_area_rate", asked))
    if own is not None:
        return bands_of(own.value)
    general = known(book.ask("basic.rate", asked))
    bonus = book.value_or("basic.age_bonus", asked, 0)
    bonus += book.value_or("basic.category_bonus", asked, 0)
    points_off = book.value_or("basic.points_off", asked, 0)
    factor = share(book.value_or("basic.factor", asked, WHOLE))
    bands = []
    for over, ppm in bands_of(general.value):
        rate = (ppm + bonus - points_off) * factor
        bands.append((over, half_up(min(max(rate, ZERO), Fraction(WHOLE)))))
    return bands


def due_deductible(book: Rulebook, asked: Asked, in_scope: int, used, result: Basic) -> int:
    """Return the deductible actually due, and note the accumulators it moves."""
    own = known(book.ask("basic.off_area_deductible", asked))
    if own is not None:
        amount = own.value
    else:
        general = known(book.ask("basic.deductible", asked))
        yearly_id = general.accumulator_id
        if yearly_id is not None:
            due = min(max(0, general.value - used[yearly_id]), in_scope)
            result.moves.append((yearly_id, due))
            return due
        order_share = book.value_or("basic.deductible_order_share", asked, WHOLE)
        category_share = book.value_or("basic.deductible_category_share", asked, WHOLE)
        amount = half_up(general.value * share(order_share) * share(category_share))
    due = min(amount, in_scope)
    sum_cap = known(book.ask("basic.deductible_sum_cap", asked))
    if sum_cap is not None:
        left = left_of(sum_cap, used[sum_cap.accumulator_id])
        due = due if left is None else min(due, left)
        result.moves.append((sum_cap.accumulator_id, due))
    return due


def cut_by_limits(book: Rulebook, asked: Asked, used, result: Basic) -> None:
    """Cut by the limit per visit, then by each limit named, in the order named.

    A limit is not needed, and may be unknown, where nothing is left to cut.
    """
    amount = result.uncapped_fen
    per_visit = known(book.ask("basic.per_visit_limit", asked))
    if per_visit is not None and not per_visit.is_unlimited:
        result.item_excess_fen += max(0, amount - per_visit.value)
        amount = min(amount, per_visit.value)
    names = known(book.ask("basic.counts_into", asked)).value
    for name in names:
        if amount == 0:
            break
        limit = known(book.ask(f"limits.{name}", asked))
        left = left_of(limit, used[name])
        cut = 0 if left is None else max(0, amount - left)
        amount -= cut
        if limit.role == "item":
            result.item_excess_fen += cut
        else:
            result.above_cap_fen += cut
    result.paid_fen = amount
    result.moves += [(name, amount) for name in names]


def draw(book: Rulebook, asked: Asked, used, names, amount: int) -> int:
    """Cut an amount by limits of the upper tiers; an unknown limit holds the bill."""
    for name in names:
        if amount == 0:
            break
        left = left_of(known(book.ask(f"limits.{name}", asked)), used[name])
        amount = amount if left is None else min(amount, left)
    return amount


def unfiled_cut(book: Rulebook, bill: Bill, asked: Asked, used, basic: Basic) -> int:
    """Return what the missing filing took away, after all limits."""
    if bill.is_filed:
        return 0
    as_filed = asked.with_(off_area=asked.off_area.removesuffix("_unfiled"))
    filed = settle_basic(book, bill, as_filed, used)
    return max(0, filed.paid_fen - basic.paid_fen)

"""Catastrophic tier, assistance tier and supplementary assistance of one bill."""

from dataclasses import dataclass, field
from datetime import date

from tests.reference.basic import Basic, draw
from tests.reference.facts import Bill
from tests.reference.fractions_of_fen import banded, bands_of, half_up, share
from tests.reference.rulebook import Asked, Rulebook, known

PAID, CUT = "catastrophic_paid", "catastrophic_cut"


@dataclass
class YearState:
    """What a year remembers beside its accumulators."""

    first_category: str | None = None
    last_category: str | None = None
    last_period: int | None = None
    is_offset: bool = False


@dataclass
class Tier:
    """Base, running base, payment before limits, cuts, payment, and the moves."""

    base_fen: int = 0
    running_fen: int | None = None
    uncapped_fen: int = 0
    limit_cut_fen: int = 0
    ceiling_cut_fen: int = 0
    paid_fen: int = 0
    moves: list[tuple[str, int]] = field(default_factory=list)


def left_in_base(book: Rulebook, subject: str, asked: Asked, basic: Basic, cut_fen: int) -> int:
    """Add up what a tier's switches leave out of its base."""
    out = 0
    for switch, amount in (
        ("base_deductible", basic.deductible_fen),
        ("base_above_cap", basic.above_cap_fen),
        ("base_unfiled_cut", cut_fen),
        ("base_item_excess", basic.item_excess_fen),
    ):
        if not book.is_in(f"{subject}.{switch}", asked):
            out += amount
    return out


def turn_year(book: Rulebook, asked: Asked, state: YearState) -> None:
    """Take note of a settled bill: category, term period, and whether offsetting began."""
    category, period = asked.category("catastrophic"), book.term_period(asked.day)
    if state.first_category is None:
        state.first_category = category
    else:
        by_rule = book.word("catastrophic.on_rule_change", asked) == "offset"
        by_category = book.word("catastrophic.on_category_change", asked) == "offset"
        if by_rule and period != state.last_period:
            state.is_offset = True
        if by_category and category != state.last_category:
            state.is_offset = True
    state.last_category, state.last_period = category, period


def settle_catastrophic(
    book: Rulebook, bill: Bill, asked: Asked, used, state: YearState, basic: Basic, cut_fen: int
) -> Tier:
    """Settle the catastrophic tier (大病保险); `state` already knows this bill."""
    tier = Tier()
    day, category = asked.day, asked.category("catastrophic")
    if book.word("catastrophic.on_rule_change", asked) == "old_all_year":
        day = date(asked.day.year, 1, 1)
    if book.word("catastrophic.on_category_change", asked) == "old_all_year":
        category = state.first_category
    deductible = book.ask("catastrophic.deductible", asked, day, category)
    brackets = book.ask("catastrophic.brackets", asked, day, category)
    if "not_offered" in (deductible.status, brackets.status):
        return tier
    self_pay_first = 0
    if book.is_in("catastrophic.base_self_pay_first", asked):
        self_pay_first = bill.money_fen["self_pay_first"]
    ceiling = bill.in_scope_fen - basic.paid_fen + self_pay_first
    if not book.is_in("catastrophic.care_counts", asked):
        return tier
    out = left_in_base(book, "catastrophic", asked, basic, cut_fen)
    tier.base_fen = max(0, ceiling - out)
    if "not_known" in (deductible.status, brackets.status):
        if tier.base_fen > 0:
            known(deductible), known(brackets)
        return tier
    running_id = deductible.accumulator_id
    before, after = used[running_id], used[running_id] + tier.base_fen
    basis = book.ask("catastrophic.band_basis", asked, day).value
    scale = (bands_of(brackets.value), deductible.value, basis)
    if state.is_offset:
        earlier = used[PAID] + used[CUT]
        tier.uncapped_fen = max(0, half_up(scale_pays(scale, after)) - earlier)
    else:
        tier.uncapped_fen = half_up(scale_pays(scale, after) - scale_pays(scale, before))
    names = book.ask("catastrophic.counts_into", asked).value
    within_caps = draw(book, asked, used, names, tier.uncapped_fen)
    tier.limit_cut_fen = tier.uncapped_fen - within_caps
    tier.paid_fen = min(within_caps, ceiling)
    tier.ceiling_cut_fen = within_caps - tier.paid_fen
    tier.running_fen = after if tier.base_fen > 0 else None
    tier.moves = [(running_id, tier.base_fen), (PAID, tier.paid_fen), (CUT, tier.ceiling_cut_fen)]
    tier.moves += [(name, tier.paid_fen) for name in names]
    return tier


def scale_pays(scale, base: int):
    """Marginal band function of the accumulated base, exact."""
    bands, deductible, basis = scale
    if basis == "absolute":
        return banded(bands, base, start=deductible)
    return banded(bands, max(0, base - deductible))


def meets_condition(book: Rulebook, bill: Bill, condition) -> bool:
    """Say whether every part of a benefit kind's condition holds for the bill."""
    if condition.disease_listed and not book.is_listed(bill.disease):
        return False
    if condition.level_at_least is not None and bill.level < condition.level_at_least:
        return False
    if condition.care_types and bill.care_type not in condition.care_types:
        return False
    if condition.cost_over_fen is not None:
        costs = {"in_scope": [bill.in_scope_fen], "total": [bill.money_fen["total"]]}
        costs["either"] = costs["in_scope"] + costs["total"]
        return any(cost > condition.cost_over_fen for cost in costs[condition.cost])
    return True


def kind_of(book: Rulebook, bill: Bill, asked: Asked) -> str:
    """Return the first benefit kind whose condition holds."""
    for kind in book.tree.region.assistance_kinds:
        answer = known(book.ask("assistance.kind_condition", asked.with_(kind=kind)))
        if answer is None or meets_condition(book, bill, answer.value):
            return kind
    raise AssertionError("the last kind has no condition")


def settle_assistance(
    book: Rulebook, bill: Bill, asked: Asked, used, basic: Basic, cut_fen: int, catastrophic: int
) -> Tier:
    """Settle the assistance tier (医疗救助); `asked` names the kind."""
    tier = Tier()
    rate = book.ask("assistance.rate", asked)
    if rate.status == "not_offered" or not book.is_in("assistance.care_counts", asked):
        return tier
    words = known(book.ask("assistance.requires", asked)).value
    if not all(bill.meets(word) for word in words):
        return tier
    out = left_in_base(book, "assistance", asked, basic, cut_fen)
    tier.base_fen = max(0, bill.in_scope_fen - basic.paid_fen - catastrophic - out)
    if tier.base_fen == 0:
        return tier
    known(rate)
    deductible = known(book.ask("assistance.deductible", asked))
    per = book.word("assistance.deductible_per", asked)
    names = book.ask("assistance.counts_into", asked).value
    pay_above(tier, rate, deductible, per, used)
    tier.paid_fen = draw(book, asked, used, names, tier.uncapped_fen)
    tier.limit_cut_fen = tier.uncapped_fen - tier.paid_fen
    tier.moves += [(name, tier.paid_fen) for name in names]
    return tier


def settle_supplementary(book: Rulebook, bill: Bill, asked: Asked, used, assistance: Tier) -> Tier:
    """Settle supplementary assistance (倾斜救助) on what assistance left."""
    tier = Tier()
    base = assistance.base_fen - assistance.paid_fen
    rate = book.ask("supplementary.rate", asked)
    if base == 0 or rate.status == "not_offered":
        return tier
    words = known(book.ask("supplementary.requires", asked)).value
    if not all(bill.meets(word) for word in words):
        return tier
    tier.base_fen = base
    known(rate)
    threshold = known(book.ask("supplementary.threshold", asked))
    per = book.word("supplementary.threshold_per", asked)
    names = book.ask("supplementary.counts_into", asked).value
    pay_above(tier, rate, threshold, per, used)
    tier.paid_fen = draw(book, asked, used, names, tier.uncapped_fen)
    tier.limit_cut_fen = tier.uncapped_fen - tier.paid_fen
    tier.moves += [(name, tier.paid_fen) for name in names]
    return tier


def pay_above(tier: Tier, rate, threshold, per: str, used) -> None:
    """Pay a rate above a threshold, on the stay alone or on the running base."""
    running_id, start = threshold.accumulator_id, threshold.value
    before = 0 if running_id is None else used[running_id]

    def pays(base: int):
        return share(rate.value) * max(0, base - start)

    if per == "stay":
        amount = pays(tier.base_fen)
    else:
        amount = pays(before + tier.base_fen) - pays(before)
    tier.uncapped_fen = half_up(amount)
    if running_id is not None:
        tier.running_fen = before + tier.base_fen
        tier.moves.append((running_id, tier.base_fen))

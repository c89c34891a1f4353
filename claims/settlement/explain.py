"""From one stored row to ordered steps with operands, result and clause.

Nothing is recomputed: every number comes from the stored figures or, for the rule beside
it, from the release the settlement points to. The desk, the statement and the "why is my
share so high" page all show these steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from claims.settlement.columns import NOT_MONEY
from claims.settlement.explain_sentences import SENTENCES
from config.money import format_ppm, format_yuan
from config.policy.tree import Step as Band

if TYPE_CHECKING:
    from collections.abc import Mapping

    from claims.settlement.facts import BillFacts
    from claims.settlement.ledger import Figures
    from claims.settlement.rows import Combination
    from claims.settlement.rules import RuleBook
    from config.policy.citation import Citation
    from config.policy.tree import Answer, PolicyTree

BASE_SWITCHES = ("base_deductible", "base_above_cap", "base_item_excess", "base_unfiled_cut")


@dataclass(frozen=True)
class Step:
    """One line of the calculation.

    Attributes:
        tier: `cost`, `basic`, `catastrophic`, `assistance`, `supplementary` or `share`.
        code: stable name of the step.
        operands: names of `columns.OUTPUTS` and of rule values, in fen, ppm or counts.
        result_fen: what the line comes to.
        citations: clauses of every value used, in the order of use, none twice.
        sentence_zh, sentence_en: the line in words.
    """

    tier: str
    code: str
    operands: dict[str, int]
    result_fen: int
    citations: tuple[Citation, ...]
    sentence_zh: str
    sentence_en: str


class _Explanation:
    """Collects the steps of one settlement."""

    def __init__(self, tree: PolicyTree, combination: Combination | None, figures: Figures) -> None:
        self.tree, self.combination, self.figures = tree, combination, figures
        self.steps: list[Step] = []

    def fen(self, name: str) -> int:
        return int(self.figures.get(name, 0))

    def answer(self, key: str, use: str, **more: str | int) -> Answer | None:
        """What the release says for this bill; `use` picks the ranked category."""
        bill = self.combination
        if bill is None:
            return None
        selectors: dict[str, str | int] = {
            "care_type": bill.care_type,
            "level": bill.level,
            "grade": bill.grade,
            "off_area": bill.off_area,
            "age_group": bill.age_group,
            "disease": bill.disease,
            "category": str(getattr(bill, f"category_{use}")),
            "kind": self.kind,
        }
        return self.tree.ask(key, bill.day, **(selectors | more))

    @property
    def kind(self) -> str:
        """The assistance kind the bill drew on."""
        return self.tree.region.assistance_kinds[self.fen("assistance_kind")]

    def cite(self, use: str, *keys: str) -> tuple[Citation, ...]:
        found = [self.answer(key, use) for key in keys]
        return tuple(dict.fromkeys(answer.citation for answer in found if answer is not None))

    def add(
        self,
        tier: str,
        code: str,
        result: str,
        names: tuple[str, ...],
        citations: tuple[Citation, ...] = (),
        **extra: int | str,
    ) -> None:
        operands = {name: self.fen(name) for name in names} | {
            name: value for name, value in extra.items() if isinstance(value, int)
        }
        texts = {name: _text(name, value) for name, value in operands.items()} | {
            name: value for name, value in extra.items() if isinstance(value, str)
        }
        texts["result"] = format_yuan(self.fen(result))
        chinese, english = SENTENCES[code]
        self.steps.append(
            Step(
                tier,
                code,
                operands,
                self.fen(result),
                citations,
                chinese.format(**texts),
                english.format(**texts),
            )
        )


def explain(book: RuleBook, facts: BillFacts, figures: Figures) -> list[Step]:
    """Steps of a settlement that was paid, in the order of the calculation.

    Args:
        book: rules of the release the settlement points to.
        facts: stored facts of the bill.
        figures: stored parts and trace, by the names of `columns.OUTPUTS`.

    Returns:
        Steps; for a refused bill only the split of the cost and the own share.
    """
    page = _Explanation(book.trees[facts.release], book.combination(facts), figures)
    page.add(
        "cost",
        "in_scope",
        "in_scope",
        ("total", "fully_self_paid", "over_limit_price", "self_pay_first"),
    )
    if figures.get("outcome") == "paid" and page.combination is not None:
        _explain_basic(page, facts)
        _explain_catastrophic(page)
        _explain_aid(page)
    page.add(
        "share",
        "own_share",
        "own_share",
        (
            "total",
            "basic",
            "catastrophic",
            "assistance",
            "supplementary",
            "other_aid",
            "hospital_part",
        ),
    )
    page.add("share", "own_split", "own_share", ("own_within", "own_outside"))
    return page.steps


def _explain_basic(page: _Explanation, facts: BillFacts) -> None:
    place = _place(page)
    fixed = page.answer("basic.fixed_sum", "basic")
    if fixed is not None:
        page.add(
            "basic",
            "fixed_sum",
            "basic_uncapped",
            ("in_scope",),
            page.cite("basic", "basic.fixed_sum"),
            standard=_fen(fixed),
        )
    else:
        _explain_rate(page, facts, place)
    limits = _limits(page, "basic.counts_into", "basic")
    if page.fen("item_excess") or page.fen("above_cap"):
        citations = page.cite("basic", "basic.per_visit_limit", "basic.counts_into", *limits)
        page.add(
            "basic",
            "basic_limits",
            "basic",
            ("basic_uncapped", "item_excess", "above_cap"),
            citations,
        )
    if page.fen("unfiled_cut"):
        page.add(
            "basic",
            "unfiled_cut",
            "unfiled_cut",
            ("basic",),
            page.cite("basic", "basic.points_off", "basic.off_area_rate"),
        )
    page.add("basic", "basic", "basic", ())


def _explain_rate(page: _Explanation, facts: BillFacts, place: dict[str, str]) -> None:
    own_deductible = (
        page.answer("basic.off_area_deductible", "basic", **place)
        if place["off_area"] != "none"
        else None
    )
    keys = (
        ("basic.off_area_deductible",)
        if own_deductible is not None
        else ("basic.deductible", "basic.deductible_category_share")
    )
    citations = _cited(page, keys, place)
    order = page.answer("basic.deductible_order_share", "basic", order=_order(page, facts))
    if order is not None and own_deductible is None:
        citations += (order.citation,)
    page.add("basic", "deductible", "deductible", ("in_scope", "admission"), citations)
    own_rate = (
        page.answer("basic.off_area_rate", "basic", **place)
        if place["off_area"] != "none"
        else None
    )
    modifiers: tuple[str, ...] = (
        "basic.rate",
        "basic.age_bonus",
        "basic.category_bonus",
        "basic.points_off",
        "basic.factor",
    )
    rate_keys = ("basic.off_area_rate",) if own_rate is not None else modifiers
    rate = own_rate or page.answer("basic.rate", "basic", **place)
    citations = _cited(page, (*rate_keys, "basic.guaranteed_minimum", "basic.local_terms"), place)
    if rate is not None and isinstance(rate.value, tuple):
        page.add(
            "basic",
            "bands",
            "basic_uncapped",
            ("in_scope", "deductible"),
            citations,
            **_scale_texts(rate),
        )
    else:
        page.add(
            "basic", "rate", "basic_uncapped", ("in_scope", "deductible", "rate_ppm"), citations
        )


def _explain_catastrophic(page: _Explanation) -> None:
    if not page.fen("catastrophic_base") and not page.fen("catastrophic_uncapped"):
        return
    switches = tuple(
        f"catastrophic.{name}" for name in (*BASE_SWITCHES, "base_self_pay_first", "care_counts")
    )
    page.add(
        "catastrophic",
        "catastrophic_base",
        "catastrophic_base",
        (
            "in_scope",
            "basic",
            "self_pay_first",
            "deductible",
            "above_cap",
            "item_excess",
            "unfiled_cut",
        ),
        page.cite("catastrophic", *switches),
    )
    deductible = page.answer("catastrophic.deductible", "catastrophic")
    brackets = page.answer("catastrophic.brackets", "catastrophic")
    before = page.fen("catastrophic_running") - page.fen("catastrophic_base")
    page.add(
        "catastrophic",
        "catastrophic_scale",
        "catastrophic_uncapped",
        ("catastrophic_running",),
        page.cite(
            "catastrophic",
            "catastrophic.deductible",
            "catastrophic.brackets",
            "catastrophic.band_basis",
        ),
        before=before,
        deductible_standard=_fen(deductible),
        **_scale_texts(brackets),
    )
    if page.fen("catastrophic_cap_cut") or page.fen("catastrophic_ceiling_cut"):
        limits = _limits(page, "catastrophic.counts_into", "catastrophic")
        names = ("catastrophic_uncapped", "catastrophic_cap_cut", "catastrophic_ceiling_cut")
        page.add(
            "catastrophic",
            "catastrophic_limits",
            "catastrophic",
            names,
            page.cite("catastrophic", "catastrophic.counts_into", *limits),
        )
    page.add("catastrophic", "catastrophic", "catastrophic", ())


def _explain_aid(page: _Explanation) -> None:
    if page.fen("assistance_base"):
        switches = tuple(
            f"assistance.{name}" for name in (*BASE_SWITCHES, "care_counts", "requires")
        )
        names = (
            "in_scope",
            "basic",
            "catastrophic",
            "deductible",
            "above_cap",
            "item_excess",
            "unfiled_cut",
        )
        page.add(
            "assistance",
            "assistance_base",
            "assistance_base",
            names,
            page.cite("assistance", *switches),
        )
        _explain_aid_rate(page, "assistance", "assistance.deductible")
    if page.fen("supplementary_base"):
        page.add(
            "supplementary",
            "supplementary_base",
            "supplementary_base",
            ("assistance_base", "assistance"),
            page.cite("supplementary", "supplementary.requires"),
        )
        _explain_aid_rate(page, "supplementary", "supplementary.threshold")


def _explain_aid_rate(page: _Explanation, tier: str, deductible_key: str) -> None:
    rate, deductible = page.answer(f"{tier}.rate", tier), page.answer(deductible_key, tier)
    page.add(
        tier,
        f"{tier}_rate",
        f"{tier}_uncapped",
        (f"{tier}_base", f"{tier}_running"),
        page.cite(tier, f"{tier}.rate", deductible_key),
        standard=_fen(deductible),
        tier_rate_ppm=_fen(rate),
    )
    if page.fen(f"{tier}_limit_cut"):
        limits = _limits(page, f"{tier}.counts_into", tier)
        names = (f"{tier}_uncapped", f"{tier}_limit_cut")
        page.add(
            tier, f"{tier}_limits", tier, names, page.cite(tier, f"{tier}.counts_into", *limits)
        )
    page.add(tier, tier, tier, ())


def _place(page: _Explanation) -> dict[str, str]:
    """The off-area state whose terms were used: people on local terms are treated at home."""
    local = page.answer("basic.local_terms", "basic")
    off_area = page.combination.off_area if page.combination is not None else "none"
    return {"off_area": "none" if local is not None and local.value == "applies" else off_area}


def _order(page: _Explanation, facts: BillFacts) -> int:
    admission = page.fen("admission") if facts.care_type == "inpatient" else 1
    return min(max(admission, 1), page.tree.region.admission_orders)


def _cited(
    page: _Explanation, keys: tuple[str, ...], place: Mapping[str, str]
) -> tuple[Citation, ...]:
    found = [page.answer(key, "basic", **place) for key in keys]
    return tuple(dict.fromkeys(answer.citation for answer in found if answer is not None))


def _limits(page: _Explanation, key: str, use: str) -> tuple[str, ...]:
    answer = page.answer(key, use)
    ids = answer.value if answer is not None and isinstance(answer.value, tuple) else ()
    return tuple(f"limits.{limit_id}" for limit_id in ids)


def _fen(answer: Answer | None) -> int:
    return answer.value if answer is not None and isinstance(answer.value, int) else 0


def _scale_texts(answer: Answer | None) -> dict[str, str]:
    """A rate or bands in words of both languages."""
    value = answer.value if answer is not None else None
    if isinstance(value, int):
        return {"bands_zh": format_ppm(value), "bands_en": format_ppm(value)}
    bands = [band for band in value if isinstance(band, Band)] if isinstance(value, tuple) else []
    return {
        "bands_zh": "；".join(
            f"{format_yuan(band.over_fen)} 元以上 {format_ppm(band.pay_ppm)}" for band in bands
        ),
        "bands_en": "; ".join(
            f"above {format_yuan(band.over_fen)} {format_ppm(band.pay_ppm)}" for band in bands
        ),
    }


def _text(name: str, value: int) -> str:
    if name.endswith("_ppm"):
        return format_ppm(value)
    return str(value) if name in NOT_MONEY else format_yuan(value)

"""From one stored row to ordered steps with operands, result and clause.

No payment is computed again: every number comes from the stored figures or, for the rule
beside it, from the release the settlement points to. The desk, the statement and the "why
is my share so high" page all show these steps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from claims.settlement.columns import CATASTROPHIC_CUT, CATASTROPHIC_PAID
from claims.settlement.explain_page import Page, Step, band_texts, cited, quantity
from claims.settlement.rule_values import bands_of, read_scale
from config.money import apply_rate

if TYPE_CHECKING:
    from collections.abc import Mapping

    from claims.settlement.facts import BillFacts
    from claims.settlement.ledger import Figures
    from claims.settlement.rules import RuleBook

__all__ = ["Step", "explain"]

BASE_SWITCHES = ("base_deductible", "base_above_cap", "base_item_excess", "base_unfiled_cut")
# What the switches of a base keep in or out.
BASE_PARTS = ("deductible", "above_cap", "item_excess", "unfiled_cut")


def explain(
    book: RuleBook, facts: BillFacts, figures: Figures, opening: Mapping[str, int]
) -> list[Step]:
    """Steps of a settlement that was paid, in the order of the calculation.

    Args:
        book: rules of the release the settlement points to.
        facts: stored facts of the bill.
        figures: stored parts and trace, by the names of `columns.OUTPUTS`.
        opening: accumulators before the bill, fen by id (`desk.Settled.opening`).

    Returns:
        Steps; for a refused bill only the split of the cost and the own share.
    """
    page = Page(book, facts.release, book.combination(facts), figures, opening)
    outside = ("fully_self_paid", "over_limit_price")
    page.add("cost", "in_scope", "in_scope", ("total", *outside, "self_pay_first"))
    if figures.get("outcome") == "paid" and page.combination is not None:
        _explain_basic(page, facts)
        _explain_catastrophic(page)
        _explain_aid(page)
    funds = ("basic", "catastrophic", "assistance", "supplementary")
    page.add("share", "own_share", "own_share", ("total", *funds, "other_aid", "hospital_part"))
    page.add("share", "own_split", "own_share", ("own_within", "own_outside"))
    return page.steps


def _explain_basic(page: Page, facts: BillFacts) -> None:
    fixed = page.answer("basic.fixed_sum", "basic")
    if fixed is None:
        _explain_deductible(page, facts)
        _explain_rate(page)
    else:
        page.add(
            "basic",
            "fixed_sum",
            "basic_uncapped",
            ("in_scope",),
            cited(fixed),
            standard=quantity(fixed),
        )
    if page.fen("item_excess") or page.fen("above_cap"):
        names = ("basic_uncapped", "item_excess", "above_cap")
        citations = page.cite("basic", "basic.per_visit_limit", *page.limits("basic"))
        page.add("basic", "basic_limits", "basic", names, citations)
    if page.fen("unfiled_cut"):
        keys = ("points_off", "factor", "off_area_rate", "off_area_deductible")
        citations = page.cite("basic", *(f"basic.{key}" for key in keys))
        page.add("basic", "unfiled_cut", "unfiled_cut", ("basic",), citations)
    page.add("basic", "basic", "basic")


def _explain_deductible(page: Page, facts: BillFacts) -> None:
    own = page.answer("basic.off_area_deductible", "basic")
    used = [own]
    if own is None:
        admission = page.fen("admission") if facts.care_type == "inpatient" else 1
        order = min(max(admission, 1), page.tree.region.admission_orders)
        used = [
            page.answer("basic.deductible", "basic"),
            page.answer("basic.deductible_category_share", "basic"),
            page.answer("basic.deductible_order_share", "basic", order=order),
        ]
    used.append(page.answer("basic.deductible_sum_cap", "basic"))
    # Only a stay has an order.
    wording = "deductible" if facts.care_type == "inpatient" else "deductible_of_visit"
    names = ("in_scope", "admission")
    page.add("basic", "deductible", "deductible", names, cited(*used), wording=wording)


def _explain_rate(page: Page) -> None:
    own = page.answer("basic.off_area_rate", "basic")
    keys = ("rate", "age_bonus", "category_bonus", "points_off", "factor")
    used = [own] if own is not None else [page.answer(f"basic.{key}", "basic") for key in keys]
    floor = page.answer("basic.guaranteed_minimum", "basic")
    citations = cited(*used, floor, page.answer("basic.local_terms", "basic"))
    names = ("in_scope", "deductible")
    rules = page.book.table.rules
    bands = read_scale(rules["basic_over"], rules["basic_step"], page.row)
    code = "rate" if len(bands) == 1 else "bands"
    above = page.fen("in_scope") - page.fen("deductible")
    by_floor = apply_rate(above, quantity(floor))
    is_lifted = by_floor == page.fen("basic_uncapped") and (
        len(bands) > 1 or quantity(floor) > page.fen("rate_ppm")
    )
    if floor is not None and is_lifted:
        page.add(
            "basic",
            code,
            "basic_uncapped",
            names,
            citations,
            wording="guaranteed_minimum",
            floor_ppm=quantity(floor),
        )
    elif code == "rate":
        page.add("basic", code, "basic_uncapped", (*names, "rate_ppm"), citations)
    else:
        page.add("basic", code, "basic_uncapped", names, citations, **band_texts(bands))


def _explain_catastrophic(page: Page) -> None:
    if not page.fen("catastrophic_base") and not page.fen("catastrophic_uncapped"):
        return
    switches = (*BASE_SWITCHES, "base_self_pay_first", "care_counts")
    page.add(
        "catastrophic",
        "catastrophic_base",
        "catastrophic_base",
        ("in_scope", "basic", "self_pay_first", *BASE_PARTS),
        page.cite("catastrophic", *(f"catastrophic.{name}" for name in switches)),
    )
    _explain_scale(page)
    if page.fen("catastrophic_cap_cut") or page.fen("catastrophic_ceiling_cut"):
        names = ("catastrophic_uncapped", "catastrophic_cap_cut", "catastrophic_ceiling_cut")
        citations = page.cite("catastrophic", *page.limits("catastrophic"))
        page.add("catastrophic", "catastrophic_limits", "catastrophic", names, citations)
    page.add("catastrophic", "catastrophic", "catastrophic")


def _explain_scale(page: Page) -> None:
    deductible = page.terms("catastrophic.deductible")
    brackets = page.terms("catastrophic.brackets")
    used = [deductible, brackets, page.answer("catastrophic.band_basis", "catastrophic")]
    wording = "catastrophic_scale"
    extra = {"before": page.fen("catastrophic_running") - page.fen("catastrophic_base")}
    if page.fen("offset_met"):
        wording = "catastrophic_offset"
        # What the ceiling cut is not caught up, so it counts like what was paid.
        granted = (page.opening.get(name, 0) for name in (CATASTROPHIC_PAID, CATASTROPHIC_CUT))
        extra = {"granted": sum(granted)}
        keys = ("on_rule_change", "on_category_change")
        used += [page.answer(f"catastrophic.{key}", "catastrophic") for key in keys]
    page.add(
        "catastrophic",
        "catastrophic_scale",
        "catastrophic_uncapped",
        ("catastrophic_running",),
        cited(*used),
        wording=wording,
        deductible_standard=quantity(deductible),
        **extra,
        **band_texts([] if brackets is None else bands_of(brackets)),
    )


def _explain_aid(page: Page) -> None:
    if page.fen("assistance_base"):
        page.add(
            "assistance",
            "assistance_base",
            "assistance_base",
            ("in_scope", "basic", "catastrophic", *BASE_PARTS),
            page.cite(
                "assistance",
                *(f"assistance.{name}" for name in (*BASE_SWITCHES, "care_counts", "requires")),
            ),
        )
        _explain_aid_rate(page, "assistance", "assistance.deductible")
    if page.fen("supplementary_base"):
        names = ("assistance_base", "assistance")
        citations = page.cite("supplementary", "supplementary.requires")
        page.add("supplementary", "supplementary_base", "supplementary_base", names, citations)
        _explain_aid_rate(page, "supplementary", "supplementary.threshold")


def _explain_aid_rate(page: Page, tier: str, deductible_key: str) -> None:
    rate, deductible = page.answer(f"{tier}.rate", tier), page.answer(deductible_key, tier)
    page.add(
        tier,
        f"{tier}_rate",
        f"{tier}_uncapped",
        (f"{tier}_base", f"{tier}_running"),
        cited(rate, deductible, page.answer(f"{deductible_key}_per", tier)),
        standard=quantity(deductible),
        tier_rate_ppm=quantity(rate),
    )
    if page.fen(f"{tier}_limit_cut"):
        names = (f"{tier}_uncapped", f"{tier}_limit_cut")
        page.add(tier, f"{tier}_limits", tier, names, page.cite(tier, *page.limits(tier)))
    page.add(tier, tier, tier)

"""The words of a value as the policy page prints them, in the language of the reader."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from config.policy.citation import Citation
from config.policy.origin_words import source_in_words, why_not_known
from config.policy.tree import Entry

TIERS = {
    "basic": _("Basic insurance"),
    "catastrophic": _("Catastrophic insurance"),
    "assistance": _("Medical assistance"),
    "supplementary": _("Supplementary assistance"),
    "coverage": _("Cover"),
    "limits": _("Limit"),
}
KEYS = {
    "age_bonus": _("points more by age"),
    "band_basis": _("measure of the bands"),
    "base_above_cap": _("part above the cap in the base"),
    "base_deductible": _("deductible in the base"),
    "base_item_excess": _("part above an item limit in the base"),
    "base_self_pay_first": _("self-pay first in the base"),
    "base_unfiled_cut": _("cut for missing filing in the base"),
    "brackets": _("payment by bands"),
    "care_counts": _("care that counts"),
    "category_bonus": _("points more by category"),
    "counts_into": _("limits it counts into"),
    "cover_day": _("day that needs cover"),
    "deductible": _("deductible"),
    "deductible_category_share": _("share of the deductible by category"),
    "deductible_order_share": _("share of the deductible by admission"),
    "deductible_per": _("deductible counted per"),
    "deductible_sum_cap": _("cap on the year's deductibles"),
    "factor": _("share of the rate"),
    "fixed_sum": _("fixed sum"),
    "guaranteed_minimum": _("guaranteed minimum"),
    "kind_condition": _("conditions of the bill"),
    "late_status_supplementary": _("supplementary tier after a late status"),
    "local_terms": _("terms of home elsewhere"),
    "off_area_deductible": _("deductible of off-area care"),
    "off_area_rate": _("rate of off-area care"),
    "on_category_change": _("change of category inside a year"),
    "on_late_status": _("status granted later"),
    "on_rule_change": _("change of rules inside a year"),
    "paper_deadline": _("last day for paper claims"),
    "per_visit_limit": _("limit per visit"),
    "points_off": _("points less"),
    "rate": _("rate"),
    "requires": _("requirements"),
    "threshold": _("threshold"),
    "threshold_per": _("threshold counted per"),
}
WORDS = {
    # facts a value names
    "age_group": _("age group"),
    "care_type": _("care type"),
    "care type": _("care type"),
    "category": _("category"),
    "disease": _("disease"),
    "grade": _("grade"),
    "kind": _("assistance for"),
    "level": _("facility level"),
    "off_area": _("care elsewhere"),
    "order": _("admission number"),
    # their words
    "minor": _("minors"),
    "senior": _("seniors"),
    "adult": _("adults"),
    # states of cover
    "covered": _("Covered"),
    "waiting": _("Waiting period"),
    "not_covered": _("Not covered"),
    "duplicate": _("Covered, but a duplicate is open"),
    "inpatient": _("inpatient"),
    "general_outpatient": _("general outpatient"),
    "chronic_special": _("chronic and special outpatient"),
    "two_disease": _("hypertension and diabetes medicine"),
    "maternity": _("maternity"),
    "none": _("none"),
    "extreme_poverty": _("extreme poverty"),
    "minimum_living": _("minimum living allowance"),
    "near_poor": _("near-poor household"),
    "returned_to_poverty": _("returned to poverty"),
    "lifted_from_poverty": _("lifted from poverty"),
    "unstable_lifted": _("lifted from poverty, not stable"),
    "marginal": _("at the margin of poverty"),
    "sudden_difficulty": _("sudden severe difficulty"),
    "illness_poverty": _("poverty through illness"),
    "accident": _("accident"),
    "caesarean": _("caesarean section"),
    "natural_birth": _("natural birth"),
    "diabetes": _("diabetes"),
    "uraemia": _("uraemia"),
    "malignant_tumour": _("malignant tumour"),
    "grade_1": _("grade one"),
    "grade_2": _("grade two"),
    "ordinary": _("ordinary cost"),
    "large_cost": _("large cost"),
    "listed_disease": _("listed disease"),
    "listed disease": _("listed disease"),
    "in_province": _("in the province, filed"),
    "in_province_unfiled": _("in the province, not filed"),
    "out_province": _("outside the province, filed"),
    "out_province_unfiled": _("outside the province, not filed"),
    # what values say
    "above_deductible": _("above the deductible"),
    "admission": _("day of admission"),
    "applies": _("applies"),
    "assistance_only": _("medical assistance only"),
    "in": _("counts"),
    "out": _("does not count"),
    "no limit": _("no limit"),
    "not known": _("not known"),
    "not offered": _("not offered"),
    "nothing": _("nothing"),
    "referred": _("referred"),
    "stay": _("per stay"),
    "year": _("per year"),
    "basic_cap": _("yearly cap of basic insurance"),
    "catastrophic_cap": _("yearly cap of catastrophic insurance"),
    "outpatient_limit": _("general outpatient limit"),
    "two_disease_limit": _("limit for hypertension and diabetes medicine"),
    "chronic_limit": _("chronic and special outpatient limit"),
    "assistance_limit": _("yearly limit of medical assistance"),
    "ordinary_limit": _("assistance limit, ordinary"),
    "large_cost_limit": _("assistance limit, large cost"),
    "listed_disease_limit": _("assistance limit, listed disease"),
    "supplementary_limit": _("limit of supplementary assistance"),
    "either cost over": _("total or in-scope cost over"),
    "at least": _("at least"),
    "over": _("over"),
    "points": _("percentage points"),
    "yuan": _("yuan"),
    "and": pgettext_lazy("condition", "and"),
    "or": _("or"),
}
# The pack of the demonstration cites no notice.
SOURCES = {"demonstration (invented)": _("Demonstration value, invented")}
_WORD = re.compile(
    r"\b(" + "|".join(re.escape(word) for word in sorted(WORDS, key=len, reverse=True)) + r")\b"
)


def in_words(text: str) -> str:
    """Return a text of the pack with its codes as words; unknown ones stay as they are."""
    return _WORD.sub(lambda found: str(WORDS[found[0]]), text)


def key_in_words(key: str) -> str:
    """Return `basic.rate` as words: the tier and what of it."""
    tier, _dot, name = key.partition(".")
    said = KEYS[name] if name in KEYS else WORDS.get(name, name)
    return f"{TIERS.get(tier, tier)} · {said}"


class ShownEntry(NamedTuple):
    """The cells of one value."""

    key: str
    name: str
    selectors: str
    text: str
    start: date
    last: date
    source: str
    citation: Citation


def _origin(citation: Citation) -> str:
    text = citation.text()
    if text in SOURCES:
        return str(SOURCES[text])
    if citation.kind == "source":
        return source_in_words(citation)
    return why_not_known(citation) if citation.kind == "not_known" else text


def entry_in_words(entry: Entry) -> ShownEntry:
    """Return the cells of one value, its code beside its name."""
    return ShownEntry(
        entry.key,
        key_in_words(entry.key),
        in_words(entry.selectors),
        in_words(entry.text),
        entry.start,
        entry.last,
        _origin(entry.citation),
        entry.citation,
    )

"""The declared tables of the format: vocabularies, subjects, keys and what each key may say.

A new subject or key is a new row here; the loader, the completeness check, the tree and
the read-only browser follow from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from config.policy.region import NONE, Region

CARE_TYPES = ("inpatient", "general_outpatient", "chronic_special", "two_disease", "maternity")
"""Care types that values answer for. The run-down of old outpatient money needs no value."""

OUTPATIENT_BALANCE = "outpatient_balance"

CARE_TYPES_BY_DISEASE = ("chronic_special", "two_disease")
"""Care types whose bills are held unless they name a disease."""

OFF_AREAS = (
    "none",
    "in_province",
    "in_province_unfiled",
    "in_province_residence",
    "out_province",
    "out_province_unfiled",
    "out_province_residence",
)

CATEGORIES = (
    "extreme_poverty",
    "minimum_living",
    "near_poor",
    "returned_to_poverty",
    "unstable_lifted",
    "marginal",
    "sudden_difficulty",
    "lifted_from_poverty",
    "illness_poverty",
    "severely_disabled",
    "special_care",
    "orphan",
)

RANK_USES = ("subsidy", "basic", "catastrophic", "assistance", "supplementary")
REQUIREMENTS = ("referred", "filed", "in_province")
COSTS = ("in_scope", "total", "either")
SCHEMES = ("resident",)
REGION_KINDS = ("law", "demonstration")
RESERVED_IDS = ("catastrophic_paid", "catastrophic_cut", "outpatient_balance")
"""Accumulators that the kernel keeps by itself."""

SELECTORS = (
    "care_type",
    "level",
    "grade",
    "disease",
    "age_group",
    "category",
    "order",
    "off_area",
    "kind",
)
NUMBER_SELECTORS = ("level", "order")


class Kind(Enum):
    """What a key says."""

    MONEY = "money"
    MONEY_OR_NO_LIMIT = "money or no limit"
    RATE = "rate"
    RATE_OR_STEPS = "rate or steps"
    POINTS = "points"
    WORD = "word"
    WORDS = "words"
    IDS = "limit ids"
    CONDITION = "condition"
    DEADLINE = "deadline"


class Need(Enum):
    """For which combinations a key must answer."""

    REQUIRED = "every combination"
    UNLESS = "every combination that the named keys leave silent"
    WHERE_OFFERED = "every combination for which a named key offers something"
    OPTIONAL = "none; a combination that is silent on every day has the neutral"


class IdPlace(Enum):
    """Where the id of an accumulator may stand."""

    NOWHERE = "nowhere"
    KEY = "on the key, required"
    VALUE = "on a value, optional"


@dataclass(frozen=True)
class KeySpec:
    """One key of a subject.

    Attributes:
        subject: file it stands in.
        name: key in the file.
        kind: what it says.
        selectors: what its `for` may name.
        words: the vocabulary of a word or of words.
        need: where it must answer.
        of: the keys of the same subject that `need` names.
        but_not: keys whose answer lifts the need (a fixed sum knows no deductible).
        may_refuse: `not_offered` may stand.
        may_be_unknown: `not_known` may stand.
        id_place: where the id of its accumulator stands.
    """

    subject: str
    name: str
    kind: Kind
    selectors: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    need: Need = Need.REQUIRED
    of: tuple[str, ...] = ()
    but_not: tuple[str, ...] = ()
    may_refuse: bool = False
    may_be_unknown: bool = False
    id_place: IdPlace = IdPlace.NOWHERE

    @property
    def full_name(self) -> str:
        """Key as the tree names it: `basic.rate`."""
        return f"{self.subject}.{self.name}"


_IN_OUT = ("in", "out")
_PLACE = ("care_type", "level", "grade", "disease", "age_group")
_OFF = ("off_area", "care_type", "level", "grade")
_CARE = ("care_type", "disease")
_KIND = ("category", "kind", "care_type")


def _switch(
    subject: str, name: str, selectors: tuple[str, ...] = (), words: tuple[str, ...] = _IN_OUT
) -> KeySpec:
    return KeySpec(subject, name, Kind.WORD, selectors, words)


def _option(
    name: str, kind: Kind, selectors: tuple[str, ...], may_be_unknown: bool = False
) -> KeySpec:
    return KeySpec(
        "basic", name, kind, selectors, need=Need.OPTIONAL, may_be_unknown=may_be_unknown
    )


_BASIC = (
    KeySpec(
        "basic",
        "rate",
        Kind.RATE_OR_STEPS,
        _PLACE,
        need=Need.UNLESS,
        of=("fixed_sum",),
        may_refuse=True,
        may_be_unknown=True,
    ),
    KeySpec(
        "basic",
        "fixed_sum",
        Kind.MONEY,
        ("care_type", "disease", "level", "grade"),
        need=Need.OPTIONAL,
        may_refuse=True,
        may_be_unknown=True,
    ),
    KeySpec(
        "basic",
        "deductible",
        Kind.MONEY,
        (*_PLACE, "category"),
        need=Need.WHERE_OFFERED,
        of=("rate",),
        but_not=("fixed_sum",),
        may_be_unknown=True,
        id_place=IdPlace.VALUE,
    ),
    _option("deductible_order_share", Kind.RATE, ("care_type", "order", "level")),
    _option("deductible_category_share", Kind.RATE, ("care_type", "category")),
    KeySpec(
        "basic",
        "deductible_sum_cap",
        Kind.MONEY_OR_NO_LIMIT,
        ("grade", "category"),
        need=Need.OPTIONAL,
        id_place=IdPlace.KEY,
    ),
    _option("age_bonus", Kind.POINTS, ("age_group", "care_type", "level", "grade")),
    _option("category_bonus", Kind.POINTS, ("category", "care_type", "level", "grade")),
    _option("points_off", Kind.POINTS, ("off_area", "care_type", "level")),
    _option("factor", Kind.RATE, ("off_area", "care_type", "level", "disease")),
    _option("off_area_rate", Kind.RATE_OR_STEPS, _OFF, may_be_unknown=True),
    _option("off_area_deductible", Kind.MONEY, _OFF, may_be_unknown=True),
    KeySpec(
        "basic",
        "local_terms",
        Kind.WORD,
        ("category",),
        ("applies", "does_not_apply"),
        need=Need.OPTIONAL,
    ),
    _option("guaranteed_minimum", Kind.RATE, ("off_area", "care_type", "level")),
    _option("per_visit_limit", Kind.MONEY_OR_NO_LIMIT, ("care_type", "level", "grade", "disease")),
    KeySpec(
        "basic",
        "counts_into",
        Kind.IDS,
        ("care_type", "level", "grade", "disease"),
        need=Need.WHERE_OFFERED,
        of=("rate", "fixed_sum"),
    ),
)

_CATASTROPHIC = (
    KeySpec(
        "catastrophic",
        "deductible",
        Kind.MONEY,
        ("category",),
        may_refuse=True,
        may_be_unknown=True,
        id_place=IdPlace.KEY,
    ),
    _switch("catastrophic", "band_basis", words=("above_deductible", "absolute")),
    KeySpec(
        "catastrophic",
        "brackets",
        Kind.RATE_OR_STEPS,
        ("category",),
        may_refuse=True,
        may_be_unknown=True,
    ),
    KeySpec("catastrophic", "counts_into", Kind.IDS, ("category",)),
    _switch("catastrophic", "base_self_pay_first"),
    _switch("catastrophic", "base_deductible"),
    _switch("catastrophic", "base_above_cap"),
    _switch("catastrophic", "base_unfiled_cut"),
    _switch("catastrophic", "base_item_excess"),
    _switch("catastrophic", "care_counts", _CARE),
    _switch("catastrophic", "on_rule_change", words=("marginal", "offset", "old_all_year")),
    _switch("catastrophic", "on_category_change", words=("marginal", "offset", "old_all_year")),
)

_ASSISTANCE = (
    KeySpec("assistance", "kind_condition", Kind.CONDITION, ("kind",), need=Need.OPTIONAL),
    KeySpec(
        "assistance", "rate", Kind.RATE, (*_KIND, "level"), may_refuse=True, may_be_unknown=True
    ),
    KeySpec(
        "assistance",
        "deductible",
        Kind.MONEY,
        _KIND,
        need=Need.WHERE_OFFERED,
        of=("rate",),
        may_be_unknown=True,
        id_place=IdPlace.KEY,
    ),
    _switch("assistance", "deductible_per", words=("stay", "year")),
    KeySpec("assistance", "counts_into", Kind.IDS, _KIND, need=Need.WHERE_OFFERED, of=("rate",)),
    KeySpec("assistance", "requires", Kind.WORDS, ("category", "kind"), REQUIREMENTS),
    _switch("assistance", "base_deductible"),
    _switch("assistance", "base_above_cap"),
    _switch("assistance", "base_item_excess"),
    _switch("assistance", "base_unfiled_cut"),
    _switch("assistance", "care_counts", _CARE),
    _switch("assistance", "on_late_status", words=("assistance_only", "none", "re_run")),
    _switch("assistance", "late_status_supplementary"),
)

_SUPPLEMENTARY = (
    KeySpec(
        "supplementary",
        "rate",
        Kind.RATE,
        ("category", "care_type"),
        may_refuse=True,
        may_be_unknown=True,
    ),
    KeySpec(
        "supplementary",
        "threshold",
        Kind.MONEY,
        ("category", "care_type"),
        need=Need.WHERE_OFFERED,
        of=("rate",),
        may_be_unknown=True,
        id_place=IdPlace.KEY,
    ),
    _switch("supplementary", "threshold_per", words=("stay", "year")),
    KeySpec(
        "supplementary",
        "requires",
        Kind.WORDS,
        ("category",),
        REQUIREMENTS,
        need=Need.WHERE_OFFERED,
        of=("rate",),
    ),
    KeySpec(
        "supplementary",
        "counts_into",
        Kind.IDS,
        ("category", "care_type"),
        need=Need.WHERE_OFFERED,
        of=("rate",),
    ),
)

_COVERAGE = (
    _switch("coverage", "cover_day", words=("admission", "every_day")),
    KeySpec("coverage", "paper_deadline", Kind.DEADLINE, need=Need.OPTIONAL),
)

SUBJECTS: Mapping[str, Mapping[str, KeySpec]] = {
    "basic": {spec.name: spec for spec in _BASIC},
    "catastrophic": {spec.name: spec for spec in _CATASTROPHIC},
    "assistance": {spec.name: spec for spec in _ASSISTANCE},
    "supplementary": {spec.name: spec for spec in _SUPPLEMENTARY},
    "coverage": {spec.name: spec for spec in _COVERAGE},
}

LIMITS = "limits"
LIMIT_ROLES = ("cap", "item")
_LIMIT_SELECTORS: Mapping[str, tuple[str, ...]] = {
    "basic": ("category", "grade", "disease", "care_type", "age_group", "level"),
    "catastrophic": ("category", "grade", "disease", "care_type", "age_group", "level"),
    "assistance": ("category", "kind", "care_type", "grade"),
    "supplementary": ("category", "care_type", "grade"),
}
SUBJECTS_WITH_LIMITS = tuple(_LIMIT_SELECTORS)


def limit_spec(subject: str, limit_id: str) -> KeySpec:
    """Return the row of a limit that a subject defines."""
    return KeySpec(
        LIMITS, limit_id, Kind.MONEY_OR_NO_LIMIT, _LIMIT_SELECTORS[subject], may_be_unknown=True
    )


def vocabulary(region: Region, selector: str, subject: str) -> tuple[str | int, ...]:
    """Return every word a selector can take in a subject of a region.

    Categories are those ranked for the subject, and `none`.
    """
    words: Mapping[str, tuple[str | int, ...]] = {
        "care_type": CARE_TYPES,
        "level": region.levels,
        "grade": region.grades,
        "disease": (NONE, *region.diseases),
        "age_group": tuple(group.code for group in region.age_groups),
        "category": (*region.ranks.get(subject, ()), NONE),
        "order": tuple(range(1, region.admission_orders + 1)),
        "off_area": OFF_AREAS,
        "kind": region.assistance_kinds,
    }
    return words[selector]

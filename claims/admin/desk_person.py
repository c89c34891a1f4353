"""What the desk shows of a person before a bill is entered: the card, and the year so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from claims.models import Bill, BillHold
from claims.selectors.ledger import current_versions
from claims.selectors.year import account_year
from claims.settlement.facts import worst_cover
from config import calendar
from config.errors import DomainError
from config.policy.answers import Answer
from config.policy.region import NONE
from config.policy.selectors import active_tree
from config.policy.tree import PolicyTree
from enrollment.models import CategorySpell, CoverageSpell, Person
from enrollment.selectors.facts import category_on, coverage_on

LAST_BILLS = 5
# The yearly deductible of a tier accumulates under the id of one of these keys.
DEDUCTIBLES = (
    ("catastrophic.deductible", _("Deductible of catastrophic insurance")),
    ("assistance.deductible", _("Deductible of medical assistance")),
    ("supplementary.threshold", _("Threshold of supplementary assistance")),
)
GRADE_NAMES = {"none": "", "grade_1": _("Grade one"), "grade_2": _("Grade two")}
LIMIT_NAMES = {
    "basic_cap": _("Yearly cap of basic insurance"),
    "outpatient_limit": _("General outpatient limit"),
    "two_disease_limit": _("Limit for hypertension and diabetes medicine"),
    "chronic_limit": _("Chronic and special outpatient limit"),
    "catastrophic_cap": _("Yearly cap of catastrophic insurance"),
    "assistance_limit": _("Yearly limit of medical assistance"),
    "ordinary_limit": _("Assistance limit, ordinary"),
    "large_cost_limit": _("Assistance limit, large cost"),
    "listed_disease_limit": _("Assistance limit, listed disease"),
    "supplementary_limit": _("Limit of supplementary assistance"),
}


@dataclass(frozen=True)
class Card:
    """A person on one day.

    Attributes:
        grade: grade of the cover in words; empty where the region has none.
        categories: recognised on the day, in neutral words.
        cover: the spell of the day; None where nothing is recorded.
        cover_word: its status, `none` without.
    """

    person: Person
    day: date
    grade: Any
    categories: list[CategorySpell]
    cover: CoverageSpell | None
    cover_word: str


@dataclass(frozen=True)
class YearLine:
    """One deductible or limit of the year.

    Attributes:
        standard_fen: the deductible or limit; None where there is no limit.
        left_fen: what is left of it; None where there is no limit.
        is_cap: the cap of a whole tier, shown although nothing was used.
    """

    name: Any
    used_fen: int
    standard_fen: int | None
    left_fen: int | None
    is_cap: bool = True


@dataclass(frozen=True)
class YearPanel:
    """What a person used in a benefit year, and the last bills."""

    year: int
    deductibles: list[YearLine]
    limits: list[YearLine]
    admissions: int
    bills: list[Bill]

    @property
    def limits_drawn(self) -> list[YearLine]:
        """Caps of the tiers, and limits something was drawn from."""
        return [line for line in self.limits if line.used_fen or line.is_cap]

    @property
    def limits_untouched(self) -> list[YearLine]:
        """Every other limit."""
        return [line for line in self.limits if not (line.used_fen or line.is_cap)]


def person_card(person: Person, day: date) -> Card:
    """Return the card of a person as it stands on a day."""
    cover = coverage_on(person, day)
    word = worst_cover([cover.status] if cover else [])
    grade = GRADE_NAMES.get(cover.grade, cover.grade) if cover else ""
    return Card(person, day, grade, category_on(person, day), cover, word)


def cover_clause(reason: str, cover: CoverageSpell | None) -> str:
    """Return what the record of cover rests on, for the reasons it decides."""
    if cover is None or reason not in {"H02", "R01", "R02"}:
        return ""
    return "; ".join(text for text in (cover.reason, cover.clause) if text)


def year_panel(person: Person, year: int) -> YearPanel:
    """Return what a person used in a year, against the rules for them on its last known day."""
    so_far = account_year(person, year)
    used = so_far.used
    deductibles, limits = [], []
    try:
        tree = active_tree(person.office.region)
    except DomainError:
        pass
    else:
        day = _day_of(tree, year)
        if day is not None:
            facts = _facts(tree, person, day)
            deductibles = _deductibles(tree, day, facts, used)
            limits = _limits(tree, day, facts, used)
    return YearPanel(year, deductibles, limits, so_far.admissions, _last_bills(person))


def _day_of(tree: PolicyTree, year: int) -> date | None:
    """The day whose rules are shown: today, or the last day of an earlier year."""
    day = min(date(year, 12, 31), calendar.today(), tree.region.known_through)
    return day if day.year == year and day >= tree.region.known_from else None


def _facts(tree: PolicyTree, person: Person, day: date) -> dict[str, dict[str, str | int]]:
    """What selects values for a person on a day, by subject; care is left open."""
    held = [spell.category for spell in category_on(person, day)]
    cover = coverage_on(person, day)
    region = tree.region
    grade = cover.grade if cover and cover.grade in region.grades else region.grades[0]
    plain: dict[str, str | int] = {
        "grade": grade,
        "age_group": region.age_group(person.birth_on, day),
        "care_type": "inpatient",
        "level": region.levels[-1],
        "off_area": NONE,
        "disease": NONE,
        "order": 1,
        "kind": region.assistance_kinds[0] if region.assistance_kinds else NONE,
    }
    return {
        subject: plain | {"category": region.category(subject, held)}
        for subject in ("basic", "catastrophic", "assistance", "supplementary")
    }


def _deductibles(
    tree: PolicyTree, day: date, facts: Mapping[str, Any], used: Mapping[str, Any]
) -> list[YearLine]:
    lines = []
    for key, name in DEDUCTIBLES:
        known = tree.pack.keys.get(key)
        answer = tree.ask(key, day, **facts[tree.subject_of(key)]) if known else None
        if answer is None or known.accumulator_id is None or not isinstance(answer.value, int):
            continue
        counted = min(int(used.get(known.accumulator_id, 0)), answer.value)
        lines.append(YearLine(name, counted, answer.value, answer.value - counted))
    return lines


def _limits(
    tree: PolicyTree, day: date, facts: Mapping[str, Any], used: Mapping[str, Any]
) -> list[YearLine]:
    lines = []
    for limit_id in tree.limit_ids:
        key = f"limits.{limit_id}"
        spent = int(used.get(limit_id, 0))
        answer = tree.ask(key, day, **facts[tree.subject_of(key)])
        if answer is None or not answer.is_offered:
            if spent:
                lines.append(YearLine(_limit_name(limit_id), spent, None, None))
            continue
        lines.append(_limit_line(limit_id, spent, answer))
    return lines


def _limit_line(limit_id: str, spent: int, answer: Answer) -> YearLine:
    is_cap = answer.role == "cap"
    if answer.is_unlimited or not isinstance(answer.value, int):
        return YearLine(_limit_name(limit_id), spent, None, None, is_cap)
    left = max(answer.value - spent, 0)
    return YearLine(_limit_name(limit_id), spent, answer.value, left, is_cap)


def _limit_name(limit_id: str) -> Any:
    return LIMIT_NAMES.get(limit_id, limit_id)


def _last_bills(person: Person) -> list[Bill]:
    """Return the last bills with their current version and last hold, in four queries."""
    return list(
        Bill.objects.filter(person=person)
        .order_by("-pk")
        .prefetch_related(
            Prefetch(
                "settlements",
                queryset=current_versions().select_related("bill_version__facility"),
                to_attr="current",
            ),
            Prefetch("holds", queryset=BillHold.objects.order_by("pk"), to_attr="hold_rows"),
        )[:LAST_BILLS]
    )

"""What is recorded of a person on given days: cover, grade, categories, certifications."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Q, QuerySet

from enrollment.models import CategorySpell, CoverageSpell, DiseaseCertification, Person


class Recorded(NamedTuple):
    """Something recorded for days, both ends inclusive; `through_on` None is open."""

    what: str
    from_on: date
    through_on: date | None


@dataclass(frozen=True)
class PersonFacts:
    """Everything recorded of a person that touches the days asked for.

    Attributes:
        born_on: date of birth.
        grade: grade of the cover on the last day asked for, else on the first; `none` without.
        cover: statuses of cover.
        categories: recognised categories.
        certified: certified diseases.
    """

    born_on: date
    grade: str
    cover: tuple[Recorded, ...]
    categories: tuple[Recorded, ...]
    certified: tuple[Recorded, ...]


def person_facts(
    person: Person, admitted_on: date, discharged_on: date, scheme: str = "resident"
) -> PersonFacts:
    """Return what is recorded of a person for a stay.

    Args:
        person: of an office in scope.
        admitted_on: first day of care.
        discharged_on: last day of care, the deciding day.
        scheme: scheme whose cover is asked.
    """
    span = (admitted_on, discharged_on)
    cover = list(_touching(CoverageSpell.objects.filter(person=person, scheme=scheme), *span))
    categories = _touching(CategorySpell.objects.filter(person=person), *span)
    certified = _touching(DiseaseCertification.objects.filter(person=person), *span)
    return PersonFacts(
        born_on=person.birth_on,
        grade=_grade(cover, discharged_on) or _grade(cover, admitted_on) or "none",
        cover=tuple(Recorded(row.status, row.from_on, row.through_on) for row in cover),
        categories=tuple(Recorded(row.category, row.from_on, row.through_on) for row in categories),
        certified=tuple(Recorded(row.disease, row.from_on, row.through_on) for row in certified),
    )


def coverage_on(person: Person, day: date, scheme: str = "resident") -> CoverageSpell | None:
    """Return the coverage spell of a day, or None where nothing is recorded."""
    spells = CoverageSpell.objects.filter(person=person, scheme=scheme)
    return _touching(spells, day, day).first()


def category_on(person: Person, day: date) -> list[CategorySpell]:
    """Return the categories held on a day; which of them counts is said by the policy."""
    return list(_touching(CategorySpell.objects.filter(person=person), day, day))


def _touching(spells: QuerySet, first: date, last: date) -> QuerySet:
    is_open = Q(through_on__isnull=True) | Q(through_on__gte=first)
    return spells.filter(is_open, from_on__lte=last).order_by("from_on", "id")


def _grade(cover: list[CoverageSpell], day: date) -> str:
    for spell in cover:
        if spell.from_on <= day and (spell.through_on is None or day <= spell.through_on):
            return spell.grade
    return ""

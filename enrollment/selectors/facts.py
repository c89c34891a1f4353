"""What is recorded of a person on given days: cover, grade, categories, certifications."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db import connection
from django.db.models import Q, QuerySet

from config.offices import scope
from enrollment.models import CategorySpell, CoverageSpell, Person

# Every settlement asks for all three, so they come in one statement. The offices in scope are
# named as the managers name them; row-level security asks again.
_TOUCHING = """
FROM {table}
WHERE person_id = %(person)s AND office_id = ANY(%(offices)s) AND from_on <= %(last)s
    AND (through_on IS NULL OR through_on >= %(first)s)
"""
_RECORDED = f"""
SELECT 'cover' AS kind, grade, status AS what, from_on, through_on, id
{_TOUCHING.format(table="enrollment_coveragespell")} AND scheme = %(scheme)s
UNION ALL
SELECT 'category', '', category, from_on, through_on, id
{_TOUCHING.format(table="enrollment_categoryspell")}
UNION ALL
SELECT 'certified', '', disease, from_on, through_on, id
{_TOUCHING.format(table="enrollment_diseasecertification")}
ORDER BY from_on, id
"""


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
    asked = {
        "person": person.pk,
        "scheme": scheme,
        "first": admitted_on,
        "last": discharged_on,
        "offices": list(scope.current().office_ids),
    }
    recorded: dict[str, list[Recorded]] = {"cover": [], "category": [], "certified": []}
    grades = []
    with connection.cursor() as cursor:
        cursor.execute(_RECORDED, asked)
        for kind, grade, what, from_on, through_on, _id in cursor.fetchall():
            recorded[kind].append(Recorded(what, from_on, through_on))
            if kind == "cover":
                grades.append(grade)
    cover = list(zip(recorded["cover"], grades, strict=True))
    return PersonFacts(
        born_on=person.birth_on,
        grade=_grade(cover, discharged_on) or _grade(cover, admitted_on) or "none",
        cover=tuple(recorded["cover"]),
        categories=tuple(recorded["category"]),
        certified=tuple(recorded["certified"]),
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


def _grade(cover: list[tuple[Recorded, str]], day: date) -> str:
    for spell, grade in cover:
        if spell.from_on <= day and (spell.through_on is None or day <= spell.through_on):
            return grade
    return ""

"""Invented people with cover, categories and certifications; made inside a scope."""

from __future__ import annotations

from datetime import date
from itertools import count

from config.identity.digest import keyed_digest
from config.identity.keys import key_ring
from config.offices.models import Office
from enrollment.models import CategorySpell, CoverageSpell, DiseaseCertification, Person
from tests.factories.acts import recorded

LONG_AGO = date(2019, 1, 1)
_numbers = count(1)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def id_number(number: int, born_on: date) -> str:
    """Return a number with a valid check character under a prefix no region has."""
    body = f"09{number // 1000 % 10000:04d}{born_on:%Y%m%d}{number % 1000:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def make_person(office: Office, *, covered: bool = True, grade: str = "grade_1", **facts) -> Person:
    """Make a person, covered since long ago unless asked otherwise."""
    number = next(_numbers)
    born_on = facts.pop("birth_on", date(1970, 1, 1))
    plain = id_number(number, born_on)
    with recorded(office):
        person = Person.objects.create(
            office=office,
            name=facts.pop("name", f"示例{number}"),
            id_number=plain,
            id_digest=keyed_digest(key_ring(), plain, "id_number"),
            id_last4=plain[-4:],
            birth_on=born_on,
            sex=facts.pop("sex", "female"),
            is_demonstration=True,
            **facts,
        )
    if covered:
        make_cover(person, grade=grade)
    return person


def make_cover(person: Person, status: str = "covered", **facts) -> CoverageSpell:
    """Record cover; open from long ago unless days are given."""
    facts.setdefault("from_on", LONG_AGO)
    facts.setdefault("grade", "grade_1")
    with recorded(person.office):
        return CoverageSpell.objects.create(
            office_id=person.office_id, person=person, status=status, **facts
        )


def make_category(person: Person, category: str, **facts) -> CategorySpell:
    """Record a category; open from long ago unless days are given."""
    facts.setdefault("from_on", LONG_AGO)
    with recorded(person.office):
        return CategorySpell.objects.create(
            office_id=person.office_id, person=person, category=category, **facts
        )


def make_certification(person: Person, disease: str, **facts) -> DiseaseCertification:
    """Record a certification; open from long ago unless days are given."""
    facts.setdefault("from_on", LONG_AGO)
    with recorded(person.office):
        return DiseaseCertification.objects.create(
            office_id=person.office_id, person=person, disease=disease, **facts
        )

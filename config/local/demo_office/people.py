"""The invented people of a county, with what is recorded of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from config.identity.numbers import check_character
from config.local.demo_office.words import CATEGORIES, GIVEN, SURNAMES, VILLAGES, County
from enrollment.models import Person
from enrollment.services.person import PersonInput, person_register
from enrollment.services.spells import category_spell_add, certification_add, coverage_spell_add

PER_COUNTY = 100
SINCE = date(2024, 1, 1)
CHRONIC = ("hypertension", "diabetes")
SERIOUS = ("malignant_tumour", "uraemia")


@dataclass(frozen=True)
class Invented:
    """One invented person and the facts that make a bill interesting."""

    person: Person
    categories: tuple[str, ...]
    diseases: tuple[str, ...]
    is_covered: bool


def make_people(draw: Random, county: County, county_number: int) -> list[Invented]:
    """Register the people of a county and record cover, categories and certifications."""
    return [
        _make_person(draw, county, county_number, number) for number in range(1, PER_COUNTY + 1)
    ]


def _make_person(draw: Random, county: County, county_number: int, number: int) -> Invented:
    born_on = date(1936, 1, 1) + timedelta(days=draw.randrange(366 * 86))
    given = "".join(draw.choice(GIVEN) for _ in range(draw.choice((1, 2, 2))))
    person = person_register(
        PersonInput(
            name=draw.choice(SURNAMES) + given,
            id_number=_id_number(county_number, number, born_on),
            phone=f"1{draw.choice('389')}0{county_number:02d}{number:06d}",
            township=draw.choice(county.townships),
            village=draw.choice(VILLAGES),
            is_demonstration=True,
        )
    )
    is_covered = _record_cover(draw, person, number)
    return Invented(
        person, _record_category(draw, person), _record_disease(draw, person), is_covered
    )


def _id_number(county_number: int, number: int, born_on: date) -> str:
    """Return a number with a valid check character under a division no region has."""
    first_17 = f"0900{county_number:02d}{born_on:%Y%m%d}{number:03d}"
    return first_17 + check_character(first_17)


def _record_cover(draw: Random, person: Person, number: int) -> bool:
    """Record cover; a few people have none, wait, or are claimed by two schemes."""
    grade = "grade_1" if draw.random() < 0.7 else "grade_2"
    if number % 25 == 0:
        return False
    if number % 25 == 1:
        first = date(2026, 9, 1)
        coverage_spell_add(person, "waiting", first, date(2026, 12, 31), reason="断保后补缴")
        return False
    if number % 25 == 2:
        coverage_spell_add(person, "duplicate", SINCE, grade=grade, reason="与职工医保重复，待核实")
        return False
    coverage_spell_add(person, "covered", SINCE, grade=grade)
    return True


def _record_category(draw: Random, person: Person) -> tuple[str, ...]:
    if draw.random() > 0.3:
        return ()
    category, _weight, department = draw.choices(
        CATEGORIES, [weight for _category, weight, _department in CATEGORIES]
    )[0]
    # Some were recognised in the middle of a year: the change shows in their accounts.
    from_on = draw.choice((SINCE, SINCE, date(2025, 7, 1), date(2026, 4, 1)))
    category_spell_add(
        person,
        category,
        from_on,
        deciding_department=department,
        document=f"演示〔{from_on.year}〕{person.pk}号",
        source="部门名单",
    )
    return (category,)


def _record_disease(draw: Random, person: Person) -> tuple[str, ...]:
    if draw.random() > 0.3:
        return ()
    disease = draw.choice(CHRONIC * 3 + SERIOUS)
    certification_add(person, disease, SINCE, document=f"慢特病认定{person.pk:05d}")
    return (disease,)

"""Spells: recorded once, without overlap, in the words of the region."""

from datetime import date

import pytest

from config.errors import InvalidInput, Refused
from config.offices.acting import run_in_office
from enrollment.models import CategorySpell, CoverageSpell
from enrollment.selectors.facts import category_on, coverage_on, person_facts
from enrollment.services.spells import category_spell_add, certification_add, coverage_spell_add
from tests.factories.enrollment import make_person

JANUARY, JUNE, DECEMBER = date(2025, 1, 1), date(2025, 6, 1), date(2025, 12, 31)


@pytest.fixture
def person(desk, acting):
    return make_person(desk.east, covered=False)


def test_days_are_inclusive_at_both_ends(person):
    category_spell_add(person, "minimum_living", JANUARY, JUNE)
    assert [row.category for row in category_on(person, JUNE)] == ["minimum_living"]
    assert category_on(person, date(2025, 6, 2)) == []
    category_spell_add(person, "minimum_living", date(2025, 6, 2))
    assert CategorySpell.objects.count() == 2


def test_the_same_days_are_recorded_once(person):
    coverage_spell_add(person, "covered", JANUARY, JUNE)
    for first, last in ((JUNE, None), (JANUARY, JANUARY)):
        with pytest.raises(InvalidInput) as error:
            coverage_spell_add(person, "waiting", first, last)
        assert error.value.code == "enrollment.spell.days_recorded"
    assert CoverageSpell.objects.count() == 1


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda p: category_spell_add(p, "rich", JANUARY), "enrollment.category.unknown"),
        (lambda p: coverage_spell_add(p, "maybe", JANUARY), "enrollment.coverage.status_unknown"),
        (
            lambda p: coverage_spell_add(p, "covered", JANUARY, grade="gold"),
            "enrollment.coverage.grade_unknown",
        ),
        (lambda p: certification_add(p, "plague", JANUARY), "enrollment.certification.unknown"),
        (
            lambda p: certification_add(p, "uraemia", JUNE, JANUARY),
            "enrollment.spell.days_reversed",
        ),
    ],
)
def test_what_the_region_does_not_know_is_refused(person, act, code):
    with pytest.raises(InvalidInput) as error:
        act(person)
    assert error.value.code == code
    assert error.value.field


def test_the_grade_is_that_of_the_deciding_day(person):
    coverage_spell_add(person, "covered", JANUARY, JUNE, grade="grade_1")
    coverage_spell_add(person, "covered", date(2025, 6, 2), DECEMBER, grade="grade_2")
    facts = person_facts(person, JUNE, date(2025, 6, 3))
    assert facts.grade == "grade_2"
    assert [row.what for row in facts.cover] == ["covered", "covered"]
    assert coverage_on(person, JUNE).grade == "grade_1"


def test_a_reviewer_records_nothing(desk, person):
    with run_in_office(desk.east, desk.reviewer), pytest.raises(Refused):
        coverage_spell_add(person, "covered", JANUARY)

from datetime import date

import pytest

from claims.settlement.people import Bill, Person, Spell, resolve_facts
from tests.claims.settlement.plain import plain_tree

BORN = date(1970, 1, 1)
ADMITTED, DISCHARGED = date(2022, 2, 1), date(2022, 2, 10)
BILL = Bill("inpatient", DISCHARGED, 10_000_00, level=3, admitted_on=ADMITTED)


@pytest.fixture
def tree(tmp_path):
    return plain_tree(tmp_path)


@pytest.fixture
def every_day(tmp_path):
    return plain_tree(tmp_path, {"coverage.cover_day": [({}, "every_day")]})


def covered(*spells):
    return Person(BORN, cover=tuple(Spell(*spell) for spell in spells))


def test_both_ends_of_a_spell_hold():
    spell = Spell("covered", ADMITTED, DISCHARGED)
    assert spell.holds_on(ADMITTED)
    assert spell.holds_on(DISCHARGED)
    assert not spell.holds_on(date(2022, 1, 31))
    assert not spell.holds_on(date(2022, 2, 11))
    assert Spell("covered", ADMITTED).holds_on(date(2099, 1, 1))


def test_without_a_record_there_is_none_and_doubt_beats_cover():
    assert covered().cover_on(ADMITTED) == "none"
    both = covered(("covered", BORN), ("duplicate", ADMITTED, ADMITTED))
    assert both.cover_on(ADMITTED) == "duplicate"
    assert both.cover_on(DISCHARGED) == "covered"


def test_cover_on_admission_carries_the_stay_where_the_pack_says_so(tree, every_day):
    ends = covered(("covered", BORN, date(2022, 2, 9)))
    assert resolve_facts(tree, BILL, ends).cover == "covered"
    assert resolve_facts(every_day, BILL, ends).cover == "none"
    waits = covered(("waiting", BORN, ADMITTED), ("covered", date(2022, 2, 2)))
    assert resolve_facts(tree, BILL, waits).cover == "waiting"
    assert resolve_facts(every_day, BILL, waits).cover == "waiting"
    whole = covered(("covered", ADMITTED, DISCHARGED))
    assert resolve_facts(every_day, BILL, whole).cover == "covered"


def test_outside_the_pack_the_day_of_admission_is_asked(every_day):
    late = Bill("inpatient", date(2023, 1, 2), 100, admitted_on=date(2022, 12, 30))
    ends = covered(("covered", BORN, date(2022, 12, 30)))
    assert resolve_facts(every_day, late, ends).cover == "covered"


def test_categories_are_those_of_the_deciding_day_by_rank(tmp_path):
    ranks = {
        use: ["extreme_poverty", "minimum_living", "near_poor"]
        for use in ("subsidy", "basic", "catastrophic", "assistance", "supplementary")
    }
    ranks["assistance"] = ["near_poor", "minimum_living"]
    ranks["supplementary"] = ["extreme_poverty"]
    tree = plain_tree(tmp_path, region={"ranks": ranks})
    person = Person(
        BORN,
        categories=(
            Spell("minimum_living", BORN),
            Spell("near_poor", DISCHARGED),
            Spell("extreme_poverty", BORN, date(2022, 2, 9)),
        ),
    )
    facts = resolve_facts(tree, BILL, person)
    assert facts.category_basic == "minimum_living"
    assert facts.category_assistance == "near_poor"
    assert facts.category_supplementary == "none"


def test_age_is_that_of_the_deciding_day(tree):
    assert resolve_facts(tree, BILL, Person(date(2004, 2, 10))).age_group == "adult"
    assert resolve_facts(tree, BILL, Person(date(2004, 2, 11))).age_group == "minor"


def test_certified_is_for_this_disease_on_this_day(tree):
    bill = Bill("chronic_special", DISCHARGED, 100, disease="uraemia")

    def certified(*spell):
        return resolve_facts(tree, bill, Person(BORN, certified=(Spell(*spell),))).is_certified

    assert certified("uraemia", DISCHARGED)
    assert not certified("uraemia", date(2022, 2, 11))
    assert not certified("diabetes", BORN)


def test_a_visit_is_admitted_on_its_day_and_amounts_come_along(tree):
    bill = Bill("general_outpatient", DISCHARGED, 100, other_aid_fen=7, release="r")
    facts = resolve_facts(tree, bill, Person(BORN))
    assert facts.admitted_on == DISCHARGED
    assert (facts.total_fen, facts.other_aid_fen, facts.release) == (100, 7, "r")

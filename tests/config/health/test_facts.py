"""Facts are read from wherever a package says them, and none hides another."""

import pytest
from django.db import connection

from config.errors import Refused
from config.health.facts import HealthFact, State, read_facts
from config.offices import scope


def well():
    return HealthFact("well", State.OK, "fine")


def late():
    return HealthFact("late", State.LATE, "ninety minutes old")


def refused():
    raise Refused("offices.act.not_allowed", act="health.view")


def breaks_the_transaction():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")


def who_asks():
    acting = scope.current()
    return HealthFact("who", State.OK, f"{acting.agent} {len(acting.office_ids)} {acting.user_id}")


def listed(settings, *functions):
    settings.HEALTH_FACTS = [f"{__name__}.{function.__name__}" for function in functions]


def test_facts_come_in_the_order_of_the_settings(settings, db):
    listed(settings, late, well)
    assert [(fact.name, fact.is_alarm) for fact in read_facts()] == [
        ("late", True),
        ("well", False),
    ]


@pytest.mark.parametrize("broken", [refused, breaks_the_transaction])
def test_a_fact_that_cannot_be_read_is_an_alarm_and_hides_no_other(settings, db, broken):
    listed(settings, broken, well)
    assert [(fact.name, fact.state) for fact in read_facts()] == [
        (broken.__name__, "unknown"),
        ("well", "ok"),
    ]


def test_facts_are_read_as_the_system_over_all_offices(settings, offices):
    listed(settings, who_asks)
    assert read_facts()[0].said == f"health {len(vars(offices))} None"
    assert scope.current_or_none() is None


def test_a_word_that_is_no_state_is_refused():
    with pytest.raises(ValueError, match="fine"):
        HealthFact("x", "fine", "")

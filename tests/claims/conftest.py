"""A county with rules in force, a hospital, and a clerk who acts."""

from types import SimpleNamespace

import pytest

from config.offices.acting import run_in_office
from tests.factories.acts import recorded
from tests.factories.claims import REGION, make_facility, make_rules
from tests.factories.enrollment import make_person
from tests.factories.offices import make_offices, make_user


def make_desk():
    """Make offices of the demonstration region with people of each role, rules and a hospital."""
    offices = make_offices()
    with recorded(offices.pool):
        for office in (offices.pool, offices.east, offices.township, offices.west):
            office.region = REGION
            office.save(update_fields=["region"])
    return SimpleNamespace(
        offices=offices,
        east=offices.east,
        clerk=make_user(offices.east, "clerk"),
        reviewer=make_user(offices.east, "reviewer"),
        supervisor=make_user(offices.east, "supervisor"),
        release=make_rules(offices.pool),
        hospital=make_facility(),
    )


@pytest.fixture
def desk(db):
    return make_desk()


@pytest.fixture
def acting(desk):
    with run_in_office(desk.east, desk.clerk) as scope:
        yield scope


@pytest.fixture
def person(desk, acting):
    return make_person(desk.east)

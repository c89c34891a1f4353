"""A clerk of a county, with rules in force."""

import pytest

from config.offices.acting import run_in_office
from tests.claims.conftest import make_desk


@pytest.fixture
def desk(db):
    return make_desk()


@pytest.fixture
def acting(desk):
    with run_in_office(desk.east, desk.clerk) as scope:
        yield scope

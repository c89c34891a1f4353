"""Fixtures of the foundation's tests."""

import pytest

from tests.factories.offices import make_offices


@pytest.fixture
def offices(db):
    return make_offices()

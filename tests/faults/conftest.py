"""The machine that fault tests kill."""

import pytest

from tests.faults.archived import archived  # noqa: F401  a fixture, found by its name
from tests.faults.machine import machine_for_one_test, servers


@pytest.fixture(scope="session")
def machine_servers(django_test_environment, django_db_blocker):
    with django_db_blocker.unblock(), servers() as database:
        yield database


@pytest.fixture
def machine(machine_servers, django_db_blocker):
    """Give fresh tables on a durable server, an empty broker, and programs to start and kill."""
    with django_db_blocker.unblock(), machine_for_one_test(machine_servers) as made:
        yield made

"""A deployment refuses a database that may lose or show what it must not."""

from unittest import mock

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from config import database_safety
from config.database_safety import (
    Standing,
    problems_of,
    refuse_new_connection,
    standing_of,
)
from config.health import checks

SAFE = Standing("on", "on", "on", "on", is_above_fences=False, owns_tables=False)
UNSAFE = {
    "fsync": {"fsync": "off"},
    "full_page_writes": {"full_page_writes": "off"},
    "synchronous_commit": {"synchronous_commit": "off"},
    "data_checksums": {"data_checksums": "off"},
    "superuser": {"is_above_fences": True, "owns_tables": True},
    "table_owner": {"owns_tables": True},
}


def test_a_safe_database_is_taken():
    assert problems_of(SAFE) == []
    assert set(UNSAFE) == set(database_safety.SAID)


@pytest.mark.row("B16")
@pytest.mark.parametrize("name", UNSAFE)
def test_each_unsafe_fact_is_named(name):
    assert problems_of(SAFE._replace(**UNSAFE[name])) == [name]


@pytest.mark.django_db
def test_the_role_of_the_tests_owns_nothing_and_its_server_is_fast_and_unsafe():
    standing = standing_of(connection)
    assert not standing.is_above_fences
    assert not standing.owns_tables
    assert standing.data_checksums == "on"


@pytest.fixture
def asked(monkeypatch, settings):
    settings.REFUSE_UNSAFE_DATABASE = True
    monkeypatch.setattr(database_safety._Asked, "done", False)
    found = mock.Mock(return_value=SAFE)
    monkeypatch.setattr(database_safety, "standing_of", found)
    monkeypatch.setattr(checks, "standing_of", found)
    return found


def test_the_first_connection_is_refused_and_closed(asked):
    made = mock.Mock(alias="default")
    asked.return_value = SAFE._replace(fsync="off")
    with pytest.raises(ImproperlyConfigured, match="fsync"):
        refuse_new_connection(made)
    made.close.assert_called_once()


def test_a_safe_server_is_asked_once_and_other_roles_not_at_all(asked):
    refuse_new_connection(mock.Mock(alias="owner"))
    assert asked.call_count == 0
    for _ in range(3):
        refuse_new_connection(mock.Mock(alias="default"))
    assert asked.call_count == 1


@pytest.mark.django_db
def test_the_check_reports_each_by_name(asked):
    asked.return_value = SAFE._replace(fsync="off", full_page_writes="off")
    assert [each.id for each in checks.check_database()] == [
        "health.fsync",
        "health.full_page_writes",
    ]
    asked.side_effect = database_safety.UnsafeDatabase(["table_owner"])
    assert [each.id for each in checks.check_database()] == ["health.table_owner"]
    asked.side_effect = database_safety.OperationalError("gone")
    assert [each.id for each in checks.check_database()] == ["health.unreachable"]

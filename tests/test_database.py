"""The database of the tests is used as the product uses its own."""

import pytest
from django.contrib.sessions.models import Session
from django.db import connections
from django.test.testcases import DatabaseOperationForbidden
from django.utils import timezone


def who(alias):
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT current_user::text, current_setting('transaction_isolation'),"
            " current_setting('statement_timeout'), current_setting('lock_timeout')"
        )
        return cursor.fetchone()


@pytest.mark.django_db
@pytest.mark.parametrize("alias", ["default", "aside"])
def test_code_runs_as_the_applications_role_under_bounds(alias):
    assert who(alias) == ("desk_app", "read committed", "30s", "3s")


@pytest.mark.django_db
def test_the_owners_connection_is_closed_to_tests():
    with pytest.raises(DatabaseOperationForbidden):
        who("owner")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", [1, 2])
def test_commits_are_seen_aside_and_gone_in_the_next_test(round_):
    assert not Session.objects.exists()
    Session.objects.create(session_key="k", session_data="", expire_date=timezone.now())
    assert Session.objects.using("aside").filter(session_key="k").exists()

"""A request that takes too long is ended, also in the middle of a statement."""

import time

import pytest
from django.db import OperationalError, connection

from config.deadline import DeadlineMiddleware, watch
from config.local.processes import wait_until


@pytest.mark.row("B8")
@pytest.mark.django_db(transaction=True)
def test_a_wait_for_an_answer_is_cut_and_the_next_request_works():
    began = time.monotonic()
    with watch.over(0.5), pytest.raises(OperationalError), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(8)")
    assert time.monotonic() - began < 7
    connection.close()
    with watch.over(5), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert cursor.fetchone() == (1,)
    # The server hears of it when the statement ends; nothing may hold the database of the tests.
    assert wait_until(lambda: sleepers() == 0, 20)


def sleepers():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND query = 'SELECT pg_sleep(8)' AND state = 'active'"
        )
        return cursor.fetchone()[0]


@pytest.mark.row("B8")
@pytest.mark.django_db(transaction=True)
def test_many_short_statements_end_as_well():
    done = []

    def ask_again_and_again(cursor):
        for _ in range(10_000):
            cursor.execute("SELECT pg_sleep(0.05)")
            done.append(1)

    with watch.over(0.5), connection.cursor() as cursor, pytest.raises(OperationalError):
        ask_again_and_again(cursor)
    assert 0 < len(done) < 1000
    connection.close()


@pytest.mark.django_db
def test_a_request_in_time_is_left_alone(settings):
    settings.REQUEST_DEADLINE_S = 30
    wrappers = list(connection.execute_wrappers)

    def view(_request):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 2")
            return cursor.fetchone()

    assert DeadlineMiddleware(view)(None) == (2,)
    assert connection.execute_wrappers == wrappers

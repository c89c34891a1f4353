"""The lock of settlement: one after the other, a plain answer, and the isolation it needs."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connection, connections, transaction
from psycopg import IsolationLevel

from claims.models import Settlement
from claims.services.account_lock import lock_accounts, money_act
from claims.services.preview import account_key, settlement_preview
from claims.services.settlement import settlement_confirm
from config.errors import Conflict, DomainError
from config.offices.acting import run_in_office
from tests.claims.conftest import make_desk
from tests.factories.acts import recorded
from tests.factories.claims import bill, confirm
from tests.factories.enrollment import make_person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def committed():
    """A desk whose rows other connections see."""
    return make_desk()


def confirm_impatiently(entered, person, digest):
    """Confirm, waiting for the account a fifth of a second instead of three."""
    with money_act():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '200ms'")
        return settlement_confirm(entered, person, key="k", preview_digest=digest)


def test_a_busy_account_is_a_plain_answer_and_nothing_is_written(committed):
    desk = committed
    with run_in_office(desk.east, desk.clerk):
        person = make_person(desk.east)
        confirm(person)
        entered = bill()
        shown = settlement_preview(entered, person)
    held, free = threading.Event(), threading.Event()

    def hold():
        with run_in_office(desk.east, desk.clerk), transaction.atomic():
            key = account_key(person, entered)
            lock_accounts(person, [key])
            held.set()
            free.wait(20)
        connections.close_all()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(10)
    try:
        with run_in_office(desk.east, desk.clerk):
            with pytest.raises(Conflict) as error:
                confirm_impatiently(entered, person, shown.digest)
            assert error.value.code == "claims.account.busy"
            assert Settlement.objects.count() == 1
    finally:
        free.set()
        holder.join()
    with run_in_office(desk.east, desk.clerk):
        settlement_confirm(entered, person, key="k", preview_digest=shown.digest)
        assert Settlement.objects.count() == 2


def test_the_same_request_sent_at_once_is_done_once(committed):
    desk = committed
    with run_in_office(desk.east, desk.clerk):
        person = make_person(desk.east)
        entered = bill()
        shown = settlement_preview(entered, person)
    start = threading.Barrier(6)

    def send(_number):
        try:
            start.wait(10)
            with run_in_office(desk.east, desk.clerk):
                return settlement_confirm(entered, person, key="k", preview_digest=shown.digest)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(send, range(6)))
    assert all(answer == answers[0] for answer in answers)
    with run_in_office(desk.east, desk.clerk):
        assert Settlement.objects.count() == 1


@contextmanager
def repeatable_read():
    """Let every transaction of this connection read what was committed when it began."""
    connection.ensure_connection()
    usual = connection.connection.isolation_level
    connection.connection.isolation_level = IsolationLevel.REPEATABLE_READ
    try:
        yield
    finally:
        connection.connection.isolation_level = usual


@pytest.mark.parametrize("bills", [0, 1], ids=["a new account", "an account with a bill"])
def test_another_isolation_is_refused(committed, bills):
    desk = committed
    with run_in_office(desk.east, desk.clerk):
        person, entered = make_person(desk.east), bill()
        for _ in range(bills):
            confirm(person)
        shown = settlement_preview(entered, person)
    with run_in_office(desk.east, desk.clerk):
        with repeatable_read(), pytest.raises(DomainError) as error:
            settlement_confirm(entered, person, key="k", preview_digest=shown.digest)
        assert error.value.code == "claims.transaction.wrong_isolation"
        assert Settlement.objects.count() == bills


def test_no_account_is_locked_outside_a_transaction(committed):
    desk = committed
    with run_in_office(desk.east, desk.clerk):
        person = make_person(desk.east)
        with pytest.raises(DomainError) as error:
            lock_accounts(person, [account_key(person, bill())])
    assert error.value.code == "claims.transaction.missing"


def test_accounts_made_at_once_are_one(committed):
    """Whoever comes second waits for the first, makes nothing and locks what the first made."""
    desk = committed
    with run_in_office(desk.east, desk.clerk):
        person = make_person(desk.east)
    key, start = account_key(person, bill()), threading.Barrier(6)

    def lock(_number):
        try:
            start.wait(10)
            with run_in_office(desk.east, desk.clerk), recorded():
                return lock_accounts(person, [key])[key].pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(lock, range(6)))) == 1


def test_an_account_of_an_office_out_of_sight_is_a_plain_answer(committed):
    desk = committed
    with run_in_office(desk.east, desk.clerk):
        person = make_person(desk.east)
        confirm(person)
        key = account_key(person, bill())
    with run_in_office(desk.offices.west, roles=["clerk"]), transaction.atomic():
        person.office = desk.offices.west
        with pytest.raises(Conflict) as error:
            lock_accounts(person, [key])
    assert error.value.code == "claims.account.elsewhere"

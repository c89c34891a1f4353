"""The lock of settlement: one after the other, a plain answer, and the isolation it needs."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction

from claims.models import Settlement
from claims.services.account_lock import assert_read_committed, lock_accounts, money_act
from claims.services.preview import account_key, settlement_preview
from claims.services.settlement import settlement_confirm
from config.errors import Conflict, DomainError
from config.offices.acting import run_in_office
from tests.claims.conftest import make_desk
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


def test_another_isolation_is_refused():
    with pytest.raises(DomainError) as error:
        assert_read_committed()
    assert error.value.code == "claims.transaction.missing"
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        with pytest.raises(DomainError) as error:
            assert_read_committed()
    assert error.value.code == "claims.transaction.wrong_isolation"

"""Two acts that stand in each other's way: one is done again, and nobody who waits sees it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from django.db import OperationalError, connection, connections, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import include, path
from psycopg.errors import LockNotAvailable

from config.offices import collisions
from config.offices.middleware import _rewind
from config.offices.models import Office
from tests.factories.acts import recorded
from tests.factories.offices import make_offices, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.row("A8")]
BOTH = threading.Barrier(2)


def add(code, text):
    """Append to a row, as one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE offices_office SET phone = phone || %s WHERE code = %s", [text, code]
        )


class Crossing:
    """Two acts that lock the same two rows in opposite order, the first time they are tried."""

    def __init__(self):
        self.tries = []

    def __call__(self, first, second, sign):
        is_first_try = sign not in self.tries
        self.tries.append(sign)
        with recorded():
            add(first, sign)
            if is_first_try:
                BOTH.wait(10)
            add(second, sign)


def crossed(act):
    """Run both directions at once; returns their answers or errors."""

    def one(names):
        try:
            return act(*names)
        except OperationalError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(one, [("east", "west", "a"), ("west", "east", "b")]))


def phones():
    return {
        office.code: "".join(sorted(office.phone))
        for office in Office.objects.filter(code__in=["east", "west"])
    }


@pytest.fixture
def offices(db):
    return make_offices()


def test_an_act_that_collided_is_done_again_once_and_whole(offices):
    crossing = Crossing()

    @collisions.repeated
    def act(first, second, sign):
        with transaction.atomic():
            crossing(first, second, sign)
        return sign

    assert crossed(act) == ["a", "b"]
    assert len(crossing.tries) == 3
    assert phones() == {"east": "ab", "west": "ab"}


def test_without_the_repeat_the_collision_is_seen(offices):
    """The control: the same two acts, left alone."""
    crossing = Crossing()

    def act(first, second, sign):
        with transaction.atomic():
            crossing(first, second, sign)
        return sign

    answers = crossed(act)
    assert sum(collisions.is_collision(answer) for answer in answers) == 1


def test_inside_a_transaction_of_somebody_else_nothing_is_repeated(offices):
    tries = []

    @collisions.repeated
    def act():
        tries.append(1)
        raise OperationalError from collisions.DeadlockDetected()

    with pytest.raises(OperationalError), transaction.atomic():
        act()
    assert tries == [1]


def test_three_repeats_are_the_most_and_a_lock_held_too_long_is_none(offices):
    tries = []

    @collisions.repeated
    def act(cause):
        tries.append(cause)
        raise OperationalError from cause()

    with pytest.raises(OperationalError):
        act(collisions.SerializationFailure)
    assert len(tries) == 1 + collisions.MOST_REPEATS
    tries.clear()
    with pytest.raises(OperationalError):
        act(LockNotAvailable)
    assert len(tries) == 1


CROSSING = Crossing()


def crossing_view(request):
    CROSSING(request.POST["first"], request.POST["second"], request.POST["sign"])
    return HttpResponse(request.POST["sign"])


def always_colliding(_request):
    raise OperationalError from collisions.DeadlockDetected()


urlpatterns = [
    path("cross/", crossing_view),
    path("always/", always_colliding),
    path("", include("config.urls")),
]


def test_a_request_that_collided_is_answered_as_if_nothing_had_been(offices, monkeypatch):
    monkeypatch.setattr(CROSSING, "tries", [])
    user = make_user(offices.pool, "auditor")

    def send(first, second, sign):
        client = Client(raise_request_exception=False)
        client.force_login(user)
        fields = {"first": first, "second": second, "sign": sign}
        answer = client.post("/cross/", {**fields, "file": BytesIO(b"x")})
        return answer.status_code, answer.content

    with override_settings(ROOT_URLCONF=__name__):
        assert crossed(send) == [(200, b"a"), (200, b"b")]
    assert phones() == {"east": "ab", "west": "ab"}
    assert len(CROSSING.tries) == 3


def test_a_request_that_collides_for_ever_gets_a_plain_page(offices, client):
    client.force_login(make_user(offices.pool, "auditor"))
    with override_settings(ROOT_URLCONF=__name__):
        answer = client.post("/always/", headers={"accept-language": "en"})
    assert answer.status_code == 503
    assert b"Nothing was changed." in answer.content


def test_files_are_read_from_the_beginning_at_the_next_try():
    request = RequestFactory().post("/", {"file": BytesIO(b"abc")})
    assert request.FILES["file"].read() == b"abc"
    _rewind(request)
    assert request.FILES["file"].read() == b"abc"

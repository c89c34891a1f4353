"""Guessing passwords: what is counted, what locks, and what every refusal looks like (E1, E2)."""

import statistics
import time
from datetime import timedelta

import pytest
import time_machine
from axes.models import AccessAttempt, AccessFailureLog
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import RequestFactory, override_settings
from django.utils import timezone

from config.audit.models import AuditEvent
from config.health.facts import State
from config.offices.acting import run_in_office
from config.offices.client_address import client_address
from config.offices.models import User
from config.sign_in import tries
from config.sign_in.health_facts import failed_tries
from tests.config.sign_in.conftest import Desk
from tests.factories.acts import recorded
from tests.factories.offices import PASSWORD, make_user

pytestmark = pytest.mark.django_db


def entered():
    return AccessFailureLog.objects.count()


def is_heard(desk, name="lin"):
    """Tell whether the right password would be taken; gives it."""
    return desk.give_password(name, PASSWORD).status_code == 302


@pytest.mark.row("E1")
def test_five_wrong_passwords_lock_a_name_at_an_address_for_15_minutes(lin, tried):
    desk = Desk()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for number in range(5):
            desk.give_password("lin", f"wrong {number}")
        assert (is_heard(desk), entered()) == (False, 5)
        clock.shift(timedelta(minutes=14, seconds=59))
        assert not is_heard(desk)
        clock.shift(timedelta(seconds=2))
        assert is_heard(desk)
    tried(8)


@pytest.mark.row("E1")
def test_an_address_alone_never_locks(offices, tried):
    for number in range(40):
        name = f"clerk-{number}"
        make_user(offices.east, "clerk", username=name)
        for _wrong in range(4):
            Desk().give_password(name, "wrong")
    assert tries.busiest_address() == 160
    fact = failed_tries()
    assert (fact.state, "160" in str(fact.said)) == (State.LATE, True)
    assert all(is_heard(Desk(), f"clerk-{number}") for number in range(40))
    tried(200)


@pytest.mark.row("E1")
def test_a_name_is_tried_at_most_20_times_an_hour_from_anywhere(lin, tried, request):
    """Strangers at a thousand addresses and the own desk together, counted by the checks made."""
    count = 10_000 if request.config.getoption("markexpr") == "nightly" else 400
    own = Desk("10.1.1.1").sign_in(lin.user, lin.device)
    own.post("/admin/logout/")
    checked = []
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for number in range(count):
            before = entered()
            desk = own if number % 7 == 0 else Desk(f"10.2.{number // 250 % 250}.{number % 250}")
            desk.give_password("lin", f"guess {number}")
            checked.append(entered() - before)
            clock.shift(timedelta(minutes=55) / count)
    assert sum(checked) == 20
    tried(count)


@pytest.mark.row("E1")
@pytest.mark.nightly
def test_ten_thousand_guesses_check_20_passwords_an_hour(lin, tried, request):
    test_a_name_is_tried_at_most_20_times_an_hour_from_anywhere(lin, tried, request)


@pytest.mark.row("E1")
def test_strangers_lock_nobody_out_of_his_own_desk(lin, tried):
    own = Desk("10.9.9.9").sign_in(lin.user, lin.device)
    own.post("/admin/logout/")
    # The stranger sits in the same office: same public address.
    for address in ("10.9.9.9", *(f"10.3.0.{n}" for n in range(1, 30))):
        for _guess in range(6):
            Desk(address).give_password("lin", "wrong")
    assert not is_heard(Desk("10.8.8.8"))
    assert not is_heard(Desk("10.9.9.9"))
    assert is_heard(own)
    tried(180)


@pytest.mark.row("E1")
def test_without_the_mark_of_the_desk_the_owner_would_be_locked_out(lin):
    """The control: the same attack against a desk that is not known."""
    own = Desk("10.9.9.9").sign_in(lin.user, lin.device)
    own.post("/admin/logout/")
    for address in range(1, 30):
        Desk(f"10.3.0.{address}").give_password("lin", "wrong")
    own.cookies.pop("known_desk")
    assert not is_heard(own)


@pytest.mark.row("E1")
def test_a_desk_is_known_for_its_own_people_and_by_our_signature_only(lin, offices):
    own = Desk("10.9.9.9").sign_in(lin.user, lin.device)
    make_user(offices.east, "clerk", username="wang")
    for name, cookie, place in (
        ("lin", own.cookies["known_desk"].value, tries.OWN_DESK),
        ("wang", own.cookies["known_desk"].value, tries.ELSEWHERE),
        ("lin", own.cookies["known_desk"].value + "x", tries.ELSEWHERE),
        ("lin", "", tries.ELSEWHERE),
    ):
        desk = Desk("10.9.9.9")
        desk.cookies["known_desk"] = cookie
        desk.give_password(name, "wrong")
        assert AccessFailureLog.objects.latest("pk").user_agent == place


@pytest.mark.row("E1")
def test_a_right_password_takes_the_wrong_ones_before_it_out_at_its_place_only(lin):
    here, there = Desk("10.1.0.1"), Desk("10.1.0.2")
    for desk in (here, there):
        for _wrong in range(4):
            desk.give_password("lin", "wrong")
    assert is_heard(here)
    assert set(AccessFailureLog.objects.values_list("ip_address", flat=True)) == {"10.1.0.2"}


@pytest.mark.row("E1", "G1")
def test_nothing_that_was_typed_is_kept(lin):
    Desk().give_password("99010119900101123X", "my secret")
    Desk().give_password("lin", "my secret")
    kept = " ".join(str(row) for row in AccessFailureLog.objects.values())
    assert "99010119900101123X" not in kept
    assert "lin" not in kept.replace("login", "")
    assert "my secret" not in kept
    assert not AccessAttempt.objects.exists()


@pytest.mark.row("E1")
@pytest.mark.django_db(transaction=True)
def test_the_counters_are_rows_of_the_database_and_outlive_what_the_request_undoes(lin):
    request = RequestFactory().post("/", REMOTE_ADDR="10.0.0.1")
    for _try in range(5):
        assert tries.begin(request, tries.PASSWORD, "lin") is not None
    assert tries.begin(request, tries.PASSWORD, "lin") is None
    assert AccessFailureLog.objects.using("default").count() == 5
    assert tries.forget_old() == 0


@pytest.mark.row("E1")
@pytest.mark.parametrize(
    ("depth", "forwarded", "told"),
    [
        (0, "1.1.1.1", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, "1.1.1.1", "1.1.1.1"),
        (1, "6.6.6.6, 1.1.1.1", "1.1.1.1"),
        (2, "6.6.6.6, 1.1.1.1, 2.2.2.2", "1.1.1.1"),
        (2, "1.1.1.1", "10.0.0.1"),
        (1, "6.6.6.6, nonsense", "10.0.0.1"),
        (1, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_the_forwarded_header_counts_for_what_our_own_proxies_added(depth, forwarded, told):
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)
    with override_settings(TRUSTED_PROXY_COUNT=depth):
        assert client_address(request) == told


# --- E2: every refusal is the same -----------------------------------------------------------


@pytest.fixture
def refused(offices, lin):
    """Give the name and password of each way to be refused."""
    make_user(offices.east, "clerk", username="off", is_active=False)
    make_user(None, username="nowhere")
    make_user(offices.east, "clerk", username="locked")
    for _wrong in range(5):
        Desk("10.7.7.7").give_password("locked", "wrong")
    return {
        "unknown": ("nobody", PASSWORD),
        "wrong password": ("lin", "wrong"),
        "disabled": ("off", PASSWORD),
        "without a role": ("nowhere", PASSWORD),
        "locked": ("locked", PASSWORD),
        "locked, wrong password": ("locked", "wrong"),
    }


def bare(answer, name):
    token = answer.context["csrf_token"]
    return answer.content.decode().replace(str(token), "").replace(f'value="{name}"', "")


@pytest.mark.row("E2")
def test_every_refusal_has_the_same_text_status_and_headers(refused, tried):
    answers = {}
    for way, (name, password) in refused.items():
        answer = Desk("10.7.7.7").give_password(name, password)
        own = {"Content-Length", "Expires", "X-Request-ID"}
        told = {k: v for k, v in answer.headers.items() if k not in own}
        answers[way] = (answer.status_code, bare(answer, name), str(told), set(answer.cookies))
        tried(1)
    assert answers == dict.fromkeys(answers, answers["unknown"])
    assert answers["locked"][0] == 200


@pytest.mark.row("E2")
def test_every_refusal_hashes_once(refused, monkeypatch, tried):
    """The time of a sign-in is the time of its hashes: they are counted, the clock is printed."""
    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda *a, **f: (hashed.append(1), encode(*a, **f))[1]
    )
    work, times = {}, {}
    for way, (name, password) in refused.items():
        spans = []
        for number in range(9):
            if not way.startswith("locked"):
                AccessFailureLog.objects.filter(username=tries.who_is(name)).delete()
            hashed.clear()
            began = time.perf_counter()
            Desk("10.7.7.7").give_password(name, password)
            spans.append(time.perf_counter() - began)
            work.setdefault(way, set()).add(len(hashed))
            tried(1)
            del number
        times[way] = statistics.median(spans) * 1000
    print({way: f"{span:.1f} ms" for way, span in times.items()})
    assert work == {way: {1} for way in refused}


@pytest.mark.row("E2")
def test_a_refused_sign_in_is_on_record_without_the_name_that_was_typed(refused, offices, lin):
    with run_in_office(offices.pool):
        events = AuditEvent.objects.filter(verb="session.refused")
        before = events.count()
        for name, password in refused.values():
            Desk("10.7.7.7").give_password(name, password)
        assert events.count() - before == len(refused)
        assert {event.payload["username_known"] for event in events} == {True, False}
        assert "nobody" not in str(list(events.values()))


@pytest.mark.row("E2")
def test_a_right_password_of_a_person_with_a_role_is_told_by_going_on(lin):
    assert is_heard(Desk())
    with recorded():
        User.objects.filter(pk=lin.user.pk).update(is_active=False)
    assert not is_heard(Desk())

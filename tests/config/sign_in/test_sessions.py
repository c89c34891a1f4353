"""The one live session of a person: when its key changes and when it is dead (E3, E4, E6, D9)."""

from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from config import calendar
from config.offices.models import Membership, User
from config.sign_in.models import LiveSession
from config.sign_in.services.password import demand_change_of_old
from tests.config.sign_in.conftest import CODE_PAGE, PASSWORD_PAGE, Desk
from tests.factories.acts import recorded
from tests.factories.offices import PASSWORD, make_user
from tests.factories.sign_in import make_device

pytestmark = pytest.mark.django_db
NEW = "another-Invented-2026"


def key_of(desk):
    return desk.cookies["sessionid"].value if "sessionid" in desk.cookies else ""


def thief(key):
    desk = Desk("10.6.6.6")
    desk.cookies["sessionid"] = key
    return desk


def in_and_out(lin):
    desk = Desk().sign_in(lin.user, lin.device)
    key = key_of(desk)
    assert desk.is_in
    return desk, key


def planted_before(lin, _offices):
    """A key the thief knows, in the browser of the victim before the sign-in."""
    stranger = Desk()
    stranger.give_password("lin")
    planted = key_of(stranger)
    victim = Desk()
    victim.cookies["sessionid"] = planted
    victim.sign_in(lin.user, lin.device)
    return planted


def half_signed_in(lin, _offices):
    """The key between password and second factor."""
    desk = Desk()
    desk.give_password("lin")
    key = key_of(desk)
    desk.give_code(lin.device.next_code())
    assert desk.is_in
    return key


def signed_out(lin, _offices):
    desk, key = in_and_out(lin)
    desk.post(reverse("admin:logout"))
    return key


def disabled(lin, _offices):
    """Off and on again: the session of before stays dead."""
    desk, key = in_and_out(lin)
    with recorded():
        User.objects.filter(pk=lin.user.pk).update(is_active=False)
    assert not desk.is_in
    with recorded():
        User.objects.filter(pk=lin.user.pk).update(is_active=True)
    return key


def password_changed(lin, _offices):
    desk, key = in_and_out(lin)
    form = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert desk.post(reverse("admin:password_change"), form).status_code == 302
    assert desk.is_in
    return key


def password_set_by_another(lin, _offices):
    _desk, key = in_and_out(lin)
    with recorded():
        lin.user.set_password(NEW)
        lin.user.save()
    return key


def office_switched(lin, offices):
    with recorded():
        Membership.objects.create(
            user=lin.user, office=offices.west, role="clerk", from_on=calendar.today()
        )
    desk, key = in_and_out(lin)
    desk.post(reverse("admin:sign_in_office"), {"office": offices.west.pk})
    assert desk.is_in
    return key


def signed_in_elsewhere(lin, _offices):
    _desk, key = in_and_out(lin)
    lin.device.refresh_from_db()
    Desk("10.0.0.2").sign_in(lin.user, lin.device)
    return key


def rights_changed(lin, offices):
    _desk, key = in_and_out(lin)
    with recorded():
        Membership.objects.create(
            user=lin.user, office=offices.east, role="reviewer", from_on=calendar.today()
        )
    return key


def factor_renewed(lin, _offices):
    desk, key = in_and_out(lin)
    lin.device.refresh_from_db()
    desk.post("/admin/login/again/", {"code": lin.device.next_code()})
    assert desk.is_in
    return key


STALE = (
    planted_before,
    half_signed_in,
    signed_out,
    disabled,
    password_changed,
    password_set_by_another,
    office_switched,
    signed_in_elsewhere,
    rights_changed,
    factor_renewed,
)


@pytest.mark.row("E4", "D9")
@pytest.mark.parametrize("stale", STALE, ids=lambda each: each.__name__)
def test_an_old_key_is_dead_on_the_server(lin, offices, stale):
    key = stale(lin, offices)
    assert key
    assert not thief(key).is_in
    assert not Session.objects.filter(pk=key).exists()


@pytest.mark.row("E4")
@pytest.mark.parametrize(
    ("idle", "minutes", "is_in"),
    [(14, 14, True), (16, 16, False), (10, 590, True), (10, 600, False)],
)
def test_a_session_ends_after_15_idle_minutes_and_after_10_hours(lin, idle, minutes, is_in):
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        desk = Desk().sign_in(lin.user, lin.device)
        for passed in range(idle, minutes, idle):
            clock.move_to(start + timedelta(minutes=passed))
            assert desk.is_in
        clock.move_to(start + timedelta(minutes=minutes))
        assert desk.is_in is is_in


@pytest.mark.row("E4")
def test_a_live_key_in_another_browser_is_the_same_session_until_it_moves(lin):
    """The control: the table above would not notice keys that never worked."""
    _desk, key = in_and_out(lin)
    assert thief(key).is_in


@pytest.mark.row("E4")
def test_each_step_of_a_sign_in_has_a_key_of_its_own(lin):
    desk = Desk()
    desk.get(PASSWORD_PAGE)
    keys = [key_of(desk)]
    desk.give_password("lin")
    keys.append(key_of(desk))
    desk.give_code(lin.device.next_code())
    keys.append(key_of(desk))
    assert len(set(keys)) == 3


@pytest.mark.row("E4")
def test_a_session_nobody_began_with_both_factors_is_nobody(lin):
    desk = Client()
    desk.force_login(lin.user)
    LiveSession.objects.filter(pk=lin.user.pk).update(session_key="")
    assert desk.get(reverse("admin:index")).status_code == 302


@pytest.mark.row("E6")
def test_a_person_has_one_live_session(lin):
    first = Desk().sign_in(lin.user, lin.device)
    lin.device.refresh_from_db()
    second = Desk("10.0.0.2").sign_in(lin.user, lin.device)
    assert (first.is_in, second.is_in) == (False, True)


@pytest.mark.row("E3")
def test_a_session_with_the_password_alone_reaches_no_page(lin, tried):
    """Every address of the product that takes no argument, and the ones that make or end."""
    desk = Desk()
    desk.give_password("lin")
    open_to_all = {"/admin/login/", "/admin/login/code/", "/admin/login/enrol/"}
    stranger = Client()
    names = [
        name
        for name in get_resolver().namespace_dict["admin"][1].reverse_dict
        if isinstance(name, str)
    ]
    for name in names:
        try:
            address = reverse(f"admin:{name}")
        except Exception:  # noqa: BLE001, S112  addresses with arguments: rows nobody sees here
            continue
        for ask in ("get", "post"):
            half, nobody = getattr(desk, ask)(address), getattr(stranger, ask)(address)
            tried(1)
            if address in open_to_all:
                continue
            told = (half.status_code, half.headers.get("Location"))
            assert told == (nobody.status_code, nobody.headers.get("Location")), address
            assert half.status_code != 200 or address.endswith("/jsi18n/"), address
        desk = desk if desk.get(CODE_PAGE).status_code == 200 else Desk()
        if not desk.cookies:
            desk.give_password("lin")


@pytest.mark.row("E3")
def test_the_password_given_counts_for_ten_minutes_and_until_it_changes(lin):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        desk = Desk()
        desk.give_password("lin")
        clock.shift(timedelta(minutes=11))
        assert desk.get(CODE_PAGE).status_code == 302
    desk.give_password("lin")
    assert desk.get(CODE_PAGE).status_code == 200
    with recorded():
        lin.user.set_password(NEW)
        lin.user.save()
    assert desk.get(CODE_PAGE).status_code == 302


@pytest.mark.row("E7")
def test_an_old_password_is_changed_first(lin, settings):
    settings.PASSWORD_AGE_DAYS = 180
    with time_machine.travel(timezone.now() + timedelta(days=181)):
        desk = Desk().sign_in(lin.user, lin.device)
        assert desk.get(reverse("admin:index")).headers["Location"] == reverse(
            "admin:password_change"
        )
    settings.PASSWORD_AGE_DAYS = 0
    with recorded():
        User.objects.filter(pk=lin.user.pk).update(must_change_password=False)
    lin.user.refresh_from_db()
    demand_change_of_old(lin.user)
    assert not lin.user.must_change_password


@pytest.mark.row("E4")
def test_sign_in_pages_are_strict_and_go_nowhere_else(lin, offices):
    for address in (PASSWORD_PAGE, "/admin/login/?next=https://evil.example/"):
        answer = Desk().get(address)
        policy = answer.headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert "no-store" in answer.headers["Cache-Control"]
    make_device(make_user(offices.east, "clerk", username="wang"))
    desk = Desk()
    after = "/admin/login/?next=https://evil.example/"
    desk.post(after, {"username": "lin", "password": PASSWORD})
    assert desk.give_code(lin.device.next_code()).headers["Location"] == reverse("admin:index")

"""Sign a person in as a test needs it: at once, or page by page with a code."""

from __future__ import annotations

from base64 import b32encode
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from config import calendar
from config.offices.models import User
from config.sign_in.models import LiveSession, TotpDevice
from config.sign_in.sessions import rights_digest
from tests.factories.acts import recorded


def make_device(user: User, **facts: object) -> TotpDevice:
    """Enrol a device with an invented seed; `device.next_code()` is what it shows."""
    seed = b32encode(f"invented seed {user.pk:07d}".encode()).decode()
    facts = {"name": "program", "seed": seed, **facts}
    with recorded():
        return TotpDevice.objects.create(user=user, **facts)


def code_of(user: User) -> str:
    """Return the code the person's device shows for the next sign-in; enrols one if needed."""
    device = TotpDevice.objects.filter(user=user, ended_at=None).first() or make_device(user)
    return device.next_code()


def make_live(user: User, session_key: str) -> None:
    """Let a session count as the one the person began with both factors, now."""
    now = calendar.now()
    facts = {"started_at": now, "factor_at": now, "rights_digest": rights_digest(user)}
    LiveSession.objects.update_or_create(pk=user.pk, defaults={"session_key": session_key, **facts})


def sign_in_page(page, base_url: str, user: User, password: str, after: str = "") -> None:
    """Sign in with a browser, by both pages."""
    code = code_of(user)
    page.goto(f"{base_url}/admin/login/" + (f"?next={after}" if after else ""))
    page.fill("[name=username]", user.username)
    page.fill("[name=password]", password)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/login/code/")
    page.fill("[name=code]", code)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)


_log_in = Client._login


def _log_in_with_both_factors(self: Client, user: User, backend: str | None = None) -> None:
    """Sign in as `force_login` of a test's client means it: both factors were given.

    A person has one live session: a second client of the same person is another window of it.
    """
    shared = _live_key(user)
    if shared:
        self.cookies[settings.SESSION_COOKIE_NAME] = shared
        return
    _log_in(self, user, backend)
    make_live(user, self.cookies[settings.SESSION_COOKIE_NAME].value)


def _live_key(user: User) -> str:
    live = LiveSession.objects.filter(pk=user.pk, rights_digest=rights_digest(user)).first()
    kept = live and Session.objects.filter(pk=live.session_key).first()
    if not kept or calendar.now() - live.started_at > timedelta(minutes=5):
        return ""
    is_same = kept.get_decoded().get(HASH_SESSION_KEY) == user.get_session_auth_hash()
    return live.session_key if is_same and kept.expire_date > timezone.now() else ""


Client._login = _log_in_with_both_factors

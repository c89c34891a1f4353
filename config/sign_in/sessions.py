"""The one live session of a person: when it begins, moves to a new key, and ends.

A session counts only while it is the one named in `LiveSession`, began less than ten hours ago,
and its person has the rights it began with. Idle sessions end by their own age in the database.
A key that was left is removed: the old cookie opens nothing.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.contrib.auth import login
from django.contrib.sessions.models import Session
from django.http import HttpRequest

from config import calendar
from config.offices.models import User
from config.offices.selectors import rights_today
from config.sign_in.models import LiveSession

LONGEST = timedelta(hours=10)
PENDING_KEY = "half_signed_in"
PENDING_LASTS = timedelta(minutes=10)
BACKEND = "django.contrib.auth.backends.ModelBackend"


def begin_half(request: HttpRequest, user: User, address_after: str) -> None:
    """Note that the password was right. The session still belongs to nobody."""
    request.session.flush()
    request.session[PENDING_KEY] = {
        "user": user.pk,
        "at": calendar.now().timestamp(),
        "hash": user.get_session_auth_hash(),
        "next": address_after,
    }
    request.session.create()


def half_signed_in(request: HttpRequest) -> User | None:
    """Return who gave the password in this session and owes the second factor."""
    noted = request.session.get(PENDING_KEY)
    if not noted or calendar.now().timestamp() - noted["at"] > PENDING_LASTS.total_seconds():
        return None
    user = User.objects.filter(pk=noted["user"], is_active=True).first()
    return user if user and user.get_session_auth_hash() == noted["hash"] else None


def address_after(request: HttpRequest) -> str:
    """Return where the person wanted to go when asked to sign in; empty where nowhere."""
    return str((request.session.get(PENDING_KEY) or {}).get("next", ""))


def drop_half(request: HttpRequest) -> None:
    """Forget the password that was given: too many codes were wrong."""
    request.session.flush()


def begin(request: HttpRequest, user: User) -> None:
    """Begin the live session of a person after both factors, under a new key."""
    request.session.pop(PENDING_KEY, None)
    login(request, user, backend=BACKEND)
    now = calendar.now()
    _name_live(request, user, started_at=now, factor_at=now, rights_digest=rights_digest(user))


def renew_factor(request: HttpRequest, user: User) -> None:
    """Note a fresh factor, under a new key."""
    request.session.cycle_key()
    _name_live(request, user, factor_at=calendar.now())


def move(request: HttpRequest, user: User) -> None:
    """Give the session a new key: the password or the office changed."""
    request.session.cycle_key()
    _name_live(request, user)


def end(user: User) -> None:
    """End the session of a person, wherever it is."""
    for live in LiveSession.objects.select_for_update().filter(pk=user.pk).exclude(session_key=""):
        Session.objects.filter(pk=live.session_key).delete()
        LiveSession.objects.filter(pk=user.pk).update(session_key="")


def live_session(request: HttpRequest, user: User) -> LiveSession | None:
    """Return the live session if this request carries it and it still counts."""
    live = LiveSession.objects.filter(pk=user.pk).first()
    if live is None or not live.session_key or live.session_key != request.session.session_key:
        return None
    is_young = calendar.now() - live.started_at < LONGEST
    return live if is_young and live.rights_digest == rights_digest(user) else None


def rights_digest(user: User) -> str:
    """Return what the rights of a person are today, in short."""
    held = ";".join(f"{right.office_id}:{right.role}" for right in rights_today(user))
    return hashlib.sha256(held.encode()).hexdigest()


def _name_live(request: HttpRequest, user: User, **facts: datetime | str) -> None:
    key = request.session.session_key
    if key is None:
        request.session.create()
        key = request.session.session_key
    before = LiveSession.objects.select_for_update().filter(pk=user.pk).first()
    if before and before.session_key not in {"", key}:
        Session.objects.filter(pk=before.session_key).delete()
    if before:
        LiveSession.objects.filter(pk=user.pk).update(session_key=key, **facts)
    else:
        LiveSession.objects.create(user=user, session_key=key, **facts)

"""The first factor: one answer, and one amount of work, for every way it can fail."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from config import calendar
from config.audit.sign_in import record_refused
from config.errors import Refused
from config.offices.models import User
from config.offices.selectors import memberships_today
from config.sign_in import sessions, tries
from config.sign_in.models import KeptPassword


def password_try(request: HttpRequest, username: str, password: str, address_after: str) -> User:
    """Check name and password; the session then waits for the second factor.

    An unknown name, a wrong password, an account that is off, one without a role and one that is
    locked are told the same, after the same one hash.

    Raises:
        Refused: `sign_in.refused`.
    """
    user = authenticate(request, username=username, password=password)
    tried = getattr(request, "sign_in_try", None)
    if tried is None:
        # Refused before the password was looked at: do the work that was left out.
        make_password(password)
    if not isinstance(user, User) or not memberships_today(user):
        record_refused(request, username)
        raise Refused("sign_in.refused")
    tries.succeeded(tried)
    sessions.begin_half(request, user, address_after)
    return user


def demand_change_of_old(user: User) -> None:
    """Make a person whose password is older than the setting allows change it now."""
    if not settings.PASSWORD_AGE_DAYS or user.must_change_password:
        return
    last = KeptPassword.objects.filter(user=user).first()
    limit = calendar.now() - timedelta(days=settings.PASSWORD_AGE_DAYS)
    if last is None or last.set_at < limit:
        user.must_change_password = True
        user.save(update_fields=["must_change_password"])

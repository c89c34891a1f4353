"""Events of signing in. Nobody acts yet, so the scope is the one the person will act in."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone

from config.audit import services
from config.offices import roles, scope
from config.offices.client_address import client_address
from config.offices.models import Office, User
from config.offices.scope import Scope
from config.offices.selectors import scope_of


def record_opened(request: HttpRequest) -> None:
    """Leave the event of a sign-in and note the day on the account."""
    user = request.user
    acting = scope_of(user, address=_address(request)) if isinstance(user, User) else None
    if acting is None:
        return
    User.objects.filter(pk=user.pk).update(last_seen_at=timezone.now())
    with scope.enter(acting):
        services.record("session.opened", user)


def record_refused(request: HttpRequest, username: str) -> None:
    """Leave the event of a refused sign-in, at the person's office or else at the pool.

    The name that was typed is not kept: people type passwords and ID numbers there.
    """
    user = User.objects.filter(username=username[:64]).first()
    acting = scope_of(user, address=_address(request)) if user else None
    if acting is None:
        pool = Office.objects.filter(kind=Office.Kind.POOL).order_by("id").first()
        if pool is None:
            return
        system = frozenset({roles.SYSTEM})
        acting = Scope(
            pool.pk, (pool.pk,), user.pk if user else None, system, address=_address(request)
        )
    with scope.enter(acting):
        services.record_refusal("session.refused", user, username_known=user is not None)


def _address(request: HttpRequest) -> str:
    return client_address(request)

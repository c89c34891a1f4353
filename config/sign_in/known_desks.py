"""A desk where a person signed in with both factors is known again by a signed cookie.

Tries at a known desk are counted apart from tries elsewhere, so that a stranger who uses up the
tries of a name locks nobody out of his own desk. The cookie opens nothing: it only says on which
account a try is entered.
"""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

SALT = "config.sign_in.known_desks"
PEOPLE_PER_DESK = 12
LASTS_S = 180 * 24 * 3600
MARK_LENGTH = 24


def is_known(request: HttpRequest, who: str) -> bool:
    """Tell whether the person behind a digest signed in at this desk before."""
    return _mark(who) in _people(request)


def remember(request: HttpRequest, response: HttpResponse, who: str) -> None:
    """Let the browser of this desk keep that the person signed in here."""
    people = [_mark(who), *(each for each in _people(request) if each != _mark(who))]
    response.set_cookie(
        settings.KNOWN_DESK_COOKIE_NAME,
        signing.dumps(people[:PEOPLE_PER_DESK], salt=SALT),
        max_age=LASTS_S,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def _people(request: HttpRequest) -> list[str]:
    try:
        kept = request.COOKIES.get(settings.KNOWN_DESK_COOKIE_NAME, "")
        return list(signing.loads(kept, salt=SALT, max_age=LASTS_S))
    except signing.BadSignature:
        return []


def _mark(who: str) -> str:
    return who[-MARK_LENGTH:]

"""Let a session count only while it is the live one of its person.

A session gets a person only after both factors (`sessions.begin`); one with the password alone
belongs to nobody, so no page knows it but the page of the code. What is left for each request is
to ask whether the session still counts. One that does not is emptied on the server.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from config.offices.models import User
from config.sign_in.sessions import live_session


class LiveSessionMiddleware:
    """Empty sessions that no longer count; tell the others how old their factor is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SESSION_KEY in request.session:
            user = request.user
            live = live_session(request, user) if isinstance(user, User) else None
            if live is None:
                request.session.flush()
                request.user = AnonymousUser()
            else:
                request.factor_at = live.factor_at  # type: ignore[attr-defined]
        return self.get_response(request)

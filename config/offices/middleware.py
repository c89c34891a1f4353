"""Enter the scope of the person who is signed in, for the length of one request.

Rights are read from the memberships on each request: a role taken away, an office changed or an
account switched off is obeyed by the next request. Everything a signed-in request does on the
database, the rendering of its page included, is one transaction; a failure undoes all of it. A
request whose transaction collided with another one is answered again from the beginning.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

from django.db import OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.datastructures import MultiValueDict

from config.offices import collisions, scope
from config.offices.client_address import client_address
from config.offices.models import User
from config.offices.selectors import scope_of

OFFICE_KEY = "office_id"
# A request that nobody said is signed in with a fresh factor has an old one.
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class OfficeMiddleware:
    """Read the memberships, enter the scope, run the request in one transaction."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._once(request)
        for repeats in range(collisions.MOST_REPEATS):
            if not request.has_collided:  # type: ignore[attr-defined]
                break
            collisions.pause(repeats)
            _rewind(request)
            response = self._once(request)
        return response

    def _once(self, request: HttpRequest) -> HttpResponse:
        """Answer in one transaction; say whether it collided, and then left nothing behind."""
        request.has_failed = request.has_collided = False  # type: ignore[attr-defined]
        try:
            return self._entered(request)
        except OperationalError as error:
            if not collisions.is_collision(error):
                raise
            request.has_collided = True  # type: ignore[attr-defined]
            return _try_again(request)

    def _entered(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            with scope.leave():
                return self.get_response(request)
        if user.language:
            translation.activate(user.language)
        found = scope_of(
            user,
            request.session.get(OFFICE_KEY),
            request_id=getattr(request, "request_id", None) or str(uuid4()),
            address=client_address(request),
            factor_at=getattr(request, "factor_at", LONG_AGO),
        )
        if found is None and OFFICE_KEY in request.session:
            del request.session[OFFICE_KEY]
        response = self._answer(request, found)
        # Pages of signed-in people stay out of the browser's and any cache.
        add_never_cache_headers(response)
        response.headers["Cache-Control"] = "no-store, private"
        return response

    def _answer(self, request: HttpRequest, found: scope.Scope | None) -> HttpResponse:
        entered = scope.enter(found) if found else scope.leave()
        with entered, transaction.atomic():
            response = self.get_response(request)
            if request.has_failed or response.status_code >= 500:  # type: ignore[attr-defined]
                transaction.set_rollback(True)
            return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Remember that the view failed; its answer is made by others, the undoing by us."""
        request.has_failed = True  # type: ignore[attr-defined]
        if not collisions.is_collision(exception):
            return None
        request.has_collided = True  # type: ignore[attr-defined]
        return _try_again(request)


def _try_again(request: HttpRequest) -> HttpResponse:
    """Return the answer after the last try; before that nobody sees it."""
    return render(request, "503.html", status=503)


def _rewind(request: HttpRequest) -> None:
    """Let the next try read what the first one read: fields are kept, files are read anew."""
    for _name, uploads in getattr(request, "_files", MultiValueDict()).lists():
        for upload in uploads:
            upload.seek(0)

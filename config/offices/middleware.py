"""Enter the scope of the person who is signed in, for the length of one request.

Rights are read from the memberships on each request: a role taken away, an office changed or an
account switched off is obeyed by the next request. Everything a signed-in request does on the
database, the rendering of its page included, is one transaction; a failure undoes all of it.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import add_never_cache_headers

from config.offices import scope
from config.offices.models import User
from config.offices.selectors import scope_of

OFFICE_KEY = "office_id"


class OfficeMiddleware:
    """Read the memberships, enter the scope, run the request in one transaction."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            with scope.leave():
                return self.get_response(request)
        if user.language:
            translation.activate(user.language)
        found = scope_of(
            user,
            request.session.get(OFFICE_KEY),
            request_id=str(uuid4()),
            address=request.META.get("REMOTE_ADDR", ""),
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
            if getattr(request, "has_failed", False) or response.status_code >= 500:
                transaction.set_rollback(True)
            return response

    def process_exception(self, request: HttpRequest, _exception: Exception) -> None:
        """Remember that the view failed; its answer is made by others, the undoing by us."""
        request.has_failed = True  # type: ignore[attr-defined]

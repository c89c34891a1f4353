"""One request: its own id, how long it took, and which methods exist at all.

First of the middlewares, so that every line of the log and every count knows its request. The id
is ours: what a caller sends as `X-Request-ID` is kept beside it and sent back, never trusted.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from contextvars import ContextVar
from time import perf_counter
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from config import metrics
from config.offices import scope

HEADER = "X-Request-ID"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")
_NOTHING = ("", "")
_ids: ContextVar[tuple[str, str]] = ContextVar("request_ids", default=_NOTHING)


class RequestMiddleware:
    """Give the request its id, refuse methods nobody serves, count and time the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        own, theirs = str(uuid4()), well_formed(request.headers.get(HEADER, ""))
        request.request_id = own  # type: ignore[attr-defined]
        request.ids = own, theirs  # type: ignore[attr-defined]
        token = _ids.set((own, theirs))
        began = perf_counter()
        try:
            if request.method in METHODS:
                response = self.get_response(request)
            else:
                # TRACE would send back what a script on the page must not read.
                response = HttpResponseNotAllowed(METHODS)
        finally:
            _ids.reset(token)
        response.headers[HEADER] = theirs or own
        metrics.count_request(route_of(request), method_of(request), response.status_code)
        metrics.time_request(route_of(request), perf_counter() - began)
        return response


def well_formed(text: str) -> str:
    """Return a caller's id of a request; empty where it is none."""
    return text if _WELL_FORMED.fullmatch(text) else ""


def route_of(request: HttpRequest) -> str:
    """Return the name of the address, never the address: it may hold an id."""
    found = request.resolver_match
    return (found.view_name if found else "") or "unnamed"


def method_of(request: HttpRequest) -> str:
    """Return the method, or `other`: a caller may invent any word."""
    return request.method if request.method in METHODS else "other"


class RequestFilter(logging.Filter):
    """Write into every record which request and which office it belongs to."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add `request_id`, `caller_id` and `office_id`; empty where there is none."""
        # The framework tells of a failed request when the middlewares are done with it.
        request = getattr(record, "request", None)
        own, theirs = getattr(request, "ids", None) or _ids.get()
        acting = scope.current_or_none()
        record.request_id = own or (acting.request_id if acting else "")
        record.caller_id = theirs
        record.office_id = acting.office_id if acting else ""
        return True

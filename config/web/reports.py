"""Hear from browsers what the content policy stopped.

Anybody may post here, so what arrives is believed to be hostile: it is small, counted, and only
words of fixed lists and the name of a page are kept. Addresses carry ids of people and are not.
"""

from __future__ import annotations

import json
import logging
from threading import Lock
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

logger = logging.getLogger(__name__)

LONGEST_BODY = 8 * 1024
MOST_PER_MINUTE = 30
DIRECTIVES = frozenset(
    {
        "base-uri",
        "connect-src",
        "default-src",
        "font-src",
        "form-action",
        "frame-ancestors",
        "frame-src",
        "img-src",
        "object-src",
        "script-src",
        "script-src-attr",
        "script-src-elem",
        "style-src",
        "style-src-attr",
        "style-src-elem",
    }
)
BLOCKED_WORDS = frozenset({"inline", "eval", "self", "data", "blob", "wasm-eval"})
OTHER = "other"


class Meter:
    """Counts reports of this process by the minute; what is beyond the limit is not written."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._since, self._count = 0.0, 0

    def admits(self) -> bool:
        """Count one report; tell whether it may be written."""
        with self._lock:
            now = monotonic()
            if now - self._since >= 60:
                self._since, self._count = now, 0
            self._count += 1
            return self._count <= MOST_PER_MINUTE


meter = Meter()


@csrf_exempt
@transaction.non_atomic_requests  # a flood must not open a transaction each
@require_POST
def policy_report(request: HttpRequest) -> HttpResponse:
    """Write one line per violation; the answer never says what became of the report."""
    length = request.headers.get("Content-Length", "")
    if length.isdecimal() and int(length) <= LONGEST_BODY and meter.admits():
        for violation in _violations(request.body)[:1]:
            logger.warning("content policy: %s stopped %s on %s", *said(violation))
    return HttpResponse(status=204)


def said(violation: dict[str, Any]) -> tuple[str, str, str]:
    """Return what may be kept of a violation: directive, kind of source, name of the page."""
    directive = _text(violation, "effectiveDirective", "effective-directive", "violated-directive")
    name = (directive.split() or [OTHER])[0]
    blocked = _text(violation, "blockedURL", "blocked-uri")
    source = blocked if blocked in BLOCKED_WORDS else "an address" if blocked else OTHER
    page = _text(violation, "documentURL", "document-uri")
    return (name if name in DIRECTIVES else OTHER), source, _page(page)


def _text(violation: dict[str, Any], *names: str) -> str:
    return next((str(violation[name]) for name in names if violation.get(name)), "")


def _page(address: str) -> str:
    try:
        return resolve(urlsplit(address).path).view_name or OTHER
    except (Resolver404, ValueError):
        return OTHER


def _violations(body: bytes) -> list[dict[str, Any]]:
    """Read both shapes browsers send: one report, or a list of them."""
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError):
        return []
    listed = sent if isinstance(sent, list) else [sent]
    found = [
        each.get("csp-report") or each.get("body") for each in listed if isinstance(each, dict)
    ]
    return [each for each in found if isinstance(each, dict)]

"""The page of a request that failed: what it means for the person, and the id to report.

Nothing is asked of the database here: it may be what failed. Whatever a failed request wrote was
undone with its transaction, so the page may say that nothing was saved.
"""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator

from django.db import Error as DatabaseProblem
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DISK_FULL, TOO_SLOW, AWAY, OTHER = "disk_full", "too_slow", "away", "other"
SAID: dict[str, str | Promise] = {
    DISK_FULL: _("The server has no room left. Nothing was saved; tell whoever runs the system."),
    TOO_SLOW: _("The database took too long. Nothing was saved; try again in a moment."),
    AWAY: _("The database does not answer. Nothing was saved; try again in a moment."),
    OTHER: _("Something failed. Nothing was saved; tell whoever runs the system."),
}
_KIND_OF_STATE = {
    "53100": DISK_FULL,
    "57014": TOO_SLOW,
    "55P03": TOO_SLOW,
    "25P03": TOO_SLOW,
}


def failed(request: HttpRequest) -> HttpResponse:
    """Answer in words; 503 where trying again may help."""
    kind = kind_of(sys.exc_info()[1])
    context = {"said": SAID[kind], "request_id": getattr(request, "request_id", "")}
    status = 500 if kind == OTHER else 503
    return render(request, "500.html", context, status=status)


def kind_of(failure: BaseException | None) -> str:
    """Return which kind of failure it was, from the error or from what caused it."""
    kinds = {_kind(each) for each in _causes(failure)}
    return next((kind for kind in (DISK_FULL, TOO_SLOW, AWAY) if kind in kinds), OTHER)


def _causes(failure: BaseException | None) -> Iterator[BaseException]:
    seen = set()
    while failure is not None and id(failure) not in seen:
        seen.add(id(failure))
        yield failure
        failure = failure.__cause__ or failure.__context__


def _kind(failure: BaseException) -> str:
    if isinstance(failure, OSError) and failure.errno in {errno.ENOSPC, errno.EDQUOT}:
        return DISK_FULL
    state = getattr(failure, "sqlstate", None)
    if state in _KIND_OF_STATE:
        return _KIND_OF_STATE[state]
    is_gone = state is None or state[:2] in {"08", "57"}
    # Without a state the connection was lost or never came about.
    is_ours = isinstance(failure, DatabaseProblem) or type(failure).__module__.startswith("psycopg")
    name = type(failure).__name__
    return AWAY if is_ours and is_gone and name in {"OperationalError", "InterfaceError"} else OTHER

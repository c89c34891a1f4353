"""Sensitive acts ask for a second factor that is no older than five minutes.

A scope that did not come from a request (a command, background work) carries no factor: there the
act was asked for before. A request always carries one, since it has none of the rights otherwise.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from config import calendar
from config.audit.services import record_refusal
from config.errors import Refused
from config.offices import roles, scope

FRESH = timedelta(minutes=5)
STALE = "sign_in.factor.stale"

View = Callable[..., HttpResponse]


def is_fresh() -> bool:
    """Tell whether the actor in scope gave a second factor within the last five minutes."""
    factor_at = scope.current().factor_at
    return factor_at is None or calendar.now() - factor_at <= FRESH


def require_fresh_factor(act: str) -> None:
    """Refuse an act whose actor gave the second factor too long ago; the refusal is recorded.

    Raises:
        Refused: `sign_in.factor.stale`.
    """
    if not is_fresh():
        record_refusal("act.refused", act=act, code=STALE)
        raise Refused(STALE)


def fresh_factor_page(act: str) -> Callable[[View], View]:
    """Send who may do an act and gave the factor too long ago to the page of the code first.

    Who may not do the act is answered by the page itself. Nothing is done on the way.
    """

    def guarded_by(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> HttpResponse:
            request = next(each for each in args if isinstance(each, HttpRequest))
            if not roles.is_allowed(act) or is_fresh():
                return view(*args, **kwargs)
            if request.method == "POST":
                record_refusal("act.refused", act=act, code=STALE)
            back = urlencode({"next": request.get_full_path()})
            return HttpResponseRedirect(f"{reverse('sign_in:again')}?{back}")

        return guarded

    return guarded_by

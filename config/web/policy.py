"""Which content policy an answer carries.

The pages of the admin need what its theme needs. Everything else is answered under the strict
policy: the sign-in, what somebody who acts for no office is shown, and every error.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from config.offices import scope

# 409 is no error page: it is a page of the admin that says why an act was refused.
ERRORS = frozenset({400, 401, 403, 404, 405, 413, 429, 500, 503})


class StrictPolicyMiddleware:
    """Mark answers that load nothing of the theme; stands directly inside the policy's own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.is_inside = False  # type: ignore[attr-defined]
        response = self.get_response(request)
        is_stated = hasattr(response, "_csp_replace") or hasattr(response, "_csp_config")
        is_of_theme = request.is_inside and response.status_code not in ERRORS  # type: ignore[attr-defined]
        if not is_stated and not is_of_theme:
            strict = csp_replace(settings.STRICT_CONTENT_SECURITY_POLICY)
            return strict(lambda _request: response)(request)
        return response

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Note whether the page is opened for an office: the scope is in force only now."""
        request.is_inside = scope.current_or_none() is not None  # type: ignore[attr-defined]

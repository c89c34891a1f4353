"""Leave an event when somebody who is signed in is told that a row or page is not for them."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from config.audit import services
from config.offices import scope

REFUSED = (403, 404)


class RefusalMiddleware:
    """Record refused addresses; stands inside the scope of the request.

    Where the page recorded the refused act itself, there is nothing to add.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        services.refusal_recorded.set(False)
        response = self.get_response(request)
        match = request.resolver_match
        if (
            response.status_code in REFUSED
            and scope.current_or_none() is not None
            and match is not None
            and match.url_name
            and not services.refusal_recorded.get()
        ):
            services.record_refusal(
                "address.refused", page=match.view_name, code=str(response.status_code)
            )
        return response

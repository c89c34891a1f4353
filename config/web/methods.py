"""Answer the methods a page is made for and refuse every other one.

The framework's own pages treat whatever is not POST as GET: they would render for TRACE, PUT or
a method nobody invented yet. The machine interface refuses by itself, in its own shape.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

ANSWERED = ("GET", "HEAD", "POST")
INTERFACE = "/api/"


class MethodsMiddleware:
    """Let GET, HEAD and POST through to pages; refuse before a session is read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method in ANSWERED or request.path_info.startswith(INTERFACE):
            return self.get_response(request)
        return HttpResponseNotAllowed(ANSWERED)

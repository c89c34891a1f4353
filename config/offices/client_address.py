"""Which address a request came from."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return the address of the client; empty where the server does not know it.

    The forwarded header is whatever the client likes, except for what our own proxies added at
    its end. `TRUSTED_PROXY_COUNT` says how many stand in front: with none the header is not
    read; with n the n-th entry from the right is what the outermost of them saw. A header that
    is too short or holds no address did not pass them: the direct peer counts.
    """
    peer = str(request.META.get("REMOTE_ADDR", ""))
    depth = settings.TRUSTED_PROXY_COUNT
    if depth < 1:
        return peer
    told = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")
    if len(told) < depth:
        return peer
    try:
        return str(ip_address(told[-depth].strip()))
    except ValueError:
        return peer

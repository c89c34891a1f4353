"""Who calls: a token in the header `Authorization: Bearer ...`, and nothing else.

A browser's session signs nobody in here, so no page of another site can act through it.
"""

from __future__ import annotations

import re

from django.contrib.auth.models import AnonymousUser
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from claims.api.errors import TokenMissing, TokenRefused
from claims.models import ApiToken
from claims.services.api_token import token_held
from config.offices import roles
from config.offices.scope import Scope
from config.offices.selectors import offices_beneath

_BEARER = re.compile(r"Bearer +(mid_([0-9]{1,18})_[A-Za-z0-9_-]{43})", re.IGNORECASE)


class TokenAuthentication(BaseAuthentication):
    """Finds the token; the caller is no person."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, ApiToken]:
        header = get_authorization_header(request).decode("latin-1").strip()
        if not header:
            raise TokenMissing
        found = _BEARER.fullmatch(header)
        token = token_held(int(found[2]), found[1]) if found else None
        if token is None:
            raise TokenRefused
        return AnonymousUser(), token

    def authenticate_header(self, _request: Request) -> str:
        """Return what a refused caller is told to send."""
        return "Bearer"


class HoldsToken(BasePermission):
    """Open to tokens alone."""

    def has_permission(self, request: Request, _view: object) -> bool:
        return isinstance(request.auth, ApiToken)


class TokenScheme(OpenApiAuthenticationExtension):
    """How the schema describes the token."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, _auto_schema: object) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


def scope_of_token(token: ApiToken, request_id: str, address: str) -> Scope:
    """Return the scope a token acts in: its office and those beneath, as a facility."""
    return Scope(
        token.office_id,
        offices_beneath(token.office_id),
        None,
        frozenset({roles.FACILITY}),
        request_id=request_id,
        agent=token.agent,
        address=address,
    )

"""Make and revoke tokens of the machine interface. The text of a token is returned once."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date

from django.db import transaction

from claims.models import ApiToken, Facility
from config import calendar
from config.audit.services import record, require
from config.errors import InvalidInput, Refused
from config.offices import scope


def token_digest(text: str) -> str:
    """Return the digest a token is found by.

    The secret is 256 random bits, so a plain digest cannot be tried through.
    """
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def api_token_create(
    facility: Facility, name: str, through_on: date | None = None
) -> tuple[ApiToken, str]:
    """Make a token of a facility at the office acted for.

    Args:
        facility: whose bills the token settles and sees.
        name: which system holds it.
        through_on: last day on which it holds; None is without end.

    Returns:
        The row, and the text that is shown now and never again.

    Raises:
        InvalidInput: `claims.api_token.name_missing`, `claims.api_token.day_passed`.
    """
    acting = require("api_token.manage")
    if not name.strip():
        raise InvalidInput("claims.api_token.name_missing", field="name")
    if through_on is not None and through_on < calendar.today():
        raise InvalidInput("claims.api_token.day_passed", field="through_on")
    secret = secrets.token_urlsafe(32)
    text = f"mid_{acting.office_id}_{secret}"
    token = ApiToken.objects.create(
        office_id=acting.office_id,
        facility=facility,
        name=name.strip()[:60],
        prefix=secret[:6],
        digest=token_digest(text),
        through_on=through_on,
        created_by_id=acting.user_id,
    )
    record(
        "api_token.created",
        token,
        facility=facility.code,
        prefix=token.prefix,
        through_on=through_on.isoformat() if through_on else None,
    )
    return token, text


@transaction.atomic
def api_token_revoke(token: ApiToken, reason: str = "") -> ApiToken:
    """Revoke a token: its next request is refused.

    Raises:
        Refused: `claims.api_token.revoked_before`.
    """
    require("api_token.manage", token)
    if token.revoked_at is not None:
        raise Refused("claims.api_token.revoked_before")
    token.revoked_at = calendar.now()
    token.save(update_fields=["revoked_at"])
    record("api_token.revoked", token, reason, facility=token.facility.code, prefix=token.prefix)
    return token


def token_held(office_id: int, text: str) -> ApiToken | None:
    """Return the token with this text, if it holds today.

    Nobody is acting yet, so the look goes through a scope of its own that sees the one office
    the text names; a wrong office finds nothing.
    """
    asking = scope.Scope(office_id, (office_id,), agent="interface")
    with scope.enter(asking):
        token = (
            ApiToken.objects.select_related("office", "facility")
            .filter(digest=token_digest(text), revoked_at__isnull=True)
            .first()
        )
    if token is None or (token.through_on and token.through_on < calendar.today()):
        return None
    return token

"""Codes that work once: ten on paper for a lost telephone, and one for today by the supervisor.

Both are random enough to be kept as plain digests, and are kept as keyed ones.
"""

from __future__ import annotations

import secrets
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac

from config import calendar
from config.audit.services import record, require
from config.errors import InvalidInput, Refused
from config.offices.models import User
from config.offices.selectors import person_in_scope
from config.sign_in.fresh_factor import require_fresh_factor
from config.sign_in.models import OneDayCode, RecoveryCode

# Letters and digits that are not taken for one another.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
RECOVERY_COUNT, RECOVERY_LENGTH, ONE_DAY_LENGTH = 10, 16, 12
GROUP = 4


def typed(code: str) -> str:
    """Return a code as it is compared: without spaces and hyphens, in capitals."""
    return "".join(code.split()).replace("-", "").upper()


@transaction.atomic
def recovery_codes_make(user: User) -> list[str]:
    """Make ten new codes and end the old ones; they are shown now and never again."""
    RecoveryCode.objects.filter(user=user, ended_at=None).update(ended_at=calendar.now())
    made = [_made(RECOVERY_LENGTH) for _number in range(RECOVERY_COUNT)]
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=_digest(c)) for c in made)
    record("recovery_codes.made", user)
    return [_grouped(code) for code in made]


def recovery_codes_left(user: User) -> int:
    """Return how many codes a person can still use."""
    return RecoveryCode.objects.filter(user=user, ended_at=None, used_at=None).count()


def recovery_code_use(user: User, code: str) -> bool:
    """Use up a code on paper; one statement decides, so two at once cannot both succeed."""
    live = RecoveryCode.objects.filter(
        user=user, digest=_digest(typed(code)), ended_at=None, used_at=None
    )
    return live.update(used_at=calendar.now()) == 1


@transaction.atomic
def one_day_code_issue(username: str, reason: str) -> str:
    """Make a code for a person of an office in scope who has no device at hand today.

    It stands in for the second factor once and ends at midnight in Shanghai; a code issued
    before ends at once.

    Raises:
        Refused: `offices.act.not_allowed`, `sign_in.factor.stale`, `sign_in.person.self`.
        NotKnown: `offices.person.unknown`.
        InvalidInput: `offices.reason.missing`.
    """
    acting = require("one_day_code.issue")
    require_fresh_factor("one_day_code.issue")
    user = person_in_scope(username)
    if not reason.strip():
        raise InvalidInput("offices.reason.missing", field="reason")
    if user.pk == acting.user_id:
        raise Refused("sign_in.person.self")
    now = calendar.now()
    midnight = datetime.combine(now.date() + timedelta(days=1), time.min, tzinfo=calendar.SHANGHAI)
    OneDayCode.objects.filter(user=user, used_at=None, expires_at__gt=now).update(expires_at=now)
    code = _made(ONE_DAY_LENGTH)
    OneDayCode.objects.create(
        user=user,
        issuer_id=acting.user_id,
        reason=reason.strip(),
        digest=_digest(code),
        expires_at=midnight,
    )
    record("one_day_code.issued", user, reason)
    return _grouped(code)


def one_day_code_use(user: User, code: str) -> bool:
    """Use up the code of today."""
    now = calendar.now()
    live = OneDayCode.objects.filter(
        user=user, digest=_digest(typed(code)), used_at=None, expires_at__gt=now
    )
    return live.update(used_at=now) == 1


def _made(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _place in range(length))


def _grouped(code: str) -> str:
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def _digest(code: str) -> str:
    return salted_hmac("config.sign_in.codes", code, algorithm="sha256").hexdigest()

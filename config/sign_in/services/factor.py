"""The second factor: enrol one, try a code, take a device away."""

from __future__ import annotations

import binascii
import secrets
from base64 import b32decode, b32encode
from contextlib import contextmanager

from django.db import transaction
from django.http import HttpRequest

from config import calendar
from config.audit.services import record, record_refusal, require
from config.errors import InvalidInput, NotKnown, Refused
from config.identity import cipher
from config.identity.keys import key_ring
from config.offices import scope
from config.offices.client_address import client_address
from config.offices.models import Office, User
from config.offices.selectors import memberships_today, pool_above, scope_of
from config.sign_in import sessions, tries
from config.sign_in.fresh_factor import require_fresh_factor
from config.sign_in.models import RecoveryCode, TotpDevice
from config.sign_in.services.codes import (
    ONE_DAY_LENGTH,
    RECOVERY_LENGTH,
    one_day_code_use,
    recovery_code_use,
    recovery_codes_make,
    typed,
)

SEED_BYTES = 20
SHORTEST_SEED_BYTES = 10
_SESSION_SEED = "seed_to_enrol"
_SESSION_PURPOSE = "totp_seed_to_enrol"


def device_of(user: User) -> TotpDevice | None:
    """Return the device of a person; None before the first one is enrolled."""
    return TotpDevice.objects.filter(user=user, ended_at=None).first()


def seed_to_enrol(request: HttpRequest) -> str:
    """Return the seed offered in this session, in base 32; made at the first call.

    It waits sealed in the session: no device exists before its first code was right.
    """
    kept = request.session.get(_SESSION_SEED)
    if kept:
        return cipher.unseal(key_ring(), kept, _SESSION_PURPOSE)
    seed = b32encode(secrets.token_bytes(SEED_BYTES)).decode()
    request.session[_SESSION_SEED] = cipher.seal(key_ring(), seed, _SESSION_PURPOSE)
    return seed


def read_seed(text: str) -> str:
    """Return the seed of a hardware token as base 32, from base 32 or from hexadecimal digits.

    Raises:
        InvalidInput: `sign_in.seed.unreadable`.
    """
    bare = "".join(text.split()).replace("-", "").upper()
    try:
        raw = bytes.fromhex(bare)
    except ValueError:
        try:
            raw = b32decode(bare + "=" * (-len(bare) % 8))
        except binascii.Error:
            raw = b""
    if len(raw) < SHORTEST_SEED_BYTES:
        raise InvalidInput("sign_in.seed.unreadable", field="seed")
    return b32encode(raw).decode()


def device_enrol(request: HttpRequest, user: User, device: TotpDevice, code: str) -> list[str]:
    """Enrol the first device of a person with a right code; return the recovery codes.

    Args:
        request: carries the half signed-in session.
        user: who gave the password.
        device: not stored yet: kind, seed, digits, step.
        code: what the device shows now.

    Raises:
        Refused: `sign_in.code.refused`, `sign_in.code.locked`.
    """
    tried = _begun(request, user)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        is_enrolled = device_of(user) is None and _is_code_of(device, user, typed(code))
    if not is_enrolled:
        _refuse(user)
    with _acting_as(user, request):
        record("factor.enrolled", user, kind=device.kind)
        made = recovery_codes_make(user)
    tries.succeeded(tried)
    return made


def _is_code_of(device: TotpDevice, user: User, code: str) -> bool:
    device.user = user
    device.name = device.kind
    with transaction.atomic():
        device.save()
        if device.verify_token(code):
            return True
        transaction.set_rollback(True)
    return False


def factor_try(request: HttpRequest, user: User, code: str) -> str:
    """Check one code of any kind; return its kind.

    Raises:
        Refused: `sign_in.code.refused`, or `sign_in.code.locked` when no further try is heard.
    """
    tried = _begun(request, user)
    with transaction.atomic():
        kind = _kind_accepted(user, typed(code))
        if kind in {"recovery_code", "one_day_code"}:
            with _acting_as(user, request):
                record(f"{kind}.used", user)
    if not kind:
        _refuse(user)
    tries.succeeded(tried)
    return kind


def _kind_accepted(user: User, code: str) -> str:
    if len(code) == RECOVERY_LENGTH:
        return "recovery_code" if recovery_code_use(user, code) else ""
    if len(code) == ONE_DAY_LENGTH:
        return "one_day_code" if one_day_code_use(user, code) else ""
    with transaction.atomic():
        # Locked: the same code in two windows is accepted in one of them.
        device = TotpDevice.objects.select_for_update().filter(user=user, ended_at=None).first()
        return "device" if device and device.verify_token(code) else ""


@transaction.atomic
def factor_reset(username: str, reason: str) -> None:
    """Take the device and the codes of a person away; the next sign-in enrols a new one.

    Nobody who can set the person's password may do this, so that no one person can take over an
    account: it is done by an administrator of an office of another level in the same pool, who
    names the account exactly; other offices' people are not listed.

    Raises:
        Refused: `offices.act.not_allowed`, `sign_in.factor.stale`, `sign_in.person.self`,
            `sign_in.reset.same_level`, `sign_in.reset.nothing`.
        NotKnown: `offices.person.unknown`.
        InvalidInput: `offices.reason.missing`.
    """
    acting = require("factor.reset")
    require_fresh_factor("factor.reset")
    if not reason.strip():
        raise InvalidInput("offices.reason.missing", field="reason")
    user = User.objects.filter(username=username).first()
    held = memberships_today(user) if user else []
    pools = {pool_above(right.office_id) for right in held}
    if user is None or pools != {pool_above(acting.office_id)}:
        raise NotKnown("offices.person.unknown")
    if user.pk == acting.user_id:
        raise Refused("sign_in.person.self")
    own = Office.objects.get(pk=acting.office_id)
    if own.kind in {right.office.kind for right in held}:
        record_refusal("act.refused", user, act="factor.reset", code="sign_in.reset.same_level")
        raise Refused("sign_in.reset.same_level")
    now = calendar.now()
    if not TotpDevice.objects.filter(user=user, ended_at=None).update(ended_at=now):
        raise Refused("sign_in.reset.nothing")
    RecoveryCode.objects.filter(user=user, ended_at=None).update(ended_at=now)
    sessions.end(user)
    record("factor.reset", user, reason)


def _begun(request: HttpRequest, user: User) -> tries.Try:
    tried = tries.begin(request, tries.FACTOR, user.username)
    if tried is None:
        raise Refused("sign_in.code.locked")
    return tried


def _refuse(user: User) -> None:
    with _acting_as(user):
        record_refusal("factor.refused", user)
    raise Refused("sign_in.code.refused")


@contextmanager
def _acting_as(user: User, request: HttpRequest | None = None):
    """Act in the scope the person is about to enter, so that the event lies at his office."""
    found = scope_of(user, address=client_address(request) if request else "")
    if found is None:
        raise Refused("sign_in.refused")
    with scope.enter(found):
        yield

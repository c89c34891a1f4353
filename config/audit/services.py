"""Leave an event for every act, and answer a repeated act from its first answer.

`record` writes in the transaction of the act: no event, no act. `record_refusal` writes on a
connection of its own, so that the event outlives the transaction that is rolled back.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from contextvars import ContextVar
from functools import partial
from typing import Any

from django.db import connections, models, transaction

from config.audit import verbs
from config.audit.models import ActKey, AuditEvent
from config.errors import Conflict, DomainError, Refused
from config.identity.logging_filter import hide_numbers
from config.metrics import count_act
from config.offices import roles, scope
from config.offices.insertion import insert

ASIDE = "aside"
# Whether the act in hand left the event of its refusal already.
refusal_recorded: ContextVar[bool] = ContextVar("refusal_recorded", default=False)
_KEY = re.compile(r"[!-~]{1,64}")
# Two statements in one message. The second sees what was committed while the first waited.
_LOCK_AND_ASK = """
SELECT pg_advisory_xact_lock(hashtextextended(%(name)s, 0));
SELECT body_digest, result FROM audit_actkey
WHERE office_id = %(office_id)s AND actor_id IS NOT DISTINCT FROM %(actor_id)s
    AND agent = %(agent)s AND kind = %(kind)s AND key = %(key)s
"""


def record(
    verb: str, target: models.Model | None = None, reason: str = "", **payload: Any
) -> AuditEvent:
    """Leave the event of an act that is being done, in the transaction that does it.

    Args:
        verb: code of the catalogue.
        target: what was acted on; its public id where it has one.
        reason: what the actor stated.
        payload: details, under the keys the verb allows; already masked.

    Raises:
        DomainError: unknown verb, or a detail the verb does not allow.
    """
    verbs.check(verb, payload)
    return _written("default", verb, target, reason, AuditEvent.Outcome.DONE, payload)


def record_refusal(
    verb: str, target: models.Model | None = None, reason: str = "", **payload: Any
) -> AuditEvent:
    """Leave the event of a refused act; it stays although the act is rolled back."""
    verbs.check(verb, payload)
    refusal_recorded.set(True)
    with transaction.atomic(using=ASIDE):
        return _written(ASIDE, verb, target, reason, AuditEvent.Outcome.REFUSED, payload)


def record_view(
    verb: str, target: models.Model | None = None, reason: str = "", **payload: Any
) -> AuditEvent:
    """Leave the event of a look at or a search for sensitive data, before anything is shown.

    Written aside: whatever becomes of the request, the look has happened. And a look is no event
    of a change: a request that looked and changed leaves two.
    """
    verbs.check(verb, payload)
    with transaction.atomic(using=ASIDE):
        return _written(ASIDE, verb, target, reason, AuditEvent.Outcome.DONE, payload)


def _written(
    alias: str,
    verb: str,
    target: models.Model | None,
    reason: str,
    outcome: str,
    payload: dict[str, Any],
) -> AuditEvent:
    acting = scope.current()
    event = AuditEvent(
        office_id=acting.office_id,
        actor_id=acting.user_id,
        agent=acting.agent,
        roles=",".join(sorted(acting.roles)),
        verb=verb,
        target_kind=target._meta.label_lower if target is not None else "",
        target_id=target_key(target),
        outcome=outcome,
        # Typed by people, who may well type a number.
        reason=hide_numbers(reason),
        payload=payload,
        request_id=acting.request_id,
        address=acting.address,
    )
    insert(event, alias)
    transaction.on_commit(partial(count_act, verb, str(outcome)), using=alias)
    return event


def target_key(target: models.Model | None) -> str:
    """Return the id an event names: the random public id where there is one."""
    if target is None:
        return ""
    return str(getattr(target, "public_id", None) or target.pk or "")


def require(act: str, target: models.Model | None = None) -> scope.Scope:
    """Return the scope in force if it may do an act; leave an event when it may not.

    Raises:
        Refused: `offices.act.not_allowed`.
    """
    try:
        return roles.require(act)
    except Refused as refusal:
        record_refusal("act.refused", target, act=act, code=refusal.code)
        raise


def body_digest(body: Any) -> str:
    """Return the digest of a request's content, independent of the order of its keys."""
    canonical = json.dumps(
        body, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def idempotent(kind: str, key: str, body: Any, act: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Do an act once per key and answer every repetition with the first answer.

    A second request with the same key waits until the first has committed, then gets its
    answer. An act that raises stores nothing: its key may be used again.

    Args:
        kind: what is done: `settlement.confirm`.
        key: random text made when the page was made.
        body: everything the request asks for, as JSON values.
        act: does the work in the running transaction; its answer must be JSON values.

    Raises:
        Conflict: `audit.key.reused`, the key came with another body before.
        DomainError: `audit.key.missing`, no key or one no page makes; `audit.transaction.missing`.
    """
    if not _KEY.fullmatch(key):
        raise DomainError("audit.key.missing")
    connection = connections["default"]
    if not connection.in_atomic_block:
        raise DomainError("audit.transaction.missing")
    acting = scope.current()
    owned = {
        "office_id": acting.office_id,
        "actor_id": acting.user_id,
        "agent": acting.agent,
        "kind": kind,
        "key": key,
    }
    digest = body_digest(body)
    name = "|".join(str(value) for value in owned.values())
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_AND_ASK, {**owned, "name": name})
        cursor.nextset()
        before = cursor.fetchone()
    if before is None:
        result = act()
        insert(ActKey(**owned, body_digest=digest, result=result))
        return result
    body_digest_before, result_before = before
    if body_digest_before != digest:
        raise Conflict("audit.key.reused", kind=kind)
    return dict(json.loads(result_before))

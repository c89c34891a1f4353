"""Seal what was recorded: apart from the acts, once a minute, batch after batch."""

from __future__ import annotations

from django.conf import settings
from django.db import connection, transaction

from config.audit.models import AuditSeal
from config.audit.sealing import FORM, Batch, Leaf, leaf_of, packed_leaves
from config.errors import DomainError
from config.offices import scope
from config.offices.selectors import scope_of_system

MOST_EVENTS = 20_000
# One sealer at a time; the number has no meaning but to be ours.
_LOCK = "SELECT pg_advisory_xact_lock(7201533108)"
_HORIZON = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
# The transaction of the first event beyond a full batch: a transaction is never parted.
_CUT = """
SELECT txid FROM audit_auditevent WHERE txid >= %s AND txid < %s
ORDER BY txid, id OFFSET %s LIMIT 1
"""
_EVENTS = f"""
SELECT id, {FORM} FROM audit_auditevent WHERE txid >= %s AND txid < %s ORDER BY txid, id
"""  # noqa: S608  a constant


def seal_events(*, most: int = MOST_EVENTS) -> int:
    """Seal every event of the transactions that have ended; returns how many were sealed.

    It acts as the system over every office, whatever scope is in force. A transaction that is still running keeps the events
    after it waiting, however long it runs: nothing can join a batch that is sealed.

    Args:
        most: events of one batch, unless one transaction alone wrote more.

    Raises:
        DomainError: `audit.seal.behind`: the database counts transactions from an earlier number
            than the last seal did. It was loaded from a dump; see the page on operation.
    """
    sealed = 0
    while count := _seal_batch(most):
        sealed += count
    return sealed


@transaction.atomic
def _seal_batch(most: int) -> int:
    last = _last_seal()
    start = last.through_txid if last else 0
    horizon = _one(_HORIZON)
    if horizon < start:
        raise DomainError("audit.seal.behind")
    # The offices are read after the horizon: one that wrote below it cannot be unknown.
    with scope.enter_or_leave(scope_of_system("sealer")):
        leaves, end = _next_leaves(start, horizon, most)
    if not leaves:
        return 0
    batch = Batch(
        number=last.number + 1 if last else 1,
        algorithm=settings.AUDIT_SEAL_ALGORITHM,
        from_txid=start,
        through_txid=end,
        leaves=packed_leaves(leaves),
        previous=last.digest if last else "",
    )
    AuditSeal.objects.create(
        **batch._asdict(),
        event_count=batch.count,
        first_event=leaves[0].event_id,
        last_event=leaves[-1].event_id,
        digest=batch.digest,
    )
    return batch.count


def _last_seal() -> AuditSeal | None:
    """Return the last seal, once no other sealer is at work."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
    return AuditSeal.objects.only("number", "through_txid", "digest").first()


def _next_leaves(start: int, horizon: int, most: int) -> tuple[list[Leaf], int]:
    """Return the leaves of the next batch and the transaction it ends before."""
    beyond = _one(_CUT, start, horizon, most)
    if beyond is None:
        return _leaves(start, horizon), horizon
    # A transaction that wrote more than a batch holds is a batch of its own.
    leaves = _leaves(start, beyond)
    return (leaves, beyond) if leaves else (_leaves(start, beyond + 1), beyond + 1)


def _leaves(start: int, end: int) -> list[Leaf]:
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS, [start, end])
        algorithm = settings.AUDIT_SEAL_ALGORITHM
        return [leaf_of(algorithm, event_id, form) for event_id, form in cursor.fetchall()]


def _one(statement: str, *values: int) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found = cursor.fetchone()
    return found[0] if found else None

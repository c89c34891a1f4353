"""Write down what follows from a change, and do it: at least once, with an effect that counts once.

The row is the fact, the message only a wake-up. A wake-up that is lost, doubled or late changes
nothing but the minute: a sweeper reads what is due every half minute.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.module_loading import import_string

from config.audit.services import record, require
from config.celery import app as queue
from config.errors import Conflict, DomainError
from config.offices import scope
from config.offices.acting import run_in_office
from config.offices.selectors import scope_of_system
from config.outbox.models import Heartbeat, OutboxEvent

Consumer = Callable[[OutboxEvent], None]

ATTEMPTS = 5
# After the n-th failed attempt. Together below five minutes, so that what is older has an end.
PAUSES_S = (10, 20, 40, 80, 30)
# What killed the process that did it leaves no error of its own.
LOST = "process_lost"
SWEEP = "config.outbox.tasks.outbox_sweep"

_log = logging.getLogger(__name__)
_State = OutboxEvent.State


def emit(
    kind: str, subject_id: object, effect_key: str, *, not_before: datetime | None = None
) -> None:
    """Write down a piece of work in the running transaction.

    Args:
        kind: a key of `settings.OUTBOX_CONSUMERS`.
        subject_id: id of what it is about; never a number of a person.
        effect_key: what may take effect once; emitting it again does nothing.
        not_before: an instant; at once where it is left out.

    Raises:
        DomainError: `outbox.kind.unknown`; `outbox.transaction.missing`, since work written
            outside the transaction of its change would be done without it.
        ScopeMissing: nobody is acting.
    """
    if kind not in settings.OUTBOX_CONSUMERS:
        raise DomainError("outbox.kind.unknown", kind=kind)
    if not connection.in_atomic_block:
        raise DomainError("outbox.transaction.missing")
    event = OutboxEvent(
        office_id=scope.current().office_id,
        kind=kind,
        subject_id=str(subject_id),
        effect_key=effect_key,
        **({"due_at": not_before, "not_before": not_before} if not_before else {}),
    )
    OutboxEvent.objects.bulk_create([event], ignore_conflicts=True)
    transaction.on_commit(wake, robust=True)


class WakeUp:
    """Sends the wake-up after a commit; while the broker is away, nobody waits for it."""

    QUIET_S = 15.0

    def __init__(self) -> None:
        self.quiet_until = 0.0

    def __call__(self) -> None:
        """Send, or leave it to the sweeper."""
        if monotonic() < self.quiet_until:
            return
        try:
            queue.send_task(SWEEP)
        except Exception as failure:  # noqa: BLE001  the broker's many ways of being away
            self.quiet_until = monotonic() + self.QUIET_S
            _log.warning("No wake-up was sent (%s); the sweeper will find it.", type(failure))


wake = WakeUp()


def sweep(*, limit: int = 500, seconds: float = 40.0) -> int:
    """Do what is due, of every office; returns the number of attempts made.

    Args:
        limit: attempts of one call, so that one call ends.
        seconds: no attempt begins later.
    """
    with scope.enter_or_leave(scope_of_system("outbox")):
        beat("sweeper")
        if scope.current_or_none() is None:
            return 0
        end = monotonic() + seconds
        for done in range(limit):
            claimed = _claim()
            if claimed is None or monotonic() > end:
                return done
            _deliver(claimed)
    return limit


def beat(name: str) -> None:
    """Note that a piece of the timetable ran."""
    Heartbeat.objects.update_or_create(name=name, defaults={"beaten_at": Now()})


@transaction.atomic
def outbox_retry(event: OutboxEvent) -> None:
    """Try failed work again from its first attempt.

    Raises:
        Conflict: `outbox.event.not_failed`.
    """
    require("outbox.retry", event)
    changed = OutboxEvent.objects.filter(pk=event.pk, state=_State.FAILED).update(
        state=_State.WAITING, attempts=0, due_at=Now(), not_before=Now(), finished_at=None
    )
    if not changed:
        raise Conflict("outbox.event.not_failed")
    record("outbox.retried", event, kind=event.kind)
    transaction.on_commit(wake, robust=True)


@transaction.atomic
def _claim() -> OutboxEvent | None:
    """Take the next due event for one attempt, which is counted before it is made.

    Counted first, because work that kills its process would else be tried for ever. Until the
    pause is over nobody else takes it.
    """
    due = OutboxEvent.objects.select_for_update(skip_locked=True).filter(
        state=_State.WAITING, not_before__lte=Now()
    )
    while event := due.order_by("not_before", "id").first():
        if event.attempts >= ATTEMPTS:
            _finish(event, _State.FAILED, error=event.last_error or LOST)
            continue
        event.attempts += 1
        event.not_before = Now() + timedelta(seconds=PAUSES_S[event.attempts - 1])
        event.save(update_fields=["attempts", "not_before"])
        return event
    return None


def _deliver(claimed: OutboxEvent) -> None:
    """Make one attempt: effect and end of the event in one transaction."""
    try:
        with transaction.atomic():
            event = _still_ours(claimed)
            if event is None:
                return
            consume: Consumer = import_string(settings.OUTBOX_CONSUMERS[event.kind])
            with run_in_office(event.office, agent=f"outbox:{event.kind}"):
                consume(event)
            _finish(event, _State.DONE)
    except Exception as failure:  # noqa: BLE001  whatever it was, the others must be done
        _log.warning("Work %s failed: %s", claimed.pk, _name(failure))
        _note_failure(claimed, failure)


@transaction.atomic
def _note_failure(claimed: OutboxEvent, failure: Exception) -> None:
    event = _still_ours(claimed)
    if event is None:
        return
    event.last_error = _name(failure)
    event.save(update_fields=["last_error"])
    if event.attempts >= ATTEMPTS:
        _finish(event, _State.FAILED, error=event.last_error)


def _still_ours(claimed: OutboxEvent) -> OutboxEvent | None:
    """Return the event, locked, while this is its latest attempt."""
    ours = OutboxEvent.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        pk=claimed.pk, state=_State.WAITING, attempts=claimed.attempts
    )
    return ours.select_related("office").first()


def _finish(event: OutboxEvent, state: str, error: str = "") -> None:
    event.state, event.last_error, event.finished_at = state, error[:120], Now()
    event.save(update_fields=["state", "last_error", "finished_at"])


def _name(failure: Exception) -> str:
    """Return what may be kept of a failure: its code or kind, never its text."""
    return failure.code if isinstance(failure, DomainError) else type(failure).__name__

"""How the work stands, in counts and ages."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from django.db.models import Count, Min, Q
from django.utils import timezone

from config.outbox.models import Heartbeat, OutboxEvent


class Standing(NamedTuple):
    """Counts of events, and how long the oldest due one waits.

    Args:
        waiting: due and not done.
        failed: given up; somebody must look.
        oldest: age of the oldest waiting one; None where none waits.
    """

    waiting: int
    failed: int
    oldest: timedelta | None


def standing() -> Standing:
    """Return how the work of the offices in scope stands."""
    now = timezone.now()
    due = Q(state=OutboxEvent.State.WAITING, due_at__lte=now)
    found = OutboxEvent.objects.aggregate(
        waiting=Count("pk", filter=due),
        failed=Count("pk", filter=Q(state=OutboxEvent.State.FAILED)),
        first=Min("due_at", filter=due),
    )
    oldest = now - found["first"] if found["first"] else None
    return Standing(found["waiting"], found["failed"], oldest)


def since_beat(name: str) -> timedelta | None:
    """Return the time since a piece of the timetable last ran; None if it never did."""
    beaten_at = Heartbeat.objects.filter(name=name).values_list("beaten_at", flat=True).first()
    return timezone.now() - beaten_at if beaten_at else None

"""What the work to be done says of the health of the installation."""

from __future__ import annotations

from datetime import timedelta

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from config.health.facts import HealthFact, State
from config.outbox.selectors import since_beat, standing

LATE = timedelta(minutes=2)
# The sweep of invariants draws the same line: older than this is done or visibly failed.
BROKEN = timedelta(minutes=5)


def state_of_age(age: timedelta) -> State:
    """Return how an age stands against the two lines."""
    if age >= BROKEN:
        return State.BROKEN
    return State.LATE if age >= LATE else State.OK


def oldest_due() -> HealthFact:
    """Say how long the oldest due work waits."""
    found = standing()
    age = found.oldest or timedelta(0)
    said = format_lazy(
        _("{count} pieces of work are due; the oldest waits for {seconds} s."),
        count=found.waiting,
        seconds=int(age.total_seconds()),
    )
    return HealthFact("outbox.oldest_due", state_of_age(age), said)


def failed() -> HealthFact:
    """Say how much work was given up."""
    count = standing().failed
    said = format_lazy(_("{count} pieces of work have failed and wait for somebody."), count=count)
    return HealthFact("outbox.failed", State.BROKEN if count else State.OK, said)


def scheduler() -> HealthFact:
    """Say when the timetable last reached a worker."""
    age = since_beat("sweeper")
    if age is None:
        return HealthFact("scheduler.beat", State.BROKEN, _("The timetable has never run."))
    said = format_lazy(
        _("The timetable last ran {seconds} s ago."), seconds=int(age.total_seconds())
    )
    return HealthFact("scheduler.beat", state_of_age(age), said)

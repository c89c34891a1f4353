"""What the sweep says of the installation's health."""

from __future__ import annotations

from datetime import timedelta

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from config import calendar
from config.health.facts import HealthFact, State
from config.sweep.selectors import last_sweep

# Every night, and some hours for a night on which the queue was slow.
LATE_AFTER = timedelta(hours=26)


def ledger() -> HealthFact:
    """Say when the ledger was last swept, and whether anything was found."""
    run = last_sweep()
    if run is None:
        return HealthFact("sweep.ledger", State.UNKNOWN, _("The ledger was never swept."))
    age = calendar.now() - run.finished_at
    facts = {
        "hours": int(age.total_seconds() // 3600),
        "findings": run.findings,
        "failures": run.failures,
    }
    if not run.is_clean:
        said = _(
            "The last sweep, {hours} hours ago, has {findings} findings; "
            "{failures} invariants could not be checked."
        )
        return HealthFact("sweep.ledger", State.BROKEN, format_lazy(said, **facts))
    said = _("The last sweep, {hours} hours ago, found nothing.")
    state = State.LATE if age > LATE_AFTER else State.OK
    return HealthFact("sweep.ledger", state, format_lazy(said, **facts))

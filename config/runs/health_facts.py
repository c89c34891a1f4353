"""What runs say of the health of the installation."""

from __future__ import annotations

from datetime import timedelta

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from config.health.facts import HealthFact
from config.outbox.health_facts import state_of_age
from config.runs.selectors import longest_standstill


def standstill() -> HealthFact:
    """Say whether a running run stands still; a lease somebody holds is no progress."""
    age = longest_standstill()
    if age is None:
        return HealthFact("runs.standstill", state_of_age(timedelta(0)), _("No run is running."))
    said = format_lazy(
        _("The slowest running run did its last chunk {seconds} s ago."),
        seconds=int(age.total_seconds()),
    )
    return HealthFact("runs.standstill", state_of_age(age), said)

"""Every minute: say in the log what is an alarm, where no monitor reads the numbers."""

from __future__ import annotations

import logging

from celery import shared_task

from config.health.facts import read_facts

_log = logging.getLogger(__name__)


@shared_task(name="config.health.tasks.health_watch")
def health_watch() -> None:
    """Write one line for each alarm that stands."""
    for fact in read_facts():
        if fact.is_alarm:
            _log.error("health alarm %s: %s", fact.name, fact.state)

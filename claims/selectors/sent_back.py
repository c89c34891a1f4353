"""Which waiting settlements were sent back to the desk, by whom and why."""

from __future__ import annotations

from collections.abc import Iterable

from claims.models import Settlement
from config.audit.models import AuditEvent

VERB = "settlement.sent_back"


def sent_back(settlements: Iterable[Settlement]) -> dict[str, AuditEvent]:
    """Return the last sending back of each of these settlements, by public id, in one query."""
    wanted = [str(version.public_id) for version in settlements]
    events = AuditEvent.objects.filter(
        verb=VERB,
        target_kind=Settlement._meta.label_lower,
        target_id__in=wanted,
        outcome=AuditEvent.Outcome.DONE,
    )
    return {event.target_id: event for event in events.select_related("actor").order_by("pk")}

"""Two counties, one person in the east, a clerk of the west at whose counter they stand."""

from __future__ import annotations

from config.audit.models import AuditEvent
from config.offices.acting import run_in_office
from enrollment.models import CaseKind
from enrollment.services.accepted_cases import CaseInput

REASON = "群众在我处窗口办理"


def events_at(office, *verbs):
    """Return verb and reason of the events of one office, oldest first."""
    with run_in_office(office):
        rows = AuditEvent.objects.filter(office=office, verb__in=verbs).order_by("id")
        return [(event.verb, event.outcome, event.actor_id) for event in rows]


def case_input(number: str, name: str, kind: CaseKind = CaseKind.BILL, **changes) -> CaseInput:
    """Return what the clerk types."""
    return CaseInput(
        **{"kind": kind, "id_number": number, "name": name, "reason": REASON} | changes
    )

"""What must always hold of the record of acts: it is what was sealed and anchored."""

from __future__ import annotations

from django.conf import settings

from config import calendar
from config.audit.anchors import Anchor, AnchorBroken, read_file
from config.audit.models import AuditSeal
from config.audit.verification import verify
from config.sweep.invariants import KEPT, Checked, Finding, Invariant

_RULE = "events, seals and anchors agree"


def _check(_reader: object) -> Checked:
    """Verify everything from the first event to the last anchor."""
    try:
        anchors = _anchors()
    except AnchorBroken as error:
        return Checked(0, 1, (Finding("anchor file", _RULE, {"code": error.code}),))
    verdict = verify(anchors)
    first = tuple(
        Finding(
            f"batch {found.batch}",
            _RULE,
            {"damage": found.damage.value, "event": found.event_id},
        )
        for found in verdict.findings[:KEPT]
    )
    return Checked(verdict.events + verdict.seals, len(verdict.findings), first)


def _anchors() -> list[Anchor]:
    """Return the lines of the file; none is expected before a day with seals has ended."""
    path = settings.AUDIT_ANCHOR_FILE
    has_ended = AuditSeal.objects.filter(sealed_at__date__lt=calendar.today()).exists()
    return read_file(path) if has_ended or path.exists() else []


I14 = Invariant("I14", "audit seals verify from the first row to the last anchor", _check)
INVARIANTS = (I14,)

"""What the record of acts says of the health of the installation."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from config import calendar
from config.audit.anchors import AnchorBroken, read_file
from config.audit.models import AuditEvent, AuditSeal
from config.audit.selectors import oldest_unsealed
from config.health.facts import HealthFact, State
from config.offices import scope

# Two rounds of the sealer may be missed before anybody has to look.
LATE = timedelta(minutes=3)
BROKEN = timedelta(minutes=15)


def seals() -> HealthFact:
    """Say how long the oldest event waits for its seal."""
    waiting = oldest_unsealed() or timedelta(0)
    said = format_lazy(
        _("The oldest event without a seal is {seconds} s old."),
        seconds=int(waiting.total_seconds()),
    )
    state = State.BROKEN if waiting >= BROKEN else State.LATE if waiting >= LATE else State.OK
    return HealthFact("audit.seals", state, said)


def anchor() -> HealthFact:
    """Say which day was anchored last."""
    name = "audit.anchor"
    first = AuditSeal.objects.order_by("number").values_list("sealed_at__date", flat=True).first()
    yesterday = calendar.today() - timedelta(days=1)
    if first is None or first > yesterday:
        return HealthFact(name, State.OK, _("No day with seals has ended yet."))
    try:
        last = read_file(settings.AUDIT_ANCHOR_FILE)[-1].day
    except (AnchorBroken, IndexError, OSError):
        return HealthFact(name, State.BROKEN, _("The anchor file is missing or was altered."))
    said = format_lazy(_("Anchored through {day}."), day=last.isoformat())
    return HealthFact(name, State.OK if last >= yesterday else State.LATE, said)


def writable() -> HealthFact:
    """Say whether an event could be written; without one no act is done."""
    name = "audit.writable"
    acting = scope.current_or_none()
    if acting is None:
        return HealthFact(name, State.UNKNOWN, _("There is no office to act for."))
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '1s'")
            AuditEvent.objects.create(
                office_id=acting.office_id, verb="row.changed", request_id=acting.request_id
            )
            transaction.set_rollback(True)
    except DatabaseError:
        return HealthFact(
            name, State.BROKEN, _("No event can be written: every act is refused until one can.")
        )
    return HealthFact(name, State.OK, _("Events can be written."))

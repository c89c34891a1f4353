"""Work of the outbox whose effect is one row of the record: done twice, it would stand there twice."""

from collections import Counter

from django.db import transaction

from config.audit.models import AuditEvent
from config.audit.services import record
from config.outbox.services import emit

KIND = "test.effect"


def consume(event):
    record("row.changed", reason=f"effect {event.subject_id}", fields=[])


def emit_effects(numbers):
    """Write down one piece of work per number, each in its own transaction; inside a scope."""
    for number in numbers:
        with transaction.atomic():
            emit(KIND, number, f"effect:{number}")


def effects_done():
    """Return how often each number took effect; inside a scope."""
    told = AuditEvent.objects.filter(verb="row.changed", reason__startswith="effect ")
    return Counter(int(reason.split()[1]) for reason in told.values_list("reason", flat=True))

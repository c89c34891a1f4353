"""Questions to the record of acts."""

from datetime import date, timedelta

from django.db import models
from django.db.models import DurationField, ExpressionWrapper, Min
from django.db.models.functions import Now

from config.audit.models import AuditEvent, AuditSeal
from config.audit.services import target_key


def history_of(target: models.Model) -> models.QuerySet[AuditEvent]:
    """Return what was done to one object, newest first, within the offices in scope."""
    return AuditEvent.objects.filter(
        target_kind=target._meta.label_lower, target_id=target_key(target)
    ).select_related("actor", "office")


def oldest_unsealed() -> timedelta | None:
    """Return how long the oldest event without a seal waits; None where all are sealed.

    Within the offices in scope: ask as the system, over every office.
    """
    last = AuditSeal.objects.values_list("through_txid", flat=True).first() or 0
    waiting = AuditEvent.objects.filter(txid__gte=last).aggregate(
        age=ExpressionWrapper(Now() - Min("at"), output_field=DurationField())
    )
    return waiting["age"]


def last_seal(day: date) -> AuditSeal | None:
    """Return the last seal written on or before a day, without its leaves.

    It is of the whole pool; a digest tells nothing of what it covers.
    """
    return AuditSeal.objects.defer("leaves").filter(sealed_at__date__lte=day).first()

"""Questions to the record of acts."""

from django.db import models

from config.audit.models import AuditEvent
from config.audit.services import target_key


def history_of(target: models.Model) -> models.QuerySet[AuditEvent]:
    """Return what was done to one object, newest first, within the offices in scope."""
    return AuditEvent.objects.filter(
        target_kind=target._meta.label_lower, target_id=target_key(target)
    ).select_related("actor", "office")

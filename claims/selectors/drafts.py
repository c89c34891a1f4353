"""The half-entered bill a clerk left."""

from __future__ import annotations

from claims.models import SettlementDraft
from config.offices import scope
from enrollment.models import Person


def draft_of(person: Person) -> SettlementDraft | None:
    """Return the draft of the actor in scope for a person; None without one."""
    drafts = SettlementDraft.objects.filter(user_id=scope.current().user_id, person=person)
    return drafts.first()


def drafts_left(limit: int = 10) -> list[SettlementDraft]:
    """Return the drafts of the actor in scope, the latest first, with their people."""
    drafts = SettlementDraft.objects.filter(
        user_id=scope.current().user_id, person__isnull=False
    ).select_related("person")
    return list(drafts.order_by("-updated_at")[:limit])

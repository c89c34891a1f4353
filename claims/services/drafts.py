"""Keep and drop drafts. A draft holds texts as typed, sealed, and means no money: no audit event."""

from __future__ import annotations

import json
from typing import Any

from claims.models import SettlementDraft
from config.offices import roles, scope
from enrollment.models import Person


def draft_keep(person: Person, payload: dict[str, Any]) -> SettlementDraft:
    """Keep what the actor in scope typed for a person, in place of what was kept before.

    Raises:
        Refused: `offices.act.not_allowed`.
    """
    acting = roles.require("settlement.preview")
    draft, _is_new = SettlementDraft.objects.update_or_create(
        user_id=acting.user_id,
        person=person,
        defaults={
            "sealed_payload": json.dumps(payload, ensure_ascii=False),
            "office_id": acting.office_id,
        },
    )
    return draft


def draft_drop(person: Person) -> None:
    """Drop the draft of the actor in scope: its bill was confirmed, or it was given up."""
    SettlementDraft.objects.filter(user_id=scope.current().user_id, person=person).delete()

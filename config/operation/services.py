"""Stop what must not happen on a restored copy, and let two people start it again."""

from __future__ import annotations

from django.db import transaction

from config.audit import services as audit
from config.errors import Refused
from config.offices import scope
from config.offices.models import Office
from config.operation.models import CopyConfirmation
from config.operation.selectors import CopyStanding, copy_standing, is_paused


def require_running(act: str) -> None:
    """Let an act pass unless the system is paused after a restore.

    Called by whatever sends money or changes many people at once: releases, runs, payments,
    rules put in force. Looking, registering, entering and settling bills at the desk go on: they
    are how lost work is entered again.

    Args:
        act: what was tried, for the event of the refusal.

    Raises:
        Refused: `operation.paused`.
    """
    if not is_paused():
        return
    if scope.current_or_none() is not None:
        audit.record_refusal("act.refused", act=act, code="operation.paused")
    raise Refused("operation.paused")


@transaction.atomic
def operation_resume(reason: str) -> CopyStanding:
    """Confirm as one person that the restored copy agrees with what was sent out.

    The system runs again when a second person has done the same.

    Args:
        reason: what was compared, in the person's words.

    Returns:
        How the copy stands afterwards.

    Raises:
        Refused: `offices.act.not_allowed`; `operation.resume.pool_only`,
            `operation.resume.not_paused`, `operation.resume.same_person`,
            `operation.resume.reason_missing`.
    """
    acting = audit.require("operation.resume")
    standing = copy_standing()
    office = Office.objects.get(pk=acting.office_id)
    if office.kind != Office.Kind.POOL:
        raise Refused("operation.resume.pool_only")
    if not standing.is_paused:
        raise Refused("operation.resume.not_paused")
    if acting.user_id in standing.people:
        raise Refused("operation.resume.same_person")
    if not reason.strip():
        raise Refused("operation.resume.reason_missing")
    confirmation = CopyConfirmation.objects.create(
        cluster=standing.cluster,
        timeline=standing.timeline,
        kind=CopyConfirmation.Kind.PERSON,
        actor_id=acting.user_id,
        reason=reason.strip(),
    )
    audit.record("operation.resumed", confirmation, reason)
    return copy_standing()

"""Standing in for one another: named deputies for some days, and handing over all open work."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from config import calendar
from config.audit.services import record, require
from config.errors import InvalidInput, Refused
from config.offices import roles
from config.offices.models import Deputy, Membership, Office, User
from config.offices.open_work import kinds
from config.offices.selectors import person_in_scope

LONGEST_DAYS = 92


@transaction.atomic
def deputy_appoint(
    username: str, instead_of: str, role: str, days: tuple[date, date], reason: str
) -> Deputy:
    """Let a named person act in a role for another, from a day through a day.

    For small offices: when the only reviewer is away, somebody else of the desk releases. Whoever
    made a settlement still never releases it. The appointment ends by itself.

    Args:
        username: the deputy; works at the desk of the office acted for.
        instead_of: who is away; holds the role there.
        role: one of `roles.DEPUTY_ROLES`.
        days: first and last day, both included; not in the past, at most 92 days.
        reason: what is stated.

    Raises:
        Refused: `offices.act.not_allowed`, `offices.deputy.self`, `offices.deputy.no_role`,
            `offices.deputy.not_of_the_desk`, `offices.deputy.same_person`.
        NotKnown: `offices.person.unknown`.
        InvalidInput: `offices.deputy.days`, `offices.reason.missing`.
    """
    acting = require("deputy.appoint")
    from_on, through_on = days
    if not calendar.today() <= from_on <= through_on < from_on + timedelta(days=LONGEST_DAYS):
        raise InvalidInput("offices.deputy.days", field="through_on")
    if not reason.strip():
        raise InvalidInput("offices.reason.missing", field="reason")
    user, away = person_in_scope(username), person_in_scope(instead_of)
    if user.pk == acting.user_id:
        raise Refused("offices.deputy.self")
    if user.pk == away.pk:
        raise Refused("offices.deputy.same_person")
    if role not in roles.DEPUTY_ROLES or role not in _roles_at(away, acting.office_id):
        raise Refused("offices.deputy.no_role")
    own = _roles_at(user, acting.office_id)
    if not own or own & roles.ALONE:
        raise Refused("offices.deputy.not_of_the_desk")
    stated = {
        "office_id": acting.office_id,
        "user": user,
        "instead_of": away,
        "role": role,
        "from_on": from_on,
        "through_on": through_on,
    }
    # The office is the lock of its appointments: the same one sent twice is one.
    Office.objects.select_for_update(no_key=True).get(pk=acting.office_id)
    known = Deputy.objects.filter(ended_at=None, **stated).first()
    if known is not None:
        return known
    deputy = Deputy.objects.create(**stated, appointed_by_id=acting.user_id, reason=reason.strip())
    record(
        "deputy.appointed",
        user,
        reason,
        role=role,
        from_on=str(from_on),
        through_on=str(through_on),
    )
    return deputy


@transaction.atomic
def deputy_end(deputy: Deputy) -> None:
    """End an appointment of the office acted for before its last day.

    Raises:
        Refused: `offices.act.not_allowed`, `offices.deputy.ended`.
    """
    acting = require("deputy.appoint")
    live = Deputy.objects.filter(pk=deputy.pk, office_id=acting.office_id, ended_at=None)
    if not live.update(ended_at=calendar.now()):
        raise Refused("offices.deputy.ended")
    record("deputy.ended", deputy.user, role=deputy.role)


@transaction.atomic
def work_hand_over(giver: str, taker: str, reason: str) -> dict[str, int]:
    """Hand all open work of one person to another, as one act.

    Returns:
        How much was handed over, by kind.

    Raises:
        Refused: `offices.act.not_allowed`, `offices.handover.same_person`,
            `offices.deputy.not_of_the_desk`.
        NotKnown: `offices.person.unknown`; the giver may have left, the taker not.
        InvalidInput: `offices.reason.missing`.
    """
    acting = require("work.hand_over")
    if not reason.strip():
        raise InvalidInput("offices.reason.missing", field="reason")
    from_user, to_user = person_in_scope(giver, is_here=False), person_in_scope(taker)
    if from_user.pk == to_user.pk:
        raise Refused("offices.handover.same_person")
    if not _roles_at(to_user, acting.office_id) & {roles.CLERK, roles.SUPERVISOR}:
        raise Refused("offices.deputy.not_of_the_desk")
    moved = {kind.code: kind.move(from_user.pk, to_user.pk) for kind in kinds()}
    record("work.handed_over", from_user, reason, taker=to_user.pk, moved=moved)
    return moved


def _roles_at(user: User, office_id: int) -> set[str]:
    held = Membership.objects.filter(
        Membership.valid_on(calendar.today()), user=user, office_id=office_id
    )
    return set(held.values_list("role", flat=True))

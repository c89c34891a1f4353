"""Is this number registered in another office of the pool? (全市查重) One sentence, on the record.

Nothing else is said across offices: no name, no office, no row. The asking office and the office
asked each keep an event; a number nobody has is told to the pool. Questions that lead to no case
are counted, so that nobody can try numbers through.
"""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from enum import Enum
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import connection, connections, transaction

from config import calendar
from config.audit.models import AuditEvent
from config.audit.services import ASIDE, record_refusal, record_view, require
from config.errors import InvalidInput, Refused
from config.identity.digest import keyed_digests
from config.identity.free_text import refuse_numbers
from config.identity.keys import key_ring
from config.identity.numbers import normalise, read_id_number
from config.offices import scope
from config.offices.crossing import act_at, pool_of
from config.offices.models import Office
from enrollment.models import IdKind, Person

ID_NUMBER = "id_number"
CHECKED_KINDS = (IdKind.RESIDENT_ID, IdKind.FOREIGN_PERMANENT)
# What makes a question one that led somewhere: a person registered, a case handed over.
FILED = ("person.registered", "case.handed_over")
ASKED = "number.checked"


class Registered(Enum):
    """What may be said of a number across offices."""

    NOWHERE = "nowhere"
    HERE = "here"
    ELSEWHERE = "elsewhere"


class Found(NamedTuple):
    """What the database answers of a number; stays inside the services of this package.

    Attributes:
        office_id: office of the person, None where nobody has the number.
        public_id: random id of the person.
        is_named: whether the name that came with the number is theirs.
    """

    office_id: int | None
    public_id: UUID | None
    is_named: bool


def number_check(text: str, reason: str, id_kind: str = IdKind.RESIDENT_ID.value) -> Registered:
    """Tell whether a number is registered in the pool, for a reason.

    Args:
        text: the whole number as typed.
        reason: why it is asked.
        id_kind: kind of paper the number is of.

    Returns:
        `HERE` of people the actor may see anyway, `ELSEWHERE` without any detail, or `NOWHERE`.

    Raises:
        InvalidInput: the number cannot be one, or no reason is stated.
        Refused: `enrollment.check.too_many`, see `refuse_many_checks`.
    """
    require("number.check")
    number = read_number(text, id_kind)
    refuse_without_reason(reason)
    found = ask_pool(number)
    note_check(number, found, reason)
    if found.office_id is None:
        return Registered.NOWHERE
    is_ours = found.office_id in scope.current().office_ids
    return Registered.HERE if is_ours else Registered.ELSEWHERE


def read_number(text: str, id_kind: str) -> str:
    """Return a number as it is compared.

    Raises:
        InvalidInput: at `id_number`; the kind of paper is unknown, or this cannot be its number.
    """
    if id_kind not in IdKind.values:
        raise InvalidInput("enrollment.person.id_kind_unknown", field="id_kind")
    if id_kind in CHECKED_KINDS:
        try:
            return read_id_number(text, today=calendar.today()).number
        except InvalidInput as mistake:
            raise mistake.at("id_number") from None
    number = normalise(text)
    if not 4 <= len(number) <= 40:
        raise InvalidInput("enrollment.person.number_unreadable", field="id_number")
    return number


def refuse_without_reason(reason: str) -> None:
    """Refuse a crossing nobody states a reason for.

    Raises:
        InvalidInput: `enrollment.crossing.reason_missing`.
    """
    plain = reason.strip()
    if not 2 <= len(plain) <= 200 or any(unicodedata.category(sign) == "Cc" for sign in plain):
        raise InvalidInput("enrollment.crossing.reason_missing", field="reason")
    refuse_numbers(reason=plain)


def ask_pool(number: str, name: str = "") -> Found:
    """Ask the database for the office of a number; one statement, whoever has it.

    Args:
        number: normalised.
        name: name as on the card; compared by the database, never answered.
    """
    digests = list(keyed_digests(key_ring(), number, ID_NUMBER))
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM office_of_number(%s, %s)", [digests, name])
        return Found(*cursor.fetchone())


def number_mark(number: str) -> str:
    """Return a short mark of a number, so that events about one number can be told together."""
    return mark_of(keyed_digests(key_ring(), number, ID_NUMBER)[0])


def mark_of(digest: str) -> str:
    """Return the mark of a keyed digest."""
    return digest.rpartition(":")[2][:16]


def note_check(number: str, found: Found, reason: str) -> None:
    """Count one question and leave its two events, also when the request is undone later.

    Both events are written whatever the answer is: that of the office asked stands at the pool
    where nobody has the number. So the work is the same for every number.

    Raises:
        Refused: `enrollment.check.too_many`.
    """
    acting = scope.current()
    mark = number_mark(number)
    asked = Person(public_id=found.public_id) if found.public_id else None
    with transaction.atomic(using=ASIDE):
        with connections[ASIDE].cursor() as cursor:
            name = f"number.check|{acting.user_id}"
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        limit = settings.CROSS_OFFICE_CHECKS_PER_HOUR
        if is_often := unfiled_checks() >= limit:
            _record_too_many()
        else:
            is_known = found.office_id is not None
            record_view(ASKED, None, reason.strip(), found=is_known, number_digest=mark)
            with act_at(found.office_id or pool_of(acting.office_id).pk):
                record_view(
                    "number.asked_for",
                    asked,
                    reason.strip(),
                    office=_name_of(acting.office_id),
                    number_digest=mark,
                )
    if is_often:
        raise Refused("enrollment.check.too_many", limit=limit)


def refuse_many_checks() -> None:
    """Refuse an account that asked too often within the hour without filing anything.

    A question followed by a registration or a case with the same number, by the same account, was
    work and is not counted: a season of enrollment, thousands of numbers long, never gets here.

    Raises:
        Refused: `enrollment.check.too_many` with `limit`.
    """
    limit = settings.CROSS_OFFICE_CHECKS_PER_HOUR
    if unfiled_checks() >= limit:
        _record_too_many()
        raise Refused("enrollment.check.too_many", limit=limit)


def _record_too_many() -> None:
    record_refusal("act.refused", act="number.check", code="enrollment.check.too_many")


def unfiled_checks() -> int:
    """Return how many questions of the actor within the last hour led to no case."""
    since = calendar.now() - timedelta(hours=1)
    events = AuditEvent.objects.using(ASIDE).filter(
        actor_id=scope.current().user_id, at__gte=since, outcome=AuditEvent.Outcome.DONE
    )
    rows = list(
        events.filter(verb__in=(ASKED, *FILED)).values_list("verb", "payload__number_digest")
    )
    filed = {mark for verb, mark in rows if verb != ASKED}
    return sum(verb == ASKED and mark not in filed for verb, mark in rows)


def _name_of(office_id: int) -> str:
    return str(Office.objects.values_list("name", flat=True).get(pk=office_id))

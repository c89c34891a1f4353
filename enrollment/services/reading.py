"""Looks at people: each leaves an event, much reading is slowed down and told to the supervisor.

Everything is counted from the record of acts, so no restart and no lost cache forgets it. Lists
of people are not exported from this product; `tests/architecture/test_exports.py` keeps it so
until an export asks a second person.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from time import sleep

from django.conf import settings
from django.db import transaction

from config import calendar
from config.audit.models import AuditEvent
from config.audit.services import ASIDE, record, record_view, require
from config.errors import InvalidInput, Refused
from config.offices import scope
from enrollment.models import Person, ReadingKind, ReadingNotice
from enrollment.services.pool_numbers import refuse_without_reason

VERBS = {ReadingKind.OPENED: "person.opened", ReadingKind.REVEALED: "id_number.revealed"}


def person_open(person: Person, look: str, **details: str) -> None:
    """Leave the event that a page about a person is shown; called before it is shown.

    Args:
        person: whose data is shown.
        look: which page: a word of the catalogue of details.
        details: number of the bill, where there is one.
    """
    record_view("person.opened", person, look=look, **details)
    watch_reading(ReadingKind.OPENED)


def person_seen(person: Person, look: str) -> None:
    """Leave the event of a look unless the actor opened the person within the hour.

    For answers inside an open page: each pause in typing is no look of its own, and an address
    that is called without its page is.
    """
    since = calendar.now() - timedelta(hours=1)
    is_open = AuditEvent.objects.using(ASIDE).filter(
        actor_id=scope.current().user_id,
        at__gte=since,
        verb="person.opened",
        target_id=str(person.public_id),
    )
    if not is_open.exists():
        person_open(person, look)


def people_list(name: str, people: Iterable[Person]) -> None:
    """Leave the event that a list showed these people, by their random ids."""
    shown = sorted({str(person.public_id) for person in people})
    if shown:
        record_view("people.listed", list=name, found=len(shown), people=shown)


def watch_reading(kind: ReadingKind, coming: int = 0) -> None:
    """Slow an account down that reads much; past the limit of the hour tell its supervisor.

    Machines are counted at their own door.

    Args:
        kind: what is counted.
        coming: looks that are about to be recorded.
    """
    acting = scope.current()
    if acting.user_id is None:
        return
    limit = settings.READING_LIMITS_PER_HOUR[kind.value]
    count = read_in_hour(kind) + coming
    if count * 5 < limit * 4:
        return
    if count >= limit:
        _notice(kind, count, limit)
    sleep(settings.READING_SLOW_DOWN_S)


def read_in_hour(kind: ReadingKind) -> int:
    """Return how many people the actor opened, or full numbers they were shown, within an hour."""
    since = calendar.now() - timedelta(hours=1)
    events = AuditEvent.objects.using(ASIDE).filter(
        actor_id=scope.current().user_id, at__gte=since, verb=VERBS[kind], outcome="done"
    )
    if kind is ReadingKind.OPENED:
        return events.order_by().values("target_id").distinct().count()
    return events.count()


def _notice(kind: ReadingKind, count: int, limit: int) -> None:
    """Write one notice an hour, beside the request: whatever becomes of it, it was read."""
    acting, now = scope.current(), calendar.now()
    with transaction.atomic(using=ASIDE):
        _row, is_new = ReadingNotice.objects.using(ASIDE).get_or_create(
            office_id=acting.office_id,
            reader_id=acting.user_id,
            kind=kind,
            hour_at=now.replace(minute=0, second=0, microsecond=0),
            defaults={"limit": limit, "at": now},
        )
        if is_new:
            record_view("reading.noticed", None, kind=kind.value, count=count, limit=limit)


@transaction.atomic
def reading_notice_answer(notice: ReadingNotice, answer: str) -> ReadingNotice:
    """Write what came of a notice; never by the account it speaks of.

    Raises:
        InvalidInput: `enrollment.crossing.reason_missing`.
        Refused: `enrollment.reading.own_notice`, `enrollment.reading.answered`.
    """
    acting = require("reading.answer", notice)
    if notice.reader_id == acting.user_id:
        raise Refused("enrollment.reading.own_notice")
    try:
        refuse_without_reason(answer)
    except InvalidInput as mistake:
        raise mistake.at("answer") from None
    locked = ReadingNotice.objects.select_for_update().get(pk=notice.pk)
    if locked.answered_at is not None:
        raise Refused("enrollment.reading.answered")
    locked.answer, locked.answered_by_id = answer.strip(), acting.user_id
    locked.answered_at = calendar.now()
    locked.save(update_fields=["answer", "answered_by", "answered_at"])
    record("reading.answered", locked, answer.strip())
    return locked

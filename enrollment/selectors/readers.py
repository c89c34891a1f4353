"""Who opened my file, and whose data did this account open (个人信息保护法 art. 57): from the record.

Both questions stay within the offices in scope and a span of days, and are answered by an index:
events of one target, events of one actor. Lists that showed a person stand beside, since a line
in a list is another kind of look than an opened file.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from config.audit.models import AuditEvent
from config.calendar import SHANGHAI
from config.offices.models import User
from enrollment.models import Person

MOST = 2000
"""Lines of one answer; more are counted, and asked for by a shorter span."""
PERSON = "enrollment.person"
LISTS = ("people.listed", "person.searched")


@dataclass(frozen=True)
class Reads:
    """Events of a span of days, newest first.

    Attributes:
        events: at most `MOST`, each with actor and office.
        total: how many there are.
        listed: lists that showed the person, or that the account saw; likewise at most `MOST`.
        names: public id to name of the people the events are about, where they are in scope.
    """

    events: list[AuditEvent]
    total: int
    listed: list[AuditEvent]
    names: dict[str, str]


def readers_of(person: Person, first: date, last: date) -> Reads:
    """Return every event about a person in a span of days, both ends inclusive.

    Looks, shown numbers, questions of other offices, changes: whoever did something with the
    file stands here. Cards the person had before a transfer are other targets.
    """
    about = _within(AuditEvent.objects.all(), first, last).filter(
        target_kind=PERSON, target_id=str(person.public_id)
    )
    listed = _within(AuditEvent.objects.all(), first, last).filter(
        verb__in=LISTS, payload__people__contains=[str(person.public_id)]
    )
    return _reads(about, listed)


def reads_of(reader: User, first: date, last: date) -> Reads:
    """Return every person an account did something with in a span of days, event by event."""
    own = _within(AuditEvent.objects.filter(actor=reader), first, last)
    return _reads(own.filter(target_kind=PERSON), own.filter(verb__in=LISTS))


def _within(events: QuerySet[AuditEvent], first: date, last: date) -> QuerySet[AuditEvent]:
    start = datetime.combine(first, time.min, tzinfo=SHANGHAI)
    end = datetime.combine(last + timedelta(days=1), time.min, tzinfo=SHANGHAI)
    return events.filter(at__gte=start, at__lt=end)


def _reads(about: QuerySet[AuditEvent], listed: QuerySet[AuditEvent]) -> Reads:
    events = list(about.select_related("actor", "office").order_by("-id")[:MOST])
    total = len(events) if len(events) < MOST else about.count()
    lists = list(listed.select_related("actor", "office").order_by("-id")[:MOST])
    wanted = {event.target_id for event in events}
    for event in lists:
        wanted.update(event.payload.get("people", []))
    people = Person.objects.filter(public_id__in=wanted)
    names = {str(public_id): name for public_id, name in people.values_list("public_id", "name")}
    return Reads(events, total, lists, names)

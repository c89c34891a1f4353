"""Register and change people; show a full ID number, with a reason, on the record."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time

from django.conf import settings
from django.db import IntegrityError, connections, transaction
from django.utils.translation import gettext as _

from config import calendar
from config.audit.models import AuditEvent
from config.audit.services import ASIDE, record, record_refusal, record_view, require
from config.errors import Conflict, InvalidInput, InvalidInputs, Refused
from config.identity.digest import digest_steps, keyed_digest
from config.identity.free_text import refuse_numbers
from config.identity.keys import key_ring
from config.identity.masking import last_four
from config.identity.numbers import normalise, read_id_number
from config.identity.pinyin import read_name
from config.offices import scope
from config.offices.models import Office
from enrollment.models import (
    IdKind,
    KeyKind,
    Person,
    PersonSearchKey,
    ReadingKind,
    RevealPurpose,
    Sex,
)
from enrollment.services.pool_numbers import (
    CHECKED_KINDS,
    ID_NUMBER,
    ask_pool,
    mark_of,
    note_check,
    read_number,
    refuse_many_checks,
)
from enrollment.services.reading import watch_reading

PHONE = "phone"
_PHONE = re.compile(r"[0-9]{7,15}")
_CHANGEABLE = ("name", "phone", "township", "village", "died_on")


@dataclass(frozen=True)
class PersonInput:
    """What is entered of a person.

    Attributes:
        id_number: as typed; checked where the paper is a resident ID.
        birth_on: may be left out where the number says it.
        sex: likewise.
    """

    name: str
    id_number: str
    id_kind: str = IdKind.RESIDENT_ID.value
    birth_on: date | None = None
    sex: str = ""
    phone: str = ""
    township: str = ""
    village: str = ""
    is_demonstration: bool = False


def person_register(entered: PersonInput, office: Office | None = None) -> Person:
    """Register a person at an office in scope, the own one unless another is named.

    Raises:
        InvalidInputs: every field that cannot be true.
        Conflict: `enrollment.person.known_in_the_pool`: the number is registered, in this
            office or in another; nothing more is said.
        Refused: `enrollment.check.too_many`, after too many of those in an hour.
    """
    acting = require("person.register")
    facts = _read(entered)
    if acting.user_id is not None:
        refuse_many_checks()
    person = Person(office_id=office.pk if office else acting.office_id, **facts)
    try:
        with transaction.atomic():
            _insert(person)
            _write_search_keys(person)
            mark = mark_of(person.id_digest)
            record("person.registered", person, fields=sorted(facts), number_digest=mark)
    except IntegrityError as error:
        if "person_id_number_once_in_the_pool" not in str(error):
            raise
        number = read_number(entered.id_number, entered.id_kind)
        found = ask_pool(number)
        if found.office_id not in acting.office_ids:
            # An answer across offices, on the record and counted like one that was asked for.
            note_check(number, found, str(_("Registration")))
        raise Conflict("enrollment.person.known_in_the_pool") from None
    return person


@transaction.atomic
def person_change(person: Person, **changes: object) -> Person:
    """Change name, phone, place or date of death of a person.

    Raises:
        InvalidInput: a field that may not change, or cannot be true.
    """
    require("person.change", person)
    if person.is_moved:
        raise Refused("enrollment.person.moved")
    for name in changes:
        if name not in _CHANGEABLE:
            raise InvalidInput("enrollment.person.field_fixed", field=name)
    if "name" in changes:
        changes["name"] = _read_person_name(str(changes["name"]))
    if "phone" in changes:
        changes |= _phone_columns(str(changes["phone"]))
    for place in {"township", "village"} & changes.keys():
        changes |= _place_column(**{place: str(changes[place])})
    died_on = changes.get("died_on")
    if isinstance(died_on, date) and not person.birth_on <= died_on <= calendar.today():
        raise InvalidInput("enrollment.person.death_impossible", field="died_on")
    for name, value in changes.items():
        setattr(person, name, value)
    person.save(update_fields=sorted(changes))
    if "name" in changes:
        PersonSearchKey.objects.filter(person=person).delete()
        _write_search_keys(person)
    record("person.changed", person, fields=sorted(changes))
    return person


def _insert(person: Person) -> None:
    """Insert a person; while keys change, see that no other key holds the same number.

    Raises:
        IntegrityError: the number is registered, under whichever listed key.
    """
    first, *further = digest_steps(key_ring(), person.id_number.plain(), ID_NUMBER)
    person.id_digest = first
    person.save(force_insert=True)
    for step in further:
        person.id_digest = step
        person.save(update_fields=["id_digest"])


def id_number_reveal(person: Person, reason: str, purpose: str) -> str:
    """Return the full ID number of a person; the look is recorded before it is shown.

    Args:
        person: of an office in scope.
        reason: in own words.
        purpose: a word of `RevealPurpose`.

    Raises:
        InvalidInput: `enrollment.reveal.reason_missing`, `enrollment.reveal.purpose_missing`.
        Refused: `enrollment.reveal.looked_often`, after the second look at one person in a day.
    """
    acting = require("id_number.reveal", person)
    if purpose not in RevealPurpose.values:
        raise InvalidInput("enrollment.reveal.purpose_missing", field="purpose")
    if len(reason.strip()) < 2 or any(unicodedata.category(sign) == "Cc" for sign in reason):
        raise InvalidInput("enrollment.reveal.reason_missing", field="reason")
    limit = settings.REVEALS_OF_ONE_PERSON_PER_DAY
    watch_reading(ReadingKind.REVEALED, coming=1)
    # One after the other for each account, so that two clicks at once are counted as two.
    with transaction.atomic(using=ASIDE):
        with connections[ASIDE].cursor() as cursor:
            name = f"id_number.reveal|{acting.user_id}"
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        is_often = reveals_today(person) >= limit
        if is_often:
            code = "enrollment.reveal.looked_often"
            record_refusal("act.refused", person, act="id_number.reveal", code=code)
        else:
            mark = mark_of(person.id_digest)
            record_view(
                "id_number.revealed", person, reason.strip(), purpose=purpose, number_digest=mark
            )
    if is_often:
        raise Refused("enrollment.reveal.looked_often", limit=limit)
    return person.id_number.plain()


def reveals_today(person: Person) -> int:
    """Return how often the actor in scope was shown the full number of a person today."""
    midnight = datetime.combine(calendar.today(), time.min, tzinfo=calendar.SHANGHAI)
    events = AuditEvent.objects.using(ASIDE).filter(
        actor_id=scope.current().user_id,
        at__gte=midnight,
        verb="id_number.revealed",
        target_id=str(person.public_id),
    )
    return events.count()


def person_check(entered: PersonInput) -> None:
    """Refuse what cannot be true, without registering anything.

    Raises:
        InvalidInputs: every mistake, each at its field.
    """
    _read(entered)


def search_keys(name: str) -> set[tuple[str, str]]:
    """Return every key a name is found by: its tails, and its readings in Pinyin."""
    plain = "".join(character for character in name if character.isalpha()).lower()
    readings = read_name(name)
    keys = {(KeyKind.NAME.value, plain[place:]) for place in range(len(plain))}
    keys |= {(KeyKind.INITIALS.value, reading) for reading in readings.initials}
    keys |= {(KeyKind.PINYIN.value, reading) for reading in readings.full}
    return {(kind, key[:160]) for kind, key in keys if key}


def _write_search_keys(person: Person) -> None:
    PersonSearchKey.objects.bulk_create(
        PersonSearchKey(office_id=person.office_id, person=person, kind=kind, key=key)
        for kind, key in sorted(search_keys(person.name))
    )


def _read(entered: PersonInput) -> dict[str, object]:
    """Return the columns of a person, or raise all mistakes at once."""
    mistakes: list[InvalidInput] = []
    facts: dict[str, object] = {
        "id_kind": entered.id_kind,
        "is_demonstration": entered.is_demonstration,
    }
    readers = (
        ("name", lambda: {"name": _read_person_name(entered.name)}),
        ("id_number", lambda: _id_columns(entered)),
        ("phone", lambda: _phone_columns(entered.phone)),
        ("township", lambda: _place_column(township=entered.township)),
        ("village", lambda: _place_column(village=entered.village)),
    )
    for name, read in readers:
        try:
            facts |= read()
        except InvalidInput as mistake:
            mistakes.append(mistake if mistake.field else mistake.at(name))
    if mistakes:
        raise InvalidInputs(mistakes)
    return facts


def _id_columns(entered: PersonInput) -> dict[str, object]:
    if entered.id_kind not in IdKind.values:
        raise InvalidInput("enrollment.person.id_kind_unknown", field="id_kind")
    if entered.id_kind in CHECKED_KINDS:
        read = read_id_number(entered.id_number, today=calendar.today(), sex=entered.sex)
        number, birth_on, sex = read.number, read.born_on, read.sex
        if entered.birth_on and entered.birth_on != birth_on:
            raise InvalidInput("enrollment.person.birth_differs", field="birth_on")
    else:
        number, birth_on, sex = normalise(entered.id_number), entered.birth_on, entered.sex
        if not 4 <= len(number) <= 40:
            raise InvalidInput("enrollment.person.number_unreadable")
    if birth_on is None or birth_on > calendar.today():
        raise InvalidInput("enrollment.person.birth_missing", field="birth_on")
    if sex not in Sex.values:
        raise InvalidInput("enrollment.person.sex_missing", field="sex")
    return {
        "id_number": number,
        "id_digest": keyed_digest(key_ring(), number, ID_NUMBER),
        "id_last4": last_four(number) or number[-4:],
        "birth_on": birth_on,
        "sex": sex,
    }


def _phone_columns(text: str) -> dict[str, object]:
    digits = re.sub(r"[\s\-+()]", "", unicodedata.normalize("NFKC", text))
    if not digits:
        return {"phone": "", "phone_digest": "", "phone_last4": ""}
    if not _PHONE.fullmatch(digits):
        raise InvalidInput("enrollment.person.phone_unreadable")
    return {
        "phone": digits,
        "phone_digest": keyed_digest(key_ring(), digits, PHONE),
        "phone_last4": digits[-4:],
    }


def _place_column(**named: str) -> dict[str, object]:
    refuse_numbers(**named)
    return {name: text.strip() for name, text in named.items()}


def _read_person_name(text: str) -> str:
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not name:
        raise InvalidInput("enrollment.person.name_missing", field="name")
    refuse_numbers(name=name)
    if len(name) > 60 or any(unicodedata.category(sign) in {"Cc", "Cf", "Co"} for sign in name):
        raise InvalidInput("enrollment.person.name_unreadable", field="name")
    return name

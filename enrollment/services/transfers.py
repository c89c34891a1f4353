"""Hand a person to another office (转移): proposed there, accepted here, by two people.

The file is closed in one office and continued in the other. The card here stays with everything
on it: bills, settlements and accounts belong to the office of their time, and this office reads
them for as long as the ledger is kept. The other office gets a card of its own with name, number,
spells of cover, categories and certifications, and whatever the listed steps of upper apps carry
over (`settings.PERSON_MOVES`); it never sees a bill from before. Nothing new is written on the
card left behind.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import OperationalError, transaction
from django.utils.module_loading import import_module
from psycopg.errors import DeadlockDetected, LockNotAvailable

from config import calendar
from config.audit.services import record, require
from config.errors import Conflict, Refused
from config.offices import scope
from config.offices.crossing import act_at
from enrollment.models import (
    AcceptedCase,
    CaseKind,
    CaseState,
    CategorySpell,
    CoverageSpell,
    DiseaseCertification,
    Person,
    PersonSearchKey,
)
from enrollment.services.accepted_cases import case_locked, case_move

SPELLS = (CoverageSpell, CategorySpell, DiseaseCertification)
# Copied sealed: the plain number is not opened for a move.
CARD = (
    "name",
    "id_kind",
    "id_number",
    "id_digest",
    "id_last4",
    "birth_on",
    "sex",
    "phone",
    "phone_digest",
    "phone_last4",
    "township",
    "village",
    "died_on",
    "is_demonstration",
)


def transfer_accept(case: AcceptedCase) -> AcceptedCase:
    """Accept a proposed transfer: the person's file is closed here and continued there.

    Raises:
        Refused: `enrollment.case.wrong_kind`, `enrollment.case.not_waiting`,
            `enrollment.case.same_person`, `enrollment.transfer.unknown_person`, and whatever a
            step of an upper app refuses.
        Conflict: `enrollment.transfer.busy`.
    """
    require("transfer.decide", case)
    try:
        with transaction.atomic():
            return _accepted(case)
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable | DeadlockDetected):
            raise Conflict("enrollment.transfer.busy") from error
        raise


def _accepted(case: AcceptedCase) -> AcceptedCase:
    locked = case_locked(case)
    if locked.kind != CaseKind.TRANSFER:
        raise Refused("enrollment.case.wrong_kind")
    if locked.person_id is None:
        raise Refused("enrollment.transfer.unknown_person")
    person = Person.objects.select_for_update(no_key=True).get(pk=locked.person_id)
    if person.is_moved:
        raise Refused("enrollment.person.moved")
    steps = [import_module(path) for path in settings.PERSON_MOVES]
    kept = [step.close(person) for step in steps]
    spells = [list(kind.objects.filter(person=person).order_by("pk")) for kind in SPELLS]
    keys = list(PersonSearchKey.objects.filter(person=person))
    person.moved_at, person.moved_to = calendar.now(), locked.from_office
    person.save(update_fields=["moved_at", "moved_to"])
    two = (scope.current().user_id, locked.accepted_by_id)
    with act_at(locked.from_office_id):
        new = _card_copied(person, locked.from_office_id)
        for rows in (*spells, keys):
            _rows_copied(rows, new)
        for step, what in zip(steps, kept, strict=True):
            step.open(new, what, two, f"transfer-{locked.public_id}")
        record("person.moved_in", new, locked.reason, office=case.office.name)
    record("person.moved_out", person, locked.reason, office=locked.from_office.name)
    return case_move(locked, CaseState.SETTLED, "case.settled")


def _card_copied(person: Person, office_id: int) -> Person:
    return Person.objects.create(
        office_id=office_id,
        moved_from=person.public_id,
        **{name: getattr(person, name) for name in CARD},
    )


def _rows_copied(rows: Iterable[Any], person: Person) -> None:
    """Write rows of the old card once more for the new one; days and words stay."""
    copies: list[Any] = []
    for row in rows:
        facts = {
            field.attname: getattr(row, field.attname)
            for field in row._meta.concrete_fields
            if not field.primary_key and field.name not in {"office", "person"}
        }
        copies.append(type(row)(office_id=person.office_id, person=person, **facts))
    if copies:
        type(copies[0]).objects.bulk_create(copies)

"""Accept a case for the office of a person without seeing their file (全市通办).

The clerk types the number, the name as on the card and what the papers say. Every answer is the
same: handed over, under this receipt number. Where number and name name somebody of the pool, the
case lies at that person's office; anything else lies at the pool, whose people return it with a
reason. The one who accepted it sees the receipt: what was typed, day, state.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import connection, transaction

from config import calendar
from config.audit.services import idempotent, record, require
from config.errors import InvalidInput, InvalidInputs, Refused
from config.identity.free_text import refuse_numbers
from config.offices import scope
from config.offices.crossing import act_at, pool_of
from config.offices.models import Office
from enrollment.models import STEPS, AcceptedCase, CaseKind, CaseReceipt, CaseState, IdKind, Person
from enrollment.services.pool_numbers import (
    Found,
    ask_pool,
    number_mark,
    read_number,
    refuse_without_reason,
)

ACTS = {CaseKind.BILL: "case.accept", CaseKind.TRANSFER: "transfer.propose"}


@dataclass(frozen=True)
class CaseInput:
    """What is typed at the counter for a person of another office.

    Attributes:
        id_number: the whole number on the card.
        name: as on the card.
        payload: fields of the papers, as typed; `claims` reads them again when it settles.
    """

    kind: CaseKind
    id_number: str
    name: str
    reason: str
    document: str = ""
    id_kind: str = IdKind.RESIDENT_ID.value
    payload: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def case_accept(entered: CaseInput, *, key: str) -> CaseReceipt:
    """Accept a case for whichever office the person belongs to, and return our receipt.

    Number and name are never told to be right or wrong. The work is the same for every number.

    Args:
        entered: what was typed.
        key: random text made with the page; the same key is answered with the same receipt.

    Raises:
        InvalidInputs: what cannot be a number, a name or a reason.
        Refused: `enrollment.case.own_person`: the person is the actor's own to handle.
    """
    acting = require(ACTS[entered.kind])
    number, name = _read(entered)
    found = ask_pool(number, name)
    if found.office_id in acting.office_ids:
        raise Refused("enrollment.case.own_person")

    def act() -> dict[str, Any]:
        return {"receipt": str(_accepted(entered, number, name, found).public_id)}

    body = {name: value for name, value in vars(entered).items() if name != "id_number"}
    body["number"] = number_mark(number)
    done = idempotent("case.accept", key, body, act)
    return CaseReceipt.objects.get(public_id=done["receipt"])


def _accepted(entered: CaseInput, number: str, name: str, found: Found) -> CaseReceipt:
    """Write the receipt here and the case at the office it belongs to."""
    acting = scope.current()
    is_placed = found.office_id is not None and found.is_named
    typed = {
        "kind": entered.kind,
        "typed_name": name,
        "typed_last4": number[-4:],
        "payload": dict(entered.payload),
        "reason": entered.reason.strip(),
        "document": entered.document.strip(),
        "accepted_at": calendar.now(),
    }
    receipt = CaseReceipt.objects.create(
        office_id=acting.office_id,
        number=_next_number(acting.office_id),
        actor_id=acting.user_id,
        **typed,
    )
    mark = {"kind": entered.kind.value, "number": receipt.number}
    record("case.handed_over", receipt, entered.reason, **mark, number_digest=number_mark(number))
    at = found.office_id if is_placed and found.office_id else pool_of(acting.office_id).pk
    with act_at(at):
        person = Person.objects.filter(public_id=found.public_id if is_placed else uuid4()).first()
        case = AcceptedCase.objects.create(
            office_id=at,
            number=receipt.number,
            receipt_id=receipt.public_id,
            person=person,
            from_office_id=acting.office_id,
            accepted_by_id=acting.user_id,
            **typed,
        )
        office = Office.objects.get(pk=acting.office_id).name
        record("case.received", person or case, entered.reason, **mark, office=office)
    return receipt


def case_check(entered: CaseInput) -> None:
    """Refuse what cannot be a number, a name or a reason, without asking anybody.

    Raises:
        InvalidInputs: every mistake, each at its field.
    """
    _read(entered)


@transaction.atomic
def case_take(case: AcceptedCase) -> AcceptedCase:
    """Take a case to settle it: its fields become a draft at the desk of whoever takes it.

    Raises:
        Refused: `enrollment.case.not_waiting`, `enrollment.case.same_person`.
    """
    require("case.settle", case)
    if case.person_id is None:
        raise Refused("enrollment.transfer.unknown_person")
    return case_move(case, CaseState.TAKEN, "case.taken")


@transaction.atomic
def case_settle(case: AcceptedCase, note: str = "") -> AcceptedCase:
    """Say that a paper case is done; the office that accepted it sees the state and nothing else.

    Raises:
        Refused: `enrollment.case.not_waiting`, `enrollment.case.same_person`,
            `enrollment.case.wrong_kind`.
    """
    require("case.settle", case)
    if case.kind != CaseKind.BILL:
        raise Refused("enrollment.case.wrong_kind")
    return case_move(case, CaseState.SETTLED, "case.settled", note)


@transaction.atomic
def case_return(case: AcceptedCase, reason: str) -> AcceptedCase:
    """Return a case to the office that accepted it, with a reason its clerk reads.

    Raises:
        InvalidInput: `enrollment.crossing.reason_missing`.
        Refused: `enrollment.case.not_waiting`, `enrollment.case.same_person`.
    """
    require("transfer.decide" if case.kind == CaseKind.TRANSFER else "case.settle", case)
    refuse_without_reason(reason)
    return case_move(case, CaseState.RETURNED, "case.returned", reason)


def case_move(case: AcceptedCase, state: CaseState, verb: str, answer: str = "") -> AcceptedCase:
    """Bring a case and the receipt of the other office to a state, with an event on both sides."""
    acting = scope.current()
    locked = case_locked(case)
    if (locked.state, state) not in STEPS:
        raise Refused("enrollment.case.not_waiting")
    now = calendar.now()
    locked.state, locked.answer = state, answer.strip()
    locked.decided_by_id, locked.decided_at = acting.user_id, now
    locked.save(update_fields=["state", "answer", "decided_by", "decided_at"])
    mark = {"kind": locked.kind, "number": locked.number}
    record(verb, locked.person or locked, answer, **mark)
    _answer_receipt(locked, now)
    return locked


def case_locked(case: AcceptedCase) -> AcceptedCase:
    """Lock a case that may still be decided by the actor.

    Raises:
        Refused: `enrollment.case.not_waiting`, `enrollment.case.same_person`.
    """
    locked = AcceptedCase.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if locked.state not in {CaseState.WAITING, CaseState.TAKEN}:
        raise Refused("enrollment.case.not_waiting")
    if locked.accepted_by_id == scope.current().user_id:
        raise Refused("enrollment.case.same_person")
    return locked


def _answer_receipt(case: AcceptedCase, now: datetime) -> None:
    with act_at(case.from_office_id):
        receipt = CaseReceipt.objects.select_for_update().get(public_id=case.receipt_id)
        receipt.state, receipt.decided_at = case.state, now
        # Only the reason of a return is meant for the other office.
        receipt.answer = case.answer if case.state == CaseState.RETURNED else ""
        receipt.save(update_fields=["state", "answer", "decided_at"])
        record("case.answered", receipt, number=receipt.number, outcome=case.state)


def _read(entered: CaseInput) -> tuple[str, str]:
    mistakes: list[InvalidInput] = []
    number = name = ""
    try:
        number = read_number(entered.id_number, entered.id_kind)
    except InvalidInput as mistake:
        mistakes.append(mistake)
    name = " ".join(unicodedata.normalize("NFC", entered.name).split())
    if not name or len(name) > 60 or any(unicodedata.category(s) in {"Cc", "Cf"} for s in name):
        mistakes.append(InvalidInput("enrollment.person.name_missing", field="name"))
    try:
        refuse_without_reason(entered.reason)
        refuse_numbers(document=entered.document)
    except InvalidInput as mistake:
        mistakes.append(mistake)
    if mistakes:
        raise InvalidInputs(mistakes)
    return number, name


def _next_number(office_id: int) -> str:
    """Return the next receipt number of an office: never a count over all offices."""
    year = calendar.today().year
    with connection.cursor() as cursor:
        name = f"receipt|{office_id}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
    code = Office.objects.values_list("code", flat=True).get(pk=office_id)
    begun = CaseReceipt.objects.filter(office_id=office_id, number__startswith=f"{code}-{year}-")
    return f"{code}-{year}-{begun.count() + 1:05d}"

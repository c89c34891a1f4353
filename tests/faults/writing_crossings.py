"""Services of crossings, outbox, sweep and a restored copy, for `writing_services`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.models.functions import Now

from config import calendar
from config.audit.services import record
from config.offices.acting import run_in_office
from config.operation.services import operation_resume
from config.outbox.models import OutboxEvent
from config.outbox.services import outbox_retry
from config.sweep.services import sweep_run
from enrollment.models import AcceptedCase, CaseKind, ReadingNotice
from enrollment.services.accepted_cases import case_accept, case_return, case_settle, case_take
from enrollment.services.pool_numbers import number_check
from enrollment.services.reading import reading_notice_answer
from enrollment.services.transfers import transfer_accept
from tests.enrollment.crossings import case_input
from tests.factories.enrollment import make_person
from tests.factories.offices import make_user
from tests.factories.operation import look_restored

Act = Callable[[str], Any]
NAME = "示例东"
_patched = pytest.MonkeyPatch()


def accept(desk) -> Act:
    with run_in_office(desk.offices.west):
        person = make_person(desk.offices.west, name=NAME)
    entered = case_input(person.id_number.plain(), NAME)
    return lambda key: case_accept(entered, key=key)


def _case(desk, kind=CaseKind.BILL) -> AcceptedCase:
    person = make_person(desk.east, name=NAME)
    west = desk.offices.west
    with run_in_office(west, make_user(west, "clerk", username=str(uuid4()))):
        receipt = case_accept(
            case_input(person.id_number.plain(), NAME, kind=kind), key=str(uuid4())
        )
    return AcceptedCase.objects.get(receipt_id=receipt.public_id)


def take(desk) -> Act:
    case = _case(desk)
    return lambda _key: case_take(case)


def settle(desk) -> Act:
    case = _case(desk)
    return lambda _key: case_settle(case)


def give_back(desk) -> Act:
    case = _case(desk)
    return lambda _key: case_return(case, "资料不全")


def transfer(desk) -> Act:
    case = _case(desk, CaseKind.TRANSFER)
    return lambda _key: transfer_accept(case)


def check(desk) -> Act:
    person = make_person(desk.east)
    number = person.id_number.plain()
    return lambda _key: number_check(number, "核对参保")


def answer_notice(desk) -> Act:
    with run_in_office(desk.east, desk.clerk), transaction.atomic():
        record("reading.noticed", kind="opened", count=200, limit=200)
        now = calendar.now()
        notice = ReadingNotice.objects.create(
            office=desk.east, reader=desk.clerk, kind="opened", hour_at=now, limit=200, at=now
        )
    return lambda _key: reading_notice_answer(notice, "已核实")


def retry(desk) -> Act:
    event = OutboxEvent.objects.create(
        office_id=desk.east.pk,
        kind="test.noted",
        subject_id="1",
        effect_key=str(uuid4()),
        state="failed",
        finished_at=Now(),
    )
    return lambda _key: outbox_retry(event)


def resume(_desk) -> Act:
    look_restored(_patched)
    return lambda _key: operation_resume("与拨付文件核对一致")


def sweep(_desk) -> Act:
    return lambda _key: sweep_run()


def put_back() -> None:
    """Undo what a case pretended of the machine."""
    _patched.undo()

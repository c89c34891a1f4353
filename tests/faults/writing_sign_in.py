"""The services of sign-in and of standing in for one another, for `writing_services`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from claims.models import SettlementDraft
from config import calendar
from config.offices.acting import run_in_office
from config.offices.services import deputy_appoint, deputy_end, work_hand_over
from config.sign_in.services.codes import one_day_code_issue
from config.sign_in.services.factor import factor_reset
from tests.factories.enrollment import make_person
from tests.factories.offices import make_user
from tests.factories.sign_in import make_device

Act = Callable[[str], Any]
REASON = "示例理由"


def one_day_code(desk) -> Act:
    return lambda _key: one_day_code_issue(desk.clerk.username, REASON)


def reset(desk) -> Act:
    make_device(desk.clerk)
    return lambda _key: factor_reset(desk.clerk.username, REASON)


def _appointed(desk):
    days = (calendar.today(), calendar.today())
    return deputy_appoint(desk.clerk.username, desk.reviewer.username, "reviewer", days, REASON)


def appoint(desk) -> Act:
    return lambda _key: _appointed(desk)


def end(desk) -> Act:
    with run_in_office(desk.east, desk.supervisor):
        deputy = _appointed(desk)
    return lambda _key: deputy_end(deputy)


def hand_over(desk) -> Act:
    SettlementDraft.objects.create(
        user=desk.clerk, office=desk.east, person=make_person(desk.east), sealed_payload="{}"
    )
    make_user(desk.east, "clerk", username="wang")
    return lambda _key: work_hand_over(desk.clerk.username, "wang", REASON)

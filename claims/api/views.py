"""The endpoints: each reads its body, asks one service, answers in its shape."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.answers import preview_answer, reasons_of, statement_answer, version_answer
from claims.api.endpoint import KEY_HEADER, Endpoint, described
from claims.api.errors import ChangedSincePreview
from claims.api.names import INSUTYPE_RESIDENT
from claims.api.own_bills import own_bill, own_latest, own_numbers, own_version
from claims.api.people import person_looked_up, person_of_bill
from claims.api.requests import (
    ConfirmRequest,
    CoverageRequest,
    PreviewRequest,
    ReverseRequest,
    bill_entered,
)
from claims.api.shapes import (
    NOTHING_RECORDED,
    ConfirmAnswer,
    CoverageAnswer,
    PreviewAnswer,
    ReverseAnswer,
    StatementAnswer,
)
from claims.models import ApiUseKind, Settlement
from claims.services.preview import settlement_preview
from claims.services.settlement import settlement_confirm, settlement_reverse
from claims.statement.found import latest_version, statement_versions
from config import calendar
from config.audit import services as audit
from config.errors import Conflict, InvalidInput
from enrollment.selectors.facts import coverage_on
from enrollment.services.reading import person_open

CHANGED = "claims.settlement.changed_since_preview"
OLDEST_DAYS = 3 * 366


class PreviewView(Endpoint):
    """What a bill would be settled at now."""

    @described("Preview a settlement; stores nothing", PreviewAnswer, request=PreviewRequest)
    def post(self, _request: Request) -> Response:
        asked = self.read(PreviewRequest)
        certno, level = asked.get("certno"), asked.get("level")
        if certno is None:
            entered = bill_entered(asked["bill"], self.facility.code, level)
            preview = settlement_preview(entered, region=self.token.office.region)
            return Response(PreviewAnswer(preview_answer(preview, None)).data)
        if level is not None:
            raise InvalidInput("claims.api.level_with_person", field="level")
        audit.require("settlement.preview")
        person = person_of_bill(certno, self.facility)
        entered = bill_entered(asked["bill"], self.facility.code)
        preview = settlement_preview(entered, person)
        audit.record_view("settlement.asked", person, outcome=preview.decided.outcome)
        return Response(PreviewAnswer(preview_answer(preview, str(person.public_id))).data)


class ConfirmView(Endpoint):
    """Settle a bill at the figures that were shown."""

    @described(
        "Confirm a settlement",
        ConfirmAnswer,
        201,
        request=ConfirmRequest,
        parameters=[KEY_HEADER],
    )
    def post(self, _request: Request) -> Response:
        key, asked = self.key(), self.read(ConfirmRequest)
        audit.require("settlement.confirm")
        person = person_of_bill(asked["certno"], self.facility)
        person_open(person, "interface")
        entered = bill_entered(asked["bill"], self.facility.code)
        try:
            done = settlement_confirm(
                entered, person, key=key, preview_digest=asked["preview_digest"]
            )
        except Conflict as conflict:
            if conflict.code != CHANGED:
                raise
            now = preview_answer(settlement_preview(entered, person), str(person.public_id))
            raise ChangedSincePreview(CHANGED, PreviewAnswer(now).data) from None
        version = None
        if done["settlement"]:
            version = version_answer(statement_versions().get(public_id=done["settlement"]))
        answer = {
            "bill_id": done["bill"],
            "bill_number": done["number"],
            "outcome": done["outcome"],
            "reasons": [reason for code in done["reasons"] for reason in reasons_of(code)],
            "setl_id": done["settlement"],
            "version": version,
        }
        return Response(ConfirmAnswer(answer).data, status=201)


class ReverseView(Endpoint):
    """Reverse the settlement of a bill."""

    @described(
        "Reverse a settlement", ReverseAnswer, request=ReverseRequest, parameters=[KEY_HEADER]
    )
    def post(self, _request: Request, setl_id: UUID) -> Response:
        key, asked = self.key(), self.read(ReverseRequest)
        bill = own_bill(self.facility, setl_id)
        person_open(bill.person, "interface", number=bill.number)
        done = settlement_reverse(bill, key=key, reason=asked["reason"])
        answer = {
            "setl_id": done["settlement"],
            "bill_id": done["bill"],
            "bill_number": done["number"],
            "resettled": own_numbers(self.facility, bill.person_id, done["resettled"]),
        }
        return Response(ReverseAnswer(answer).data)


class StatementView(Endpoint):
    """The statement of one settlement version."""

    @described("Statement by the settlement's id", StatementAnswer)
    def get(self, _request: Request, setl_id: UUID) -> Response:
        return self.answer(own_version(self.facility, setl_id))

    def answer(self, version: Settlement | None) -> Response:
        """Return the statement of a version; the look is recorded first."""
        audit.require("statement.print", version)
        if version is None:
            raise Http404
        person_open(version.bill.person, "interface", number=version.bill.number)
        audit.record_view(
            "statement.asked", version, number=version.bill.number, version=version.version
        )
        shown = statement_answer(version, latest_version(version))
        return Response(StatementAnswer(shown).data)


class StatementByNumberView(StatementView):
    """The statement of the current version of a bill."""

    @described("Statement by the bill's number: the latest version", StatementAnswer)
    def get(self, _request: Request, bill_number: str) -> Response:
        return self.answer(own_latest(self.facility, bill_number))


class CoverageView(Endpoint):
    """Whether a person is covered on a day."""

    @described("Cover of a person on a day", CoverageAnswer, request=CoverageRequest)
    def post(self, _request: Request) -> Response:
        asked = self.read(CoverageRequest)
        audit.require("coverage.view")
        today = calendar.today()
        day = asked.get("day", today)
        if not today - timedelta(days=OLDEST_DAYS) <= day <= today:
            raise InvalidInput("claims.api.day_out_of_range", field="day")
        person = person_looked_up(asked["certno"], self.facility, ApiUseKind.COVERAGE)
        spell = coverage_on(person, day) if person else None
        audit.record_view("coverage.asked", person, found=spell is not None)
        status = spell.status if spell else NOTHING_RECORDED
        answer = {"insutype": INSUTYPE_RESIDENT, "day": day, "status": status}
        return Response(CoverageAnswer(answer).data)


class UnknownView(Endpoint):
    """Every other address below: there is nothing, said in the one shape."""

    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Answer 404 to whoever holds a token, 401 to everybody else."""
        super().initial(request, *args, **kwargs)
        raise Http404

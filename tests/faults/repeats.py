"""Requests of every kind that changes something, ready to be sent as often as one likes.

Each carries the key of its page, and what must be on record once, however often it is sent.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.test import Client

from claims.bill_input import BillInput
from claims.models import Bill
from claims.services.correction import correction_preview
from claims.services.held_bill import bill_settle_preview
from config.local.processes import LOOPBACK
from config.offices.acting import run_in_office
from tests.claims.api.conftest import bill_body, make_token, plain_number
from tests.factories.claims import bill, confirm, current
from tests.factories.enrollment import id_number, make_cover, make_person
from tests.factories.offices import make_user
from tests.faults.desk_clients import attempt
from tests.faults.machine import REQUEST_TIMEOUT_S, Browser, Machine

NO_ANSWER = (0, "")


@dataclass(frozen=True)
class Sending:
    """One request.

    Attributes:
        who: name of the session it is sent in; `api` for the interface.
        effect: verb of the event it leaves, once.
        other: what a changed body changes; None where the body is the address alone.
    """

    kind: str
    who: str
    path: str
    fields: Mapping[str, str]
    effect: str
    other: Mapping[str, str] | None = None
    key: str = field(default_factory=lambda: uuid4().hex)


@dataclass
class Counter:
    """The people at their desks, and the interface, at one machine."""

    machine: Machine
    desk: Any
    sessions: dict[str, Browser]
    token: str
    number: int = 0

    def send(self, sending: Sending, *, is_dropped: bool = False) -> tuple[int, str]:
        """Send a request; returns status and where it leads. A dropped one has no answer."""
        if sending.who == "api":
            body = json.dumps(sending.fields)
            headers = {
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                "Idempotency-Key": sending.key,
            }
        else:
            session = self.sessions[sending.who]
            key = {"key": sending.key, "request_key": sending.key}
            fields = {**sending.fields, **key, "csrfmiddlewaretoken": session.token}
            body = urlencode(fields)
            headers = {
                "Cookie": "; ".join(f"{name}={text}" for name, text in session.cookies.items()),
                "Content-Type": "application/x-www-form-urlencoded",
                "HX-Request": "true",
            }
        connection = HTTPConnection(LOOPBACK, self.machine.web_port, timeout=REQUEST_TIMEOUT_S)
        try:
            connection.request("POST", sending.path, body, headers)
            if is_dropped:
                return NO_ANSWER
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
            leads = answer.headers.get("HX-Redirect") or answer.headers.get("Location") or ""
            return answer.status, leads or (text if sending.who == "api" else "")
        except (OSError, HTTPException):
            return NO_ANSWER
        finally:
            connection.close()


def make_counter(machine: Machine, desk: Any) -> Counter:
    """Sign in one person of each role, and give the hospital a token."""
    policy = make_user(desk.offices.pool, "policy_desk")
    users = {"clerk": desk.clerk, "reviewer": desk.reviewer, "policy_desk": policy}
    sessions = {role: machine.browser(user) for role, user in users.items()}
    _token, text = make_token(desk.east, desk.hospital)
    return Counter(machine, desk, sessions, text)


def changed(sending: Sending) -> Sending | None:
    """Return the request with another body under the same key."""
    if sending.other is None:
        return None
    return replace(sending, fields={**sending.fields, **sending.other})


def _desk_path(what: str, row: Any, act: str) -> str:
    return f"/admin/desk/{what}/{row.public_id}/{act}/"


def _page_fields(counter: Counter, user: Any, path: str) -> dict[str, str]:
    """Return the hidden fields of a page of rows as its form sends them."""
    client = Client()
    client.force_login(user)
    shown = client.get(path)
    fields = {name: shown.context.get(name) or "" for name in ("rows_seen",)}
    for each in shown.context["inline_admin_formsets"]:
        form = each.formset.management_form
        for name in form.fields:
            fields[f"{each.formset.prefix}-{name}"] = str(form[name].value())
    for bound in shown.context["adminform"].form:
        fields[bound.html_name] = str(bound.value() or "")
    return fields


def _confirm(counter: Counter) -> Sending:
    page = attempt(make_person(counter.desk.east), bill())
    fields = {**page.fields, "preview_digest": page.digest}
    return Sending(
        "confirm", "clerk", page.path, fields, "settlement.confirmed", {"total": "31000.00"}
    )


def _reverse(counter: Counter) -> Sending:
    settled = confirm(make_person(counter.desk.east))
    path = _desk_path("bill", settled, "reverse")
    return Sending(
        "reverse", "clerk", path, {"reason": "错录"}, "settlement.reversed", {"reason": "重复"}
    )


def _correct(counter: Counter) -> Sending:
    entered: BillInput = bill()
    person = make_person(counter.desk.east)
    settled = confirm(person, entered)
    wanted = replace(entered, total_fen=40_000_00)
    page = attempt(person, replace(wanted, invoice_number="")).fields
    digest = correction_preview(settled, wanted).digest
    fields = {**page, "preview_digest": digest, "reason": "错录"}
    path = _desk_path("bill", settled, "correct/confirm")
    return Sending("correct", "clerk", path, fields, "bill.corrected", {"reason": "重复"})


def _release(counter: Counter) -> Sending:
    version = current(confirm(make_person(counter.desk.east)))
    path = f"/admin/review/{version.public_id}/release/"
    return Sending("release", "reviewer", path, {}, "settlement.released")


def _send_back(counter: Counter) -> Sending:
    version = current(confirm(make_person(counter.desk.east)))
    path = f"/admin/review/{version.public_id}/send-back/"
    fields, other = {"reason": "请核对"}, {"reason": "重复"}
    return Sending("send back", "reviewer", path, fields, "settlement.sent_back", other)


def _held(counter: Counter) -> Bill:
    return confirm(make_person(counter.desk.east, covered=False))


def _withdraw(counter: Counter) -> Sending:
    path = _desk_path("bill", _held(counter), "withdraw")
    fields, other = {"reason": "错录"}, {"reason": "重复"}
    return Sending("withdraw", "clerk", path, fields, "bill.withdrawn", other)


def _settle_held(counter: Counter) -> Sending:
    held = _held(counter)
    make_cover(held.person)
    fields = {"preview_digest": bill_settle_preview(held).digest}
    path = _desk_path("bill", held, "settle")
    other = {"preview_digest": "0" * 64}
    return Sending("settle held", "clerk", path, fields, "settlement.confirmed", other)


def _print(counter: Counter) -> Sending:
    version = current(confirm(make_person(counter.desk.east)))
    path = f"/admin/statement/{version.public_id}/print/"
    return Sending("print", "clerk", path, {"as": "page"}, "statement.printed")


def _register(counter: Counter) -> Sending:
    counter.number += 1
    number = id_number(500_000 + counter.number, date(1980, 5, 5))
    fields = {"name": "示例甲", "id_kind": "resident_id", "number": number}
    path = "/admin/enrollment/person/add/"
    return Sending("register", "clerk", path, fields, "person.registered", {"name": "示例乙"})


def _edit(counter: Counter) -> Sending:
    person = make_person(counter.desk.east)
    path = f"/admin/enrollment/person/{person.pk}/change/"
    fields = {**_page_fields(counter, counter.desk.clerk, path), "village": "示例村"}
    return Sending("edit", "clerk", path, fields, "person.changed", {"village": "别的村"})


def _category(counter: Counter) -> Sending:
    person = make_person(counter.desk.east)
    path = f"/admin/enrollment/person/{person.pk}/change/"
    row = "category_spells"
    fields = {
        **_page_fields(counter, counter.desk.clerk, path),
        f"{row}-TOTAL_FORMS": "1",
        f"{row}-0-category": "minimum_living",
        f"{row}-0-from_on": "2025-01-01",
        f"{row}-0-person": str(person.pk),
    }
    other = {f"{row}-0-from_on": "2025-02-01"}
    return Sending("category", "clerk", path, fields, "category.recorded", other)


def _facility(counter: Counter) -> Sending:
    counter.number += 1
    fields = {
        "code": f"H98{counter.number:09d}",
        "name": "示例医院",
        "region_code": "990000",
        "levels-TOTAL_FORMS": "0",
        "levels-INITIAL_FORMS": "0",
    }
    path = "/admin/claims/facility/add/"
    return Sending("facility", "policy_desk", path, fields, "facility.changed", {"name": "别的"})


def _interface(counter: Counter) -> Sending:
    person = make_person(counter.desk.east)
    certno, entered = plain_number(person), bill_body()
    ask = Client(headers={"authorization": f"Bearer {counter.token}"})
    shown = ask.post(
        "/api/v1/settlements/preview/",
        json.dumps({"certno": certno, "bill": entered}),
        content_type="application/json",
    ).json()
    fields = {"certno": certno, "bill": entered, "preview_digest": shown["preview_digest"]}
    path = "/api/v1/settlements/confirm/"
    other = {"preview_digest": "0" * 64}
    return Sending("interface", "api", path, fields, "settlement.confirmed", other)


KINDS: tuple[Callable[[Counter], Sending], ...] = (
    _confirm,
    _reverse,
    _correct,
    _release,
    _send_back,
    _withdraw,
    _settle_held,
    _print,
    _register,
    _edit,
    _category,
    _facility,
    _interface,
)


def make_sending(counter: Counter, number: int) -> Sending:
    """Make the n-th request: kinds take turns."""
    with run_in_office(counter.desk.east, counter.desk.clerk):
        return KINDS[number % len(KINDS)](counter)

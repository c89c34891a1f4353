"""A hospital's system with a token, and what it sends."""

from types import SimpleNamespace
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from claims.services.api_token import api_token_create
from config.offices.acting import run_in_office
from tests.claims.conftest import make_desk
from tests.factories.claims import make_facility
from tests.factories.enrollment import id_number, make_person

OTHER_HOSPITAL = "H99000000002"


def make_token(office, facility, **facts):
    with run_in_office(office, roles=["administrator"]):
        return api_token_create(facility, "HIS", **facts)


def client_of(text, **headers):
    client = APIClient(headers={"accept-language": "en"} | headers)
    client.raise_request_exception = False
    if text:
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    return client


def bill_body(**changes):
    """Return a body of the bill of `tests.factories.claims.bill`, with an own invoice."""
    plain = {
        "med_type": "21",
        "begndate": "2025-03-01",
        "enddate": "2025-03-10",
        "medfee_sumamt": "30000.00",
        "fulamt_ownpay_amt": "1000.00",
        "preselfpay_amt": "2000",
        "is_referred": True,
        "bill_code": "99001234",
        "bill_no": f"{uuid4().int % 10**10:010d}",
    }
    return {name: value for name, value in (plain | changes).items() if value is not None}


class Caller:
    """The client of one token, by endpoint."""

    def __init__(self, text):
        self.client = client_of(text)

    def preview(self, certno=None, **more):
        body = {"bill": bill_body()} | ({"certno": certno} if certno else {}) | more
        return self.client.post("/api/v1/settlements/preview/", body, format="json")

    def confirm(self, body, key=None):
        return self.client.post(
            "/api/v1/settlements/confirm/",
            body,
            format="json",
            headers={"idempotency-key": key or str(uuid4())},
        )

    def settle(self, certno, **changes):
        """Preview and confirm a bill."""
        entered = bill_body(**changes)
        shown = self.preview(certno, bill=entered).json()
        body = {"certno": certno, "bill": entered, "preview_digest": shown["preview_digest"]}
        return self.confirm(body)

    def reverse(self, setl_id, key=None, reason="重复录入"):
        return self.client.post(
            f"/api/v1/settlements/{setl_id}/reverse/",
            {"reason": reason},
            format="json",
            headers={"idempotency-key": key or str(uuid4())},
        )

    def statement(self, setl_id):
        return self.client.get(f"/api/v1/statements/{setl_id}/")

    def coverage(self, certno, **more):
        return self.client.post("/api/v1/coverage/", {"certno": certno} | more, format="json")


def make_interface():
    """Make the desk, a person, and tokens of two hospitals and of another county."""
    desk = make_desk()
    second = make_facility(OTHER_HOSPITAL)
    with run_in_office(desk.east, desk.clerk):
        person = make_person(desk.east)
    token, text = make_token(desk.east, desk.hospital)
    _other, other_text = make_token(desk.east, second)
    _west, west_text = make_token(desk.offices.west, desk.hospital)
    return SimpleNamespace(
        desk=desk,
        person=person,
        certno=plain_number(person),
        second=second,
        token=token,
        caller=Caller(text),
        other=Caller(other_text),
        west=Caller(west_text),
        text=text,
    )


def plain_number(person):
    """Return the number a made person has; numbers are invented in order."""
    order = int(person.name.removeprefix("示例"))
    return id_number(order, person.birth_on)


def codes(response):
    """Return code and field of every mistake."""
    return [(each["code"], each["field"]) for each in response.json()["errors"]]


@pytest.fixture
def interface(db):
    return make_interface()

"""One act per key, and only at the figures that were shown."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from claims.models import Settlement
from config.offices.acting import run_in_office
from tests.claims.api.conftest import Caller, bill_body, codes, make_interface


def prepared(interface):
    """Return a body that can be confirmed."""
    entered = bill_body()
    shown = interface.caller.preview(interface.certno, bill=entered).json()
    return {
        "certno": interface.certno,
        "bill": entered,
        "preview_digest": shown["preview_digest"],
    }


def settlements(interface):
    with run_in_office(interface.desk.east, interface.desk.clerk):
        return Settlement.objects.count()


def test_a_repeated_request_gets_the_first_answer(interface):
    body, key = prepared(interface), str(uuid4())
    first, again = interface.caller.confirm(body, key), interface.caller.confirm(body, key)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert settlements(interface) == 1


def test_the_answer_stays_the_same_whatever_follows(interface):
    body, key = prepared(interface), str(uuid4())
    first = interface.caller.confirm(body, key).json()
    reverse_key = str(uuid4())
    undone = interface.caller.reverse(first["setl_id"], reverse_key)
    assert interface.caller.confirm(body, key).json() == first
    assert interface.caller.reverse(first["setl_id"], reverse_key).json() == undone.json()
    assert settlements(interface) == 2


def test_a_key_with_another_body_is_refused(interface):
    body, key = prepared(interface), str(uuid4())
    done = interface.caller.confirm(body, key).json()
    body["bill"]["medfee_sumamt"] = "30000.01"
    answer = interface.caller.confirm(body, key)
    assert (answer.status_code, codes(answer)) == (409, [("audit.key.reused", "")])
    reverse_key = str(uuid4())
    interface.caller.reverse(done["setl_id"], reverse_key)
    answer = interface.caller.reverse(done["setl_id"], reverse_key, reason="另一个原因")
    assert (answer.status_code, codes(answer)) == (409, [("audit.key.reused", "")])


def test_two_facilities_may_choose_the_same_key(interface):
    key = str(uuid4())
    assert interface.caller.confirm(prepared(interface), key).status_code == 201
    entered = bill_body()
    shown = interface.other.preview(interface.certno, bill=entered).json()
    body = {
        "certno": interface.certno,
        "bill": entered,
        "preview_digest": shown["preview_digest"],
    }
    assert interface.other.confirm(body, key).status_code == 201


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("", "claims.api.key_missing"),
        ("short", "claims.api.key_unreadable"),
        ("x" * 65, "claims.api.key_unreadable"),
        ("with space in the middle", "claims.api.key_unreadable"),
    ],
)
def test_an_act_needs_a_key(interface, key, code):
    answer = interface.caller.client.post(
        "/api/v1/settlements/confirm/",
        prepared(interface),
        format="json",
        headers={"idempotency-key": key},
    )
    assert (answer.status_code, codes(answer)) == (400, [(code, "")])
    assert settlements(interface) == 0


def test_changed_figures_are_shown_again(interface):
    body = prepared(interface)
    interface.other.settle(interface.certno)
    answer = interface.caller.confirm(body)
    assert answer.status_code == 409
    assert codes(answer) == [("claims.settlement.changed_since_preview", "")]
    now = answer.json()["preview"]
    assert now == interface.caller.preview(interface.certno, bill=body["bill"]).json()
    body["preview_digest"] = now["preview_digest"]
    assert interface.caller.confirm(body).status_code == 201


def test_an_invoice_is_settled_once(interface):
    body = prepared(interface)
    interface.caller.confirm(body)
    answer = interface.caller.confirm(body)
    assert answer.status_code == 409
    assert codes(answer) in (
        [("claims.invoice.in_use", "")],
        [("claims.settlement.changed_since_preview", "")],
    )


def test_the_number_of_queries_does_not_grow_with_the_year(interface):
    def queries(ask):
        with CaptureQueriesContext(connection) as captured:
            assert ask().status_code in {200, 201}
        return len(captured)

    def counts():
        setl_id = interface.caller.settle(interface.certno).json()["setl_id"]
        body = prepared(interface)
        return {
            "preview": queries(lambda: interface.caller.preview(interface.certno)),
            "confirm": queries(lambda: interface.caller.confirm(body)),
            "statement": queries(lambda: interface.caller.statement(setl_id)),
            "coverage": queries(lambda: interface.caller.coverage(interface.certno)),
        }

    counts()
    few = counts()
    for _ in range(4):
        interface.caller.settle(interface.certno)
    assert counts() == few


@pytest.mark.django_db(transaction=True)
def test_the_same_request_many_times_at_once_is_done_once():
    interface = make_interface()
    body, key = prepared(interface), str(uuid4())

    def ask(_number):
        try:
            return Caller(interface.text).confirm(body, key)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(ask, range(6)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert settlements(interface) == 1

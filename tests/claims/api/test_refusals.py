"""What the interface refuses: whom, what, and under which stable code."""

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import translation

from claims.api.sentences import API_SENTENCES
from claims.models import ApiToken, Settlement
from claims.services.api_token import api_token_revoke
from config import calendar
from config.error_sentences import SENTENCES
from config.offices.acting import run_in_office
from tests.claims.api.conftest import Caller, bill_body, client_of, codes, make_token

PREVIEW = "/api/v1/settlements/preview/"


def settled(interface):
    return interface.caller.settle(interface.certno).json()["setl_id"]


def test_without_a_token_nothing_is_answered(interface):
    for text in ("", "mid_1_" + "x" * 43, "nonsense", interface.text[:-1] + "."):
        answer = client_of(text).post(PREVIEW, {}, format="json")
        code = "claims.api.token_refused" if text else "claims.api.token_missing"
        assert (answer.status_code, codes(answer)) == (401, [(code, "")])
        assert answer["WWW-Authenticate"] == "Bearer"


def test_a_session_signs_nobody_in(interface):
    client = client_of("")
    client.force_login(interface.desk.clerk)
    assert client.post(PREVIEW, {"bill": bill_body()}, format="json").status_code == 401


def test_a_token_names_its_own_office(interface):
    east, west = interface.desk.east.pk, interface.desk.offices.west.pk
    moved = interface.text.replace(f"mid_{east}_", f"mid_{west}_")
    assert client_of(moved).post(PREVIEW, {}, format="json").status_code == 401


def test_a_revoked_or_ended_token_holds_no_longer(interface):
    desk = interface.desk
    today = calendar.today()
    _token, text = make_token(desk.east, desk.hospital, through_on=today)
    assert Caller(text).preview().status_code == 200
    with calendar.clock_at(today + timedelta(days=1)):
        assert Caller(text).preview().status_code == 401
    with run_in_office(desk.east, roles=["administrator"]):
        api_token_revoke(interface.token)
    assert codes(interface.caller.preview()) == [("claims.api.token_refused", "")]


def test_the_text_of_a_token_is_stored_nowhere(interface):
    with run_in_office(interface.desk.east, roles=["administrator"]):
        row = ApiToken.objects.filter(pk=interface.token.pk).values().get()
    secret = interface.text.split("_", 2)[2]
    assert not any(secret[6:] in str(value) for value in row.values())


@pytest.mark.parametrize("caller", ["other", "west"])
def test_bills_of_others_do_not_exist(interface, caller):
    setl_id = settled(interface)
    stranger = getattr(interface, caller)
    number = interface.caller.statement(setl_id).json()["bill_number"]
    answers = [
        stranger.statement(setl_id),
        stranger.client.get(f"/api/v1/statements/by-number/{number}/"),
        stranger.reverse(setl_id),
        stranger.statement(uuid4()),
    ]
    for answer in answers:
        assert (answer.status_code, codes(answer)) == (404, [("claims.api.not_found", "")])
    with run_in_office(interface.desk.east, interface.desk.clerk):
        assert Settlement.objects.count() == 1


def test_people_of_other_offices_are_like_nobody(interface):
    nobody = "099999" + "19700101" + "0018"
    known, unknown = interface.west.preview(interface.certno), interface.west.preview(nobody)
    assert known.status_code == unknown.status_code == 404
    assert codes(known) == codes(unknown) == [("claims.api.person_unknown", "")]
    known, unknown = interface.west.coverage(interface.certno), interface.west.coverage(nobody)
    assert known.json() == unknown.json()
    assert known.json()["status"] == "none"
    part = interface.caller.coverage(interface.certno[-4:])
    assert part.json()["status"] == "none"


def test_coverage_answers_the_least(interface):
    answer = interface.caller.coverage(interface.certno, day="2025-03-01")
    assert answer.json() == {"insutype": "390", "day": "2025-03-01", "status": "covered"}
    tomorrow = str(calendar.today() + timedelta(days=1))
    refused = interface.caller.coverage(interface.certno, day=tomorrow)
    assert codes(refused) == [("claims.api.day_out_of_range", "day")]


@pytest.mark.django_db(transaction=True)
def test_look_ups_are_counted_by_the_hour_even_where_nobody_is_found(settings):
    from tests.claims.api.conftest import make_interface

    interface = make_interface()
    settings.API_USES_PER_HOUR = {"coverage": 2, "person": 1}
    caller = interface.caller
    assert caller.preview("09999919700101001X").status_code == 404
    assert codes(caller.preview(interface.certno)) == [("claims.api.too_many", "")]
    assert caller.coverage("09999919700101001X").status_code == 200
    assert caller.coverage(interface.certno).status_code == 200
    refused = caller.coverage(interface.certno)
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 3600
    assert interface.other.coverage(interface.certno).status_code == 200
    with calendar.clock_at(calendar.now() + timedelta(hours=1)):
        assert caller.coverage(interface.certno).status_code == 200


@pytest.mark.parametrize(
    ("changes", "status", "code", "field"),
    [
        ({"medfee_sumamt": 30000.0}, 400, "money.not_text", "bill.medfee_sumamt"),
        ({"medfee_sumamt": 30000}, 400, "money.not_text", "bill.medfee_sumamt"),
        ({"medfee_sumamt": "1.005"}, 400, "money.too_many_decimals", "bill.medfee_sumamt"),
        ({"medfee_sumamt": "-1.00"}, 400, "money.sign", "bill.medfee_sumamt"),
        ({"medfee_sumamt": "1e5"}, 400, "money.not_a_number", "bill.medfee_sumamt"),
        ({"medfee_sumamt": "9" * 30}, 400, "money.too_large", "bill.medfee_sumamt"),
        ({"medfee_sumamt": None}, 400, "claims.api.field_missing", "bill.medfee_sumamt"),
        ({"total": "1.00"}, 400, "claims.api.field_unknown", "bill.total"),
        ({"is_referred": "yes"}, 400, "claims.api.field_unreadable", "bill.is_referred"),
        ({"med_type": "22"}, 400, "claims.api.field_not_a_choice", "bill.med_type"),
        ({"med_type": 21}, 400, "claims.api.field_not_a_choice", "bill.med_type"),
        ({"enddate": "2025-02-30"}, 400, "claims.api.field_unreadable", "bill.enddate"),
        ({"enddate": "10.03.2025"}, 400, "claims.api.field_unreadable", "bill.enddate"),
        ({"bill_no": 17}, 400, "claims.api.field_unreadable", "bill.bill_no"),
        ({"disease": "x\x00"}, 400, "claims.api.field_unreadable", "bill.disease"),
        ({"disease": "x" * 61}, 400, "claims.api.field_too_long", "bill.disease"),
        ({"items": [{}]}, 400, "claims.api.field_missing", "bill.items.0.item_name"),
        ({"items": 5}, 400, "claims.api.field_unreadable", "bill.items"),
        ({"enddate": "2025-02-01"}, 422, "claims.bill.days_reversed", "bill.enddate"),
        ({"medfee_sumamt": "0.00"}, 422, "claims.bill.total_is_zero", "bill.medfee_sumamt"),
        ({"medfee_sumamt": "10.00"}, 422, "claims.bill.parts_over_total", "bill.medfee_sumamt"),
        ({"disease": "plague"}, 422, "claims.bill.disease_does_not_fit", "bill.disease"),
        (
            {"off_area": "out_province"},
            422,
            "claims.bill.off_area_contradicts_facility",
            "bill.off_area",
        ),
    ],
)
def test_a_bad_bill_is_refused_at_its_field(interface, changes, status, code, field):
    body = bill_body()
    body = {name: value for name, value in (body | changes).items() if value is not None}
    answer = interface.caller.preview(interface.certno, bill=body)
    assert (answer.status_code, codes(answer)[0]) == (status, (code, field))


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "claims.api.field_missing"),
        (b"[1]", 400, "claims.api.not_json"),
        (b"{", 400, "claims.api.not_json"),
        (b"\xff\xfe", 400, "claims.api.not_json"),
        (b'{"bill": NaN}', 400, "claims.api.not_json"),
        (b'{"level": 1, "level": 3}', 400, "claims.api.not_json"),
        (b'{"\\ud800": "1"}', 400, "claims.api.not_json"),
        (b"[" * 100_000, 400, "claims.api.not_json"),
        (b'{"bill": ' + b"1" * 10_000 + b"}", 400, "claims.api.not_json"),
        (b'{"bill": 1}', 400, "claims.api.field_unreadable"),
        (b" " * 600_000, 413, "claims.api.too_large"),
    ],
    ids=range(11),
)
def test_a_bad_body_is_refused(interface, body, status, code):
    answer = interface.caller.client.post(PREVIEW, body, content_type="application/json")
    assert (answer.status_code, codes(answer)[0][0]) == (status, code)


def test_other_ways_to_ask_are_refused(interface):
    client = interface.caller.client
    assert codes(client.get(PREVIEW)) == [("claims.api.method_not_allowed", "")]
    form = client.post(PREVIEW, "a=1", content_type="application/x-www-form-urlencoded")
    assert (form.status_code, codes(form)) == (415, [("claims.api.media_type", "")])
    assert client.options(PREVIEW).status_code == 405
    page = client.get(f"/api/v1/statements/{uuid4()}/", headers={"accept": "text/html"})
    assert (page.status_code, codes(page)) == (406, [("claims.api.not_acceptable", "")])


@pytest.mark.parametrize("path", ["", "settlements/", "statements/17/", "coverage", "schema/x/"])
def test_any_other_address_is_answered_in_the_same_shape(interface, path):
    answer = interface.caller.client.post(f"/api/v1/{path}", {}, format="json")
    assert (answer.status_code, codes(answer)) == (404, [("claims.api.not_found", "")])
    assert client_of("").get(f"/api/v1/{path}").status_code == 401


def test_level_is_asked_without_a_person_only(interface):
    answer = interface.caller.preview(interface.certno, level=1)
    assert codes(answer) == [("claims.api.level_with_person", "level")]
    assert codes(interface.caller.preview(level="1")) == [("claims.api.field_unreadable", "level")]


def test_a_reversal_needs_a_reason_and_happens_once(interface):
    setl_id = settled(interface)
    assert codes(interface.caller.reverse(setl_id, reason="")) == [
        ("claims.api.field_missing", "reason")
    ]
    assert interface.caller.reverse(setl_id).status_code == 200
    again = interface.caller.reverse(setl_id)
    assert (again.status_code, codes(again)) == (409, [("claims.settlement.not_live", "")])


def test_a_failure_is_told_in_the_same_shape(interface, monkeypatch):
    def fail(*_args, **_kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr("claims.api.views.settlement_preview", fail)
    answer = interface.caller.preview()
    assert (answer.status_code, codes(answer)) == (500, [("claims.api.failed", "")])


def test_answers_are_data_that_nothing_may_run_frame_or_keep(interface):
    for answer in (interface.caller.preview(), client_of("").get(PREVIEW)):
        assert set(answer["Content-Security-Policy"].split("; ")) == {
            "default-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "object-src 'none'",
            "report-uri /policy-report/",
        }
        assert answer["Cache-Control"] == "no-store, private"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Request-Id"]


def test_every_code_has_a_sentence():
    with translation.override("en"):
        for code, text in API_SENTENCES.items():
            assert SENTENCES[code] is text
            assert str(text)


def test_sentences_speak_the_language_of_the_request(interface):
    client = interface.caller.client
    body = json.dumps({"bill": bill_body(enddate="2025-02-01")})
    said = {
        language: client.post(
            PREVIEW,
            body,
            content_type="application/json",
            headers={"accept-language": language},
        ).json()["errors"][0]["sentence"]
        for language in ("en", "zh-hans")
    }
    assert said == {
        "en": "The discharge lies before the admission.",
        "zh-hans": said["zh-hans"],
    }
    assert re.search("[\u4e00-\u9fff]", said["zh-hans"])

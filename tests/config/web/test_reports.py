"""F4: what browsers report of the content policy is written without an id, and only so much of it."""

import json
import logging
from uuid import uuid4

import pytest
from django.test import Client

from config.web import reports

pytestmark = pytest.mark.row("F4")
PAGE = f"http://testserver/admin/desk/person/{uuid4()}/?q=990001197001010019"


@pytest.fixture(autouse=True)
def meter(monkeypatch):
    monkeypatch.setattr(reports, "meter", reports.Meter())


def post(body, kind="application/csp-report"):
    return Client().post("/policy-report/", body, content_type=kind)


def old_shape(**changes):
    report = {
        "document-uri": PAGE,
        "violated-directive": "script-src 'self'",
        "blocked-uri": "https://evil.example/990001197001010019.js",
        "script-sample": "alert('990001197001010019')",
    }
    return json.dumps({"csp-report": report | changes})


def test_both_shapes_of_browsers_are_read(caplog):
    new = [{"type": "csp-violation", "body": {"documentURL": PAGE, "blockedURL": "inline",
                                              "effectiveDirective": "script-src-elem"}}]  # fmt: skip
    assert post(old_shape()).status_code == 204
    assert post(json.dumps(new), "application/reports+json").status_code == 204
    assert [record.getMessage() for record in caplog.records] == [
        "content policy: script-src stopped an address on admin:claims_desk_person",
        "content policy: script-src-elem stopped inline on admin:claims_desk_person",
    ]


@pytest.mark.parametrize(
    "changed",
    [
        {"document-uri": "https://evil.example/no-such/990001197001010019"},
        {"document-uri": "http://[990001197001010019"},
        {"violated-directive": "990001197001010019\nforged line"},
        {"violated-directive": ""},
        {"blocked-uri": "data:990001197001010019"},
    ],
)
def test_nothing_a_stranger_writes_reaches_the_log(changed, caplog):
    assert post(old_shape(**changed)).status_code == 204
    text = caplog.text
    assert "990001197001010019" not in text
    assert "evil" not in text
    assert len(caplog.records) == 1


@pytest.mark.parametrize(
    "body",
    ["", "[", "null", "[]", "{}", '{"csp-report": 7}', "[[[[", '[{"body": []}]', "9" * 9000,
     '{"csp-report": {"document-uri": "' + "a" * 9000 + '"}}'],
)  # fmt: skip
def test_what_is_no_report_is_answered_and_forgotten(body, caplog):
    assert post(body).status_code == 204
    assert caplog.records == []


def test_a_flood_is_answered_and_not_written(caplog, tried):
    with caplog.at_level(logging.WARNING):
        for _number in range(reports.MOST_PER_MINUTE + 70):
            assert post(old_shape()).status_code == 204
            tried(1)
    assert len(caplog.records) == reports.MOST_PER_MINUTE

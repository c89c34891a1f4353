"""Every request has an id of its own, and every line of the log says whose it is."""

import json
import logging
from uuid import UUID

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from config.audit.models import AuditEvent
from config.offices.acting import run_in_office
from config.request import METHODS, RequestFilter, method_of, route_of, well_formed
from tests.factories.offices import make_user


def record(message="said"):
    return logging.LogRecord("desk", logging.INFO, "", 0, message, (), None)


def lines_of(caplog):
    caplog.handler.addFilter(RequestFilter())


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "short",
        "x" * 65,
        "a b c d e f g",
        "line\nend-12345",
        "号码号码号码号码号码",
        "a;b;c;d;e;f",
    ],
)
def test_an_id_that_is_none_is_not_sent_back(sent):
    assert well_formed(sent) == ""
    answer = Client().get("/health/live", headers={"X-Request-ID": sent})
    assert str(UUID(answer.headers["X-Request-ID"])) == answer.headers["X-Request-ID"]


def test_an_id_with_a_line_end_is_none():
    assert [well_formed(f"line{end}end-12345") for end in ("\n", "\r\n", "\u2028")] == ["", "", ""]
    assert well_formed("line-end-12345\n") == ""


def test_a_callers_id_comes_back_and_is_not_ours():
    answer = Client().get("/health/live", headers={"X-Request-ID": "proxy-12345678"})
    assert answer.headers["X-Request-ID"] == "proxy-12345678"


def test_the_audit_keeps_our_id_and_the_log_both(offices, caplog):
    supervisor = make_user(offices.pool, "supervisor")
    client = Client()
    client.force_login(supervisor)
    caplog.handler.addFilter(RequestFilter())
    with caplog.at_level(logging.WARNING):
        client.post(reverse("admin:health_resume"), headers={"X-Request-ID": "proxy-12345678"})
        client.get("/no/such/page", headers={"X-Request-ID": "proxy-12345678"})
    [line] = [each for each in caplog.records if each.name == "django.request"]
    assert line.caller_id == "proxy-12345678"
    assert str(UUID(line.request_id)) == line.request_id
    with run_in_office(offices.pool, supervisor):
        ids = set(AuditEvent.objects.values_list("request_id", flat=True))
    assert line.request_id not in map(str, ids)


def test_a_line_outside_any_request_says_so_and_in_an_office_names_it(offices):
    outside = record()
    RequestFilter().filter(outside)
    assert (outside.request_id, outside.caller_id, outside.office_id) == ("", "", "")
    with run_in_office(offices.east) as acting:
        inside = record()
        RequestFilter().filter(inside)
    assert (inside.request_id, inside.office_id) == (acting.request_id, offices.east.pk)


@pytest.mark.row("F6")
@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PROPFIND", "INVENTED"])
def test_a_method_nobody_serves_is_refused_and_sends_nothing_back(method):
    answer = Client().generic(method, "/admin/login/", "secret", headers={"X-Secret": "secret"})
    assert answer.status_code == 405
    assert b"secret" not in answer.content


def test_labels_hold_names_and_no_words_of_a_caller():
    request = RequestFactory().generic("INVENTED", "/somewhere/123")
    request.resolver_match = None
    assert (route_of(request), method_of(request)) == ("unnamed", "other")
    assert "GET" in METHODS


def test_ids_end_with_their_request():
    Client().get("/health/live")
    after = record()
    RequestFilter().filter(after)
    assert after.request_id == ""
    assert json.dumps(after.office_id) == '""'

"""F1, F2, F4, F8: what every door of the table owes the browser, whoever asks."""

import re
from unittest import mock

import pytest
from django.db import connection
from django.test import override_settings

from config.audit import services as audit
from tests.access.bodies import BODIES, KEY
from tests.access.rows_of import TRACES, touched
from tests.access.table import address_of, doors, members, routes
from tests.access.worlds import client_of, undone

# One of each kind of reader; between them they open every page.
READERS = ("anonymous", "clerk", "supervisor", "auditor", "administrator", "policy desk")
STRICT = {
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "frame-ancestors 'none'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "report-uri /policy-report/",
}
# What the theme needs: it evaluates attributes and sets styles from scripts.
OF_THE_THEME = STRICT - {"script-src 'self'", "style-src 'self'"} | {
    "script-src 'self' 'unsafe-eval'",
    "style-src 'self' 'unsafe-inline'",
}
OF_THE_INTERFACE = {
    "default-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "object-src 'none'",
    "report-uri /policy-report/",
}
# A stored file is opened nowhere: it may not even run in a page of its own.
STORED_FILE = "admin/policy/policydocument/scan/<path:name>"
OF_A_FILE = {"sandbox", "default-src 'none'"}
STRICT_PAGES = ("admin/statement/<uuid:public_id>/", "api/v1/schema/", "api/v1/docs/")
SIGN_IN = "admin/login/"
INLINE = re.compile(r"<[^>]+\son[a-z]+\s*=|<script(?![^>]*\bsrc=)[^>]*>(?!\s*</script>)", re.I)
DATA_BLOCK = re.compile(r"<script[^>]*type=[\"'](?:application/json|text/template)[\"'][^>]*>")


@pytest.fixture(scope="module")
def answers(worlds):
    """The answer to GET at every door, for every reader."""
    found = {}
    for reader in (*READERS, "token"):
        client = client_of(worlds, reader)
        for route, door in doors().items():
            with undone():
                found[reader, route] = client.get(address_of(door, worlds))
    return found


def policy_of(answer):
    return set(answer["Content-Security-Policy"].split("; "))


@pytest.mark.row("F4")
def test_every_answer_carries_the_policy_of_its_kind(answers, tried):
    wrong = []
    for (reader, route), answer in answers.items():
        expected = [OF_THE_THEME]
        if route.startswith("api/v1/"):
            expected = [OF_THE_INTERFACE]
        is_theme = reader in members("staff") and answer.status_code in {200, 302, 409}
        if route.startswith(STRICT_PAGES[1:]) or (route.startswith("api/") and not is_theme):
            expected = [STRICT, OF_THE_INTERFACE]
        elif not route.startswith("api/"):
            is_strict = not is_theme or route == STRICT_PAGES[0] or route.startswith(SIGN_IN)
            expected = [STRICT] if is_strict else [OF_THE_THEME]
        if route == STORED_FILE and answer.status_code == 200:
            expected = [OF_A_FILE]
        if policy_of(answer) not in expected:
            wrong.append((reader, route, answer.status_code, answer["Content-Security-Policy"]))
        tried(1)
    assert wrong == []


@pytest.mark.row("F4")
def test_no_page_has_a_script_or_a_handler_in_its_text(answers, tried):
    wrong = []
    for (reader, route), answer in answers.items():
        if "text/html" not in answer.get("Content-Type", "") or answer.status_code != 200:
            continue
        text = DATA_BLOCK.sub("", answer.content.decode())
        if INLINE.search(text):
            wrong.append((reader, route, INLINE.search(text)[0][:80]))
        tried(1)
    assert wrong == []


@pytest.mark.row("F4")
@pytest.mark.parametrize("status", [400, 403, 404, 405, 500])
def test_every_error_is_answered_under_the_strict_policy(status, worlds):
    client = client_of(worlds, "clerk")
    asked = {
        400: lambda: client.get("/admin/enrollment/person/", {"id_last4__startswith": "1"}),
        403: lambda: client.get("/admin/offices/user/"),
        404: lambda: client.get("/no-such-page/"),
        405: lambda: client.put("/admin/"),
        500: lambda: client.get("/admin/desk/"),
    }[status]
    with undone(), mock.patch("claims.admin.desk.drafts_left", side_effect=ZeroDivisionError):
        answer = asked()
    assert answer.status_code == status
    assert policy_of(answer) == STRICT


@pytest.mark.row("F8")
def test_no_page_of_somebody_signed_in_is_kept(answers, tried):
    wrong = []
    for (reader, route), answer in answers.items():
        is_open = route.startswith(("health/", "metrics", "policy-report/")) or route == ""
        kept = "no-store" not in answer.get("Cache-Control", "")
        if kept and reader not in {"anonymous", "token"} and not is_open:
            wrong.append((reader, route, answer.status_code, answer.get("Cache-Control")))
        tried(1)
    assert wrong == []


@pytest.mark.row("F8")
def test_signing_out_asks_the_browser_to_forget(worlds):
    with undone():
        answer = client_of(worlds, "clerk").post("/admin/logout/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.row("F1")
@pytest.mark.parametrize("principal", ["supervisor", "administrator", "policy desk", "anonymous"])
def test_nothing_is_posted_without_a_token_or_from_elsewhere(principal, worlds, tried):
    client = client_of(worlds, principal, enforce_csrf_checks=True)
    names, accepted = routes(), []
    with undone():
        token = client.get("/admin/login/").cookies.get("csrftoken")
        for route, door in doors().items():
            if door.kind.get("is_machine") or door.kind is doors()["policy-report/"].kind:
                continue  # no browser's session signs in there; reports change nothing
            address, body = address_of(door, worlds), {"key": KEY}
            if names[route] in BODIES and names[route].startswith("admin:claims_review"):
                body = BODIES[names[route]](worlds)
            foreign = {"csrfmiddlewaretoken": token.value} if token else {}
            for sent, headers in (
                (body, {}),
                (body | {"csrfmiddlewaretoken": "a" * 32}, {}),
                (body | foreign, {"origin": "https://elsewhere.example"}),
                (body | foreign, {"origin": "null"}),
            ):
                before = touched()
                answer = client.post(address, sent, headers=headers)
                moved = {n for n, count in touched().items() if count != before.get(n, 0)}
                if answer.status_code != 403 or moved - TRACES:
                    accepted.append((route, answer.status_code, sorted(moved)))
                tried(1)
    assert accepted == []


@pytest.mark.row("F2")
@pytest.mark.parametrize("reader", [*READERS, "reviewer", "security officer", "token"])
def test_every_page_opens_inside_a_read_only_transaction(reader, worlds, tried):
    """Listed exceptions: the session, and the events of looks and refusals, written aside."""
    client, failed = client_of(worlds, reader), []
    with without_traces(), undone():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL transaction_read_only = on")
        for route, door in doors().items():
            for method in ("get", "head"):
                answer = getattr(client, method)(address_of(door, worlds))
                if answer.status_code != door.answer(method.upper(), reader):
                    failed.append((method, route, answer.status_code))
                tried(1)
    assert failed == []


@pytest.mark.row("F2")
def test_control_an_act_fails_inside_a_read_only_transaction(worlds):
    client = client_of(worlds, "supervisor")
    with without_traces(), undone():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL transaction_read_only = on")
        address = address_of(doors()["admin/review/<uuid:public_id>/release/"], worlds)
        assert client.post(address, {"key": KEY}).status_code == 500


class without_traces:  # noqa: N801  read as a sentence
    """Leave out the writes of the listed exceptions."""

    def __enter__(self):
        written = audit._written

        def only_done(alias, *rest):
            return None if alias == audit.ASIDE else written(alias, *rest)

        self._parts = (
            mock.patch.object(audit, "_written", only_done),
            mock.patch("django.contrib.sessions.backends.db.SessionStore.save"),
            override_settings(SESSION_SAVE_EVERY_REQUEST=False),
        )
        self._parts[0].start()
        self._parts[1].start()
        self._parts[2].enable()

    def __exit__(self, *_error):
        self._parts[2].disable()
        self._parts[1].stop()
        self._parts[0].stop()

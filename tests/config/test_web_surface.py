"""F6: what a stranger sends tells him nothing and leads nobody away."""

from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.offices import PASSWORD, make_user

pytestmark = [pytest.mark.row("F6"), pytest.mark.django_db]
ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "\\\\evil.example\\",
    "/\\evil.example/",
    "http:evil.example",
    "javascript:alert(1)",
    "  https://evil.example",
    "https:/evil.example",
    "data:text/html,x",
    "%2f%2fevil.example",
]
FOREIGN_HOSTS = ["evil.example", "testserver.evil.example", "testserver@evil.example", "", "a b"]


@pytest.mark.parametrize("address", ELSEWHERE)
def test_signing_in_leads_nowhere_else(offices, address):
    user = make_user(offices.east, "clerk")
    answer = Client().post(
        f"{reverse('admin:login')}?next={address}",
        {"username": user.username, "password": PASSWORD, "next": address},
    )
    assert answer.status_code in {200, 302}
    assert_stays(answer.headers.get("Location", "/"))


@pytest.mark.parametrize("address", ELSEWHERE)
def test_a_person_signed_in_is_led_nowhere_else(offices, address):
    client = Client()
    client.force_login(make_user(offices.east, "clerk"))
    for page in (reverse("admin:login"), reverse("admin:logout"), reverse("admin:index")):
        answer = client.get(page, {"next": address})
        assert_stays(answer.headers.get("Location", "/"))


def assert_stays(location):
    """A browser reads a backslash as a slash, and what begins with a scheme or two as a host."""
    landed = urljoin("https://desk.example/admin/login/", location.replace("\\", "/"))
    assert urlsplit(landed)[:2] == ("https", "desk.example"), location


@pytest.mark.parametrize("host", FOREIGN_HOSTS)
@pytest.mark.parametrize("path", ["/", "/admin/login/", "/health/live", "/api/v1/schema/"])
def test_a_foreign_host_is_refused_and_not_repeated(host, path):
    answer = Client(raise_request_exception=False).get(path, headers={"Host": host})
    if host == "":
        return  # the server's own name is used
    assert answer.status_code == 400
    assert b"evil" not in answer.content


@pytest.mark.parametrize("path", ["/no/such/page", "/admin/no/such/", "/static/", "/api/v1/none"])
def test_an_unknown_address_tells_of_no_address_and_no_version(path):
    answer = Client(raise_request_exception=False).get(path)
    assert answer.status_code in {302, 401, 404}
    text = answer.content.decode().lower()
    for told in ("traceback", "urlconf", "django", "python/", "settings", "index of"):
        assert told not in text
    for name in ("Server", "X-Powered-By"):
        assert not any(character.isdigit() for character in answer.headers.get(name, ""))


def test_a_failure_shows_no_trace_of_the_code(monkeypatch, offices):
    def broken(*_arguments):
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr("config.health.views.unready", broken)
    answer = Client(raise_request_exception=False).get("/health/ready")
    assert answer.status_code == 500
    text = answer.content.decode().lower()
    assert "secret" not in text
    assert "traceback" not in text
    assert "runtimeerror" not in text

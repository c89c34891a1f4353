"""The administrator makes a token, sees it once, and revokes it; others do not."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from claims.models import ApiToken
from config.audit.models import AuditEvent
from config.offices.acting import run_in_office
from tests.claims.api.conftest import Caller
from tests.factories.offices import make_user
from tests.forms import sent


@pytest.fixture
def client(desk):
    client = Client()
    client.force_login(make_user(desk.east, "administrator"))
    return client


def made(client, desk):
    body = {"facility": desk.hospital.pk, "name": "HIS", "through_on": ""}
    page = sent(client, reverse("admin:claims_apitoken_add"), body)
    assert page.status_code == 200
    return re.search(r"mid_\d+_[\w-]{43}", page.content.decode())[0]


def test_a_token_is_shown_once_and_works(client, desk):
    text = made(client, desk)
    assert Caller(text).preview().status_code == 200
    with run_in_office(desk.east, roles=["administrator"]):
        token = ApiToken.objects.get()
        assert AuditEvent.objects.get(verb="api_token.created").target_id == str(token.public_id)
    for page in ("changelist", "change", "history"):
        args = [] if page == "changelist" else [token.pk]
        shown = client.get(reverse(f"admin:claims_apitoken_{page}", args=args))
        assert shown.status_code == 200
        assert text not in shown.content.decode()
        assert text.split("_", 2)[2] not in shown.content.decode()


def test_a_revoked_token_is_refused(client, desk):
    text = made(client, desk)
    with run_in_office(desk.east, roles=["administrator"]):
        token = ApiToken.objects.get()
    address = reverse("admin:claims_apitoken_change", args=[token.pk])
    assert sent(client, address, {"is_revoked": "on", "reason": "换系统"}).status_code == 302
    assert Caller(text).preview().status_code == 401
    assert "is_revoked" not in client.get(address).content.decode()


def test_other_offices_and_roles_do_not_reach_it(client, desk):
    made(client, desk)
    with run_in_office(desk.east, roles=["administrator"]):
        token = ApiToken.objects.get()
    stranger = Client()
    stranger.force_login(make_user(desk.offices.west, "administrator"))
    address = reverse("admin:claims_apitoken_change", args=[token.pk])
    assert stranger.post(address, {"is_revoked": "on"}).status_code == 404
    with run_in_office(desk.east, roles=["administrator"]):
        token.refresh_from_db()
        assert token.revoked_at is None
    clerk = Client()
    clerk.force_login(desk.clerk)
    assert clerk.get(reverse("admin:claims_apitoken_changelist")).status_code == 403

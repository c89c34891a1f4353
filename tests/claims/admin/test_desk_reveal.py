"""The full ID number: shown for a reason, on the record, to those who may."""

import pytest

from config.audit.models import AuditEvent
from config.offices.acting import run_in_office
from tests.claims.admin.test_desk import url
from tests.factories.enrollment import make_person
from tests.factories.offices import make_user


@pytest.fixture
def person(desk):
    with run_in_office(desk.east, desk.clerk):
        made = make_person(desk.east)
        made.plain = made.id_number.plain() if hasattr(made.id_number, "plain") else made.id_number
        return made


def looks(desk):
    with run_in_office(desk.east):
        return list(AuditEvent.objects.filter(verb="id_number.revealed"))


def test_a_look_has_a_reason_and_leaves_an_event(client, desk, person):
    client.force_login(desk.clerk)
    address = url("_reveal", person.public_id)
    assert address in client.get(url("_person", person.public_id)).content.decode()
    assert person.plain not in client.get(address).content.decode()
    for reason in ("", "x", "a\0b"):
        assert (
            person.plain
            not in client.post(
                address, {"reason": reason, "purpose": "card_check"}
            ).content.decode()
        )
    assert looks(desk) == []
    shown = client.post(address, {"reason": "核对证件", "purpose": "card_check"})
    assert person.plain in shown.content.decode()
    assert "no-store" in shown.headers["Cache-Control"]
    (look,) = looks(desk)
    assert (look.actor, look.reason) == (desk.clerk, "核对证件")


def test_nobody_else_is_shown_the_number(client, desk, person):
    others = [
        desk.reviewer,
        make_user(desk.offices.pool, "auditor"),
        make_user(desk.offices.west, "clerk"),
    ]
    for user in others:
        client.force_login(user)
        answer = client.post(url("_reveal", person.public_id), {"reason": "核对证件"})
        assert answer.status_code == 404
    assert looks(desk) == []

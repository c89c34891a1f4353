"""Statement and explanation through the pages: rights, prints, copies, other offices."""

import pytest
from django.urls import reverse

from claims.models import Settlement
from config.audit.models import AuditEvent
from config.offices.acting import run_in_office
from tests.factories.claims import confirm, current
from tests.factories.claims import reverse as reverse_bill
from tests.factories.enrollment import make_person
from tests.factories.offices import make_user


@pytest.fixture
def version(person) -> Settlement:
    return current(confirm(person))


def address(name: str, version: Settlement) -> str:
    return reverse(f"admin:{name}", args=[version.public_id])


def printed(client, version, form="page"):
    return client.post(address("claims_statement_print", version), {"as": form})


def test_the_screen_shows_the_sheet_and_counts_nothing(client, desk, version, person):
    client.force_login(desk.clerk)
    answer = client.get(address("claims_statement", version))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "2026-000001-1" in text
    assert f"****{person.id_last4}" in text
    assert str(person.id_number) not in text.replace(f"****{person.id_last4}", "")
    assert "paper-unprinted" in text
    assert "'unsafe-eval'" not in answer.headers["Content-Security-Policy"]
    assert not AuditEvent.objects.filter(verb="statement.printed").exists()


def test_each_print_is_an_event_and_the_second_is_a_copy(client, desk, version):
    client.force_login(desk.clerk)
    first = printed(client, version).content.decode()
    second = printed(client, version).content.decode()
    assert "sheet-mark--copy" not in first
    assert "sheet-mark--copy" in second
    events = AuditEvent.objects.filter(verb="statement.printed").order_by("pk")
    assert [event.payload["copy"] for event in events] == [1, 2]
    assert [event.target_id for event in events] == [str(version.public_id)] * 2


def test_a_pdf_counts_as_a_print(client, desk, version):
    client.force_login(desk.clerk)
    answer = printed(client, version, "pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"] == 'inline; filename="statement-2026-000001-1.pdf"'
    assert "sheet-mark--copy" in printed(client, version).content.decode()


def test_printing_by_get_is_refused(client, desk, version):
    client.force_login(desk.clerk)
    assert client.get(address("claims_statement_print", version)).status_code == 405


def test_a_print_of_the_pool_is_always_a_copy(client, desk, version):
    client.force_login(make_user(desk.offices.pool, "auditor"))
    assert "sheet-mark--copy_elsewhere" in printed(client, version).content.decode()


@pytest.mark.parametrize("name", ["claims_statement", "claims_why", "claims_review_one"])
def test_another_office_finds_nothing(client, desk, version, name):
    client.force_login(make_user(desk.offices.west, "supervisor"))
    assert client.get(address(name, version)).status_code == 404


def test_another_office_prints_nothing(client, desk, version):
    client.force_login(make_user(desk.offices.west, "clerk"))
    assert printed(client, version).status_code == 404


def test_who_keeps_accounts_sees_no_statement(client, desk, version):
    client.force_login(make_user(desk.east, "administrator"))
    assert client.get(address("claims_statement", version)).status_code == 404


def test_the_causes_add_up_on_the_page(client, desk, version):
    client.force_login(desk.clerk)
    answer = client.get(address("claims_why", version))
    lines = answer.context["why"].lines
    assert answer.status_code == 200
    assert lines[-1].left == answer.context["why"].own_share
    assert {"self_pay_first", "deductible", "catastrophic"} <= {line.code for line in lines}


def test_a_reversal_has_no_causes(client, desk, person):
    entered = confirm(person)
    reverse_bill(entered)
    client.force_login(desk.clerk)
    zero = current(entered)
    assert client.get(address("claims_why", zero)).status_code == 404
    assert "sheet--red" in client.get(address("claims_statement", zero)).content.decode()


def test_names_from_outside_are_escaped_on_every_page(client, desk):
    with run_in_office(desk.east, desk.clerk):
        hostile = make_person(desk.east, name="<script>alert(1)</script>")
        version = current(confirm(hostile))
    client.force_login(desk.reviewer)
    for name in ("claims_statement", "claims_why", "claims_review_one"):
        text = client.get(address(name, version)).content.decode()
        assert "<script>alert(1)" not in text
        assert "&lt;script&gt;alert(1)" in text

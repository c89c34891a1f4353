"""The second person: sees what waits, releases or sends back, never the own settlements."""

import pytest
from django.urls import reverse

from claims.models import SettlementRelease
from config.audit.models import AuditEvent
from config.offices.acting import run_in_office
from tests.factories.claims import bill, confirm, correct, current
from tests.factories.enrollment import make_person
from tests.factories.offices import make_user

LIST = "admin:claims_review"


@pytest.fixture
def version(person):
    return current(confirm(person))


def at(name: str, version) -> str:
    return reverse(f"admin:claims_review_{name}", args=[version.public_id])


def numbers(client, **asked) -> list[str]:
    return [row.number for row in client.get(reverse(LIST), asked).context["rows"]]


def test_the_list_shows_what_waits_newest_first(client, desk, person):
    older, newer = current(confirm(person)), current(confirm(person))
    client.force_login(desk.reviewer)
    assert numbers(client) == [f"{newer.bill.number}-1", f"{older.bill.number}-1"]


def test_the_list_is_filtered_by_day_clerk_and_amount(client, desk, person):
    version = current(confirm(person))
    client.force_login(desk.reviewer)
    number = [f"{version.bill.number}-1"]
    assert numbers(client, day="2020-01-01") == []
    assert numbers(client, clerk=desk.clerk.pk) == number
    assert numbers(client, clerk=desk.reviewer.pk) == []
    assert numbers(client, amount="1.00") == number
    assert numbers(client, amount="999999") == []


def test_a_filter_that_cannot_be_read_is_said(client, desk, version):
    client.force_login(desk.reviewer)
    for asked in ({"day": "yesterday"}, {"amount": "1.234"}):
        answer = client.get(reverse(LIST), asked)
        assert answer.context["problem"]
        assert answer.status_code == 200


def test_the_second_person_releases(client, desk, version):
    client.force_login(desk.reviewer)
    key = client.get(at("one", version)).context["release_key"]
    assert client.post(at("release", version), {"key": key}).status_code == 302
    assert SettlementRelease.objects.get(settlement=version).actor == desk.reviewer
    assert numbers(client) == []


def test_the_maker_has_no_button_and_is_refused(client, desk, acting):
    with run_in_office(desk.east, desk.supervisor):
        version = current(confirm(make_person(desk.east)))
    client.force_login(desk.supervisor)
    shown = client.get(at("one", version))
    assert not shown.context["may_act"]
    assert at("release", version) not in shown.content.decode()
    answer = client.post(at("release", version), {"key": "k"})
    assert answer.status_code == 409
    assert not SettlementRelease.objects.filter(settlement=version).exists()


def test_sending_back_needs_a_reason_and_keeps_what_was_typed(client, desk, version):
    client.force_login(desk.reviewer)
    assert client.post(at("send_back", version), {"key": "k", "reason": " "}).status_code == 409
    assert not AuditEvent.objects.filter(verb="settlement.sent_back").exists()


def test_a_settlement_sent_back_stays_unpaid_and_says_why(client, desk, version):
    client.force_login(desk.reviewer)
    client.post(at("send_back", version), {"key": "k", "reason": "发票号与原件不符"})
    row = client.get(reverse(LIST)).context["rows"][0]
    assert row.state == "sent_back"
    assert row.sent_back.reason == "发票号与原件不符"
    assert "发票号与原件不符" in client.get(at("one", version)).content.decode()
    assert not SettlementRelease.objects.filter(settlement=version).exists()


def test_the_maker_cannot_send_back(client, desk):
    with run_in_office(desk.east, desk.supervisor):
        version = current(confirm(make_person(desk.east)))
    client.force_login(desk.supervisor)
    assert client.post(at("send_back", version), {"key": "k", "reason": "x"}).status_code == 409


def test_a_correction_is_reviewed_against_what_it_replaces(client, desk, person):
    entered = confirm(person)
    correct(entered, bill(total_fen=31_000_00))
    client.force_login(desk.reviewer)
    changes = client.get(at("one", current(entered))).context["differences"]
    assert {line.change for line in changes} >= {"1,000.00"}


def test_only_those_who_release_see_the_list(client, desk, version):
    client.force_login(desk.clerk)
    assert client.get(reverse(LIST)).status_code == 404
    assert client.post(at("release", version), {"key": "k"}).status_code == 404


def test_another_office_cannot_release(client, desk, version):
    client.force_login(make_user(desk.offices.west, "reviewer"))
    assert numbers(client) == []
    assert client.post(at("release", version), {"key": "k"}).status_code == 404


def test_the_list_asks_the_database_as_often_for_many_rows(
    client, desk, person, django_assert_max_num_queries
):
    def asked() -> int:
        with django_assert_max_num_queries(60) as queries:
            client.get(reverse(LIST))
        return len(queries)

    client.force_login(desk.reviewer)
    confirm(person)
    client.get(reverse(LIST))
    few = asked()
    for _ in range(4):
        confirm(make_person(desk.east))
    assert asked() == few

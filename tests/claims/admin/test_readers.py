"""Who opened my file: every door leaves one line, the answer is complete, printed in Chinese."""

import pytest
from django.urls import reverse

from claims.models import BenefitYearAccount
from config.audit.models import AuditEvent
from config.identity.masking import reversible_combination
from config.offices.acting import run_in_office
from tests.factories.claims import confirm, current
from tests.factories.enrollment import make_person
from tests.factories.offices import make_user


@pytest.fixture
def person(desk):
    """Give a person with a settled bill, and the addresses of every page that shows them."""
    with run_in_office(desk.east, desk.clerk):
        made = make_person(desk.east, name="示例甲乙")
        desk.bill = confirm(made)
        desk.version = current(desk.bill)
        desk.account = BenefitYearAccount.objects.get(person=made)
    desk.number = made.id_number.plain()
    return made


def doors(desk, person):
    """Return each page about one person: method, address, look."""
    bill, version = desk.bill.public_id, desk.version.public_id
    return [
        ("get", reverse("admin:claims_desk_person", args=[person.public_id]), "desk"),
        ("get", reverse("admin:claims_desk_bill", args=[bill]), "desk_bill"),
        ("get", reverse("admin:claims_desk_reverse", args=[bill]), "desk_bill"),
        ("get", reverse("admin:claims_desk_correct", args=[bill]), "desk_bill"),
        ("get", reverse("admin:claims_statement", args=[version]), "statement"),
        ("post", reverse("admin:claims_statement_print", args=[version]), "print"),
        ("get", reverse("admin:claims_why", args=[version]), "why"),
        ("get", reverse("admin:claims_review_one", args=[version]), "review"),
        ("get", reverse("admin:enrollment_person_change", args=[person.pk]), "card"),
        ("get", reverse("admin:enrollment_person_history", args=[person.pk]), "card"),
        ("get", reverse("admin:claims_bill_change", args=[desk.bill.pk]), "record"),
        ("get", reverse("admin:claims_settlement_change", args=[desk.version.pk]), "record"),
        ("get", reverse("admin:claims_benefityearaccount_change", args=[desk.account.pk]), "record"),
    ]  # fmt: skip


LISTS = (
    "admin:enrollment_person_changelist",
    "admin:claims_bill_changelist",
    "admin:claims_settlement_changelist",
    "admin:claims_benefityearaccount_changelist",
    "admin:claims_review",
)


def looks(desk):
    with run_in_office(desk.east):
        events = AuditEvent.objects.filter(verb="person.opened").order_by("id")
        return [(event.target_id, event.payload["look"]) for event in events]


@pytest.mark.row("G7")
def test_every_door_leaves_one_event_about_the_person(client, desk, person, tried):
    client.force_login(desk.supervisor)
    for method, address, look in doors(desk, person):
        before = len(looks(desk))
        assert getattr(client, method)(address).status_code == 200, address
        assert looks(desk)[before:] == [(str(person.public_id), look)], address
        tried(1)


@pytest.mark.row("G7")
def test_an_answer_without_its_page_leaves_an_event_as_well(client, desk, person):
    client.force_login(desk.clerk)
    live = reverse("admin:claims_desk_live", args=[person.public_id])
    for _keystroke in range(3):
        client.post(live, {"total": "1"}, headers={"HX-Request": "true"})
    assert looks(desk) == [(str(person.public_id), "desk")]


@pytest.mark.row("G7")
def test_every_list_tells_whom_it_showed(client, desk, person, tried):
    client.force_login(desk.supervisor)
    for name in LISTS:
        assert client.get(reverse(name)).status_code == 200
        with run_in_office(desk.east):
            last = AuditEvent.objects.filter(verb="people.listed").latest("id")
        assert last.payload["people"] == [str(person.public_id)], name
        tried(1)
    client.post(reverse("admin:claims_desk_search"), {"text": person.id_last4})
    with run_in_office(desk.east):
        assert AuditEvent.objects.filter(
            verb="person.searched", payload__people__contains=[str(person.public_id)]
        ).exists()


@pytest.mark.row("G7")
def test_the_answer_names_account_office_role_time_and_kind_of_look(client, desk, person):
    client.force_login(desk.clerk)
    client.get(reverse("admin:claims_desk_person", args=[person.public_id]))
    reveal = reverse("admin:claims_desk_reveal", args=[person.public_id])
    client.post(reveal, {"reason": "群众申请核对", "purpose": "card_check"})
    client.post(reverse("admin:claims_desk_search"), {"text": person.id_last4})
    client.force_login(desk.supervisor)
    page = client.get(reverse("admin:claims_readers", args=[person.public_id]))
    text = page.content.decode()
    for said in (
        "谁查看过本档案", "查看参保人", "查看完整证件号码", "结算窗口", "窗口核对证件", "群众申请核对",
        desk.clerk.full_name, desk.east.name, "经办人", "显示过该人员的列表",
    ):  # fmt: skip
        assert said in text, said
    assert desk.number not in text
    acts = [row["act"] for row in page.context["rows"]]
    assert len(acts) == len(page.context["rows"]) >= 2
    # Asking is a look of its own.
    again = client.get(reverse("admin:claims_readers", args=[person.public_id])).content.decode()
    assert "查询谁查看过某人" in again


@pytest.mark.row("G7")
def test_the_inverse_names_everybody_an_account_opened(client, desk, person):
    client.force_login(desk.clerk)
    client.get(reverse("admin:claims_desk_person", args=[person.public_id]))
    client.force_login(desk.supervisor)
    address = reverse("admin:claims_reads")
    page = client.get(address, {"account": desk.clerk.pk})
    assert [row["person"] for row in page.context["rows"]] == ["示例甲乙"]
    assert page.context["people"] == 1
    nobody = client.get(address, {"account": desk.reviewer.pk})
    assert nobody.context["rows"] == []
    foreign = make_user(desk.offices.west, "clerk")
    assert client.get(address, {"account": foreign.pk}).status_code == 404
    assert client.get(address, {"first": "x", "last": "2025-01-01"}).status_code == 200


@pytest.mark.row("G7", "D8")
def test_the_security_officer_learns_how_many_and_not_whom(client, desk, person):
    client.force_login(desk.clerk)
    client.get(reverse("admin:claims_desk_person", args=[person.public_id]))
    client.force_login(make_user(desk.offices.pool, "security_officer"))
    page = client.get(reverse("admin:claims_reads"), {"account": desk.clerk.pk})
    assert [row["person"] for row in page.context["rows"]] == [f"#{str(person.public_id)[:8]}"]
    assert "示例甲乙" not in page.content.decode()
    assert client.get(reverse("admin:claims_readers", args=[person.public_id])).status_code == 404
    assert client.get("/admin/enrollment/readingnotice/").status_code == 200


@pytest.mark.row("G7", "D8")
def test_clerks_reviewers_and_other_offices_may_not_ask(client, desk, person):
    address = reverse("admin:claims_readers", args=[person.public_id])
    for user in (desk.clerk, desk.reviewer, make_user(desk.offices.west, "supervisor")):
        client.force_login(user)
        assert client.get(address).status_code == 404
    for user in (desk.supervisor, make_user(desk.offices.pool, "auditor")):
        client.force_login(user)
        assert client.get(address).status_code == 200


@pytest.mark.row("G3")
def test_no_page_shows_what_makes_a_number_again(client, desk, person, tried):
    client.force_login(desk.supervisor)
    pages = [(method, address) for method, address, _look in doors(desk, person)]
    pages += [("get", reverse(name)) for name in LISTS]
    pages += [
        ("get", reverse("admin:claims_crossings")),
        ("get", reverse("admin:claims_day_list")),
        ("get", reverse("admin:claims_readers", args=[person.public_id])),
        ("get", reverse("admin:claims_desk_reveal", args=[person.public_id])),
    ]
    for method, address in pages:
        text = getattr(client, method)(address).content.decode()
        assert reversible_combination(text, desk.number) == [], address
        tried(1)
    found = client.post(reverse("admin:claims_desk_search"), {"text": person.id_last4})
    assert person.id_last4 in found.content.decode()
    assert reversible_combination(found.content.decode(), desk.number) == []

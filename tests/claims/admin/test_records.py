"""Lists of bills, settlements and accounts: masked people, states, links, a fixed number of queries."""

import pytest
from django.urls import reverse

from tests.factories.claims import confirm, current
from tests.factories.claims import reverse as reverse_bill
from tests.factories.enrollment import make_person
from tests.factories.offices import make_user

LISTS = ("claims_bill", "claims_settlement", "claims_benefityearaccount", "claims_facility")


def text_of(client, name: str, **asked) -> str:
    answer = client.get(reverse(f"admin:{name}_changelist"), asked)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("name", LISTS[:3])
def test_people_stand_in_two_lines_with_a_masked_number(client, desk, person, name):
    confirm(person)
    client.force_login(desk.clerk)
    text = text_of(client, name)
    assert person.name in text
    assert f"{person.masked_id} · 1970" in text


def test_a_settlement_leads_to_its_statement(client, desk, person):
    version = current(confirm(person))
    client.force_login(desk.clerk)
    address = reverse("admin:claims_statement", args=[version.public_id])
    assert address in text_of(client, "claims_settlement")
    page = reverse("admin:claims_bill_change", args=[version.bill_id])
    assert address in client.get(page).content.decode()


def test_bills_say_what_became_of_them(client, desk, acting):
    held = confirm(make_person(desk.east, covered=False))
    taken_back = confirm(make_person(desk.east))
    reverse_bill(taken_back)
    client.force_login(desk.clerk)
    rows = client.get(reverse("admin:claims_bill_changelist")).context["cl"].result_list
    states = {row.pk: row.outcome_now or row.hold_now for row in rows}
    assert states == {held.pk: "held", taken_back.pk: "reversed"}


@pytest.mark.parametrize("name", LISTS)
def test_nothing_of_another_office_is_listed(client, desk, person, name):
    confirm(person)
    client.force_login(make_user(desk.offices.west, "supervisor"))
    assert person.name not in text_of(client, name)


@pytest.mark.parametrize("name", LISTS)
def test_nothing_is_added_changed_or_deleted_from_a_list(client, desk, person, name):
    confirm(person)
    client.force_login(desk.supervisor)
    assert client.get(reverse(f"admin:{name}_add")).status_code == 403


@pytest.mark.parametrize("name", LISTS[:3])
def test_a_list_asks_the_database_as_often_for_many_rows(
    client, desk, person, name, django_assert_max_num_queries
):
    def asked() -> int:
        with django_assert_max_num_queries(60) as queries:
            text_of(client, name)
        return len(queries)

    client.force_login(desk.clerk)
    confirm(person)
    text_of(client, name)
    few = asked()
    for _ in range(3):
        confirm(make_person(desk.east))
    assert asked() == few


def test_every_bill_leads_to_the_desk_however_old_it_is(client, desk, person):
    entered = confirm(person)
    client.force_login(desk.clerk)
    address = reverse("admin:claims_desk_bill", args=[entered.public_id])
    assert address in text_of(client, "claims_bill")
    shown = (
        reverse("admin:claims_bill_change", args=[entered.pk]),
        reverse("admin:claims_statement", args=[current(entered).public_id]),
    )
    for page in shown:
        assert address in client.get(page).content.decode()


def test_bills_are_filtered_by_what_became_of_them(client, desk, acting):
    held = confirm(make_person(desk.east, covered=False))
    paid = confirm(make_person(desk.east))
    taken_back = confirm(make_person(desk.east))
    reverse_bill(taken_back)
    client.force_login(desk.clerk)
    for state, bill in {"held": held, "paid": paid, "reversed": taken_back}.items():
        page = client.get(reverse("admin:claims_bill_changelist"), {"state": state})
        assert [row.pk for row in page.context["cl"].result_list] == [bill.pk]


def test_no_row_links_to_an_account_its_reader_may_not_open(client, desk, person):
    version = current(confirm(person))
    client.force_login(desk.clerk)
    for name, pk in {
        "claims_bill": version.bill_id,
        "claims_settlement": version.pk,
        "claims_benefityearaccount": version.account_id,
    }.items():
        text = client.get(reverse(f"admin:{name}_change", args=[pk])).content.decode()
        assert str(desk.clerk) in text
        assert "/offices/user/" not in text

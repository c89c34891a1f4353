"""The lists of bills, settlements, accounts and facilities answer, filter, and change nothing."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.offices.acting import run_in_office
from tests.factories.claims import bill, confirm, correct
from tests.factories.enrollment import make_person

LISTS = ("claims_bill", "claims_settlement", "claims_benefityearaccount", "claims_facility")


@pytest.fixture
def corrected(desk):
    with run_in_office(desk.east, desk.clerk):
        entered = confirm(make_person(desk.east))
        correct(entered, bill(total_fen=40_000_00))
        return entered


@pytest.mark.parametrize("name", LISTS)
def test_each_list_and_each_row_opens(client, desk, corrected, name):
    client.force_login(desk.supervisor)
    listed = client.get(reverse(f"admin:{name}_changelist"))
    assert listed.status_code == 200
    for row in listed.context["cl"].result_list:
        page = client.get(reverse(f"admin:{name}_change", args=[row.pk]))
        assert page.status_code == 200
        history = client.get(reverse(f"admin:{name}_history", args=[row.pk]))
        assert history.status_code == 200


def test_the_list_of_settlements_shows_current_versions_unless_asked(client, desk, corrected):
    client.force_login(desk.supervisor)
    address = reverse("admin:claims_settlement_changelist")
    assert len(client.get(address).context["cl"].result_list) == 1
    assert len(client.get(address, {"versions": "all"}).context["cl"].result_list) == 3


def test_a_number_finds_its_bill(client, desk, corrected):
    client.force_login(desk.supervisor)
    for name in ("claims_bill", "claims_settlement"):
        address = reverse(f"admin:{name}_changelist")
        found = client.get(address, {"q": corrected.number}).context["cl"].result_list
        assert len(found) == 1
        assert not client.get(address, {"q": "1999-000001"}).context["cl"].result_list


def test_rows_of_another_office_do_not_exist(client, desk, corrected):
    from tests.factories.offices import make_user

    client.force_login(make_user(desk.offices.west, "supervisor"))
    page = client.get(reverse("admin:claims_bill_change", args=[corrected.pk]))
    assert page.status_code in {302, 404}
    assert not client.get(reverse("admin:claims_bill_changelist")).context["cl"].result_list


@pytest.mark.parametrize("name", ["claims_bill", "claims_settlement", "claims_benefityearaccount"])
def test_more_rows_ask_no_more_questions(client, desk, corrected, name):
    client.force_login(desk.supervisor)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            page = client.get(reverse(f"admin:{name}_changelist"))
            first = page.context["cl"].result_list[0].pk
            client.get(reverse(f"admin:{name}_change", args=[first]))
        return len(queries)

    asked()  # what a process reads once
    few = asked()
    with run_in_office(desk.east, desk.clerk):
        person = corrected.person
        for _ in range(3):
            correct(confirm(person), bill(total_fen=40_000_00))
    assert asked() == few

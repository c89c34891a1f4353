"""What no form sends by itself: bytes that cannot be stored, days at the ends of time, foreign filters."""

import pytest
from django.urls import reverse

from claims.models import Bill, SettlementDraft
from config.offices.acting import run_in_office
from tests.claims.admin.test_desk import FIELDS, HTMX, url
from tests.factories.claims import confirm, current
from tests.factories.enrollment import make_person

LINE = {
    "line_item_class": "A",
    "line_amount": "30000.00",
    "line_fully_self_paid": "",
    "line_over_limit_price": "",
    "line_self_pay_first": "",
}


@pytest.fixture
def person(desk):
    with run_in_office(desk.east, desk.clerk):
        return make_person(desk.east)


@pytest.fixture
def clerk(client, desk):
    client.force_login(desk.clerk)
    return client


@pytest.mark.parametrize(
    "typed",
    [
        {"other_aid": "1", "other_aid_payer": "慈善\0总会"},
        {"disease": "no\0ne"},
        {"facility_code": "H\0"},
        {"care_type": "\0"},
        {"line_item_name": "药\0品", **LINE},
    ],
)
def test_characters_nobody_can_type_do_not_stop_the_desk(clerk, person, typed):
    answer = clerk.post(url("_live", person.public_id), {**FIELDS, **typed}, **HTMX)
    assert answer.status_code == 200
    with run_in_office(person.office, answer.wsgi_request.user):
        assert "\\u0000" not in str(SettlementDraft.objects.get().payload)


@pytest.mark.parametrize("key", ["", "a\0b", "k" * 65, "钥匙"])
def test_a_key_no_page_makes_is_answered_in_words_and_stores_nothing(clerk, person, key):
    shown = clerk.post(url("_live", person.public_id), {**FIELDS, "mode": "full"}, **HTMX)
    sent = {**FIELDS, "key": key, "preview_digest": shown.context["answer"].digest}
    answer = clerk.post(url("_confirm", person.public_id), sent, **HTMX)
    assert answer.status_code == 200
    assert answer.context["answer"].problem
    with run_in_office(person.office, answer.wsgi_request.user):
        assert not Bill.objects.exists()


@pytest.mark.parametrize("reason", ["", "a\0b", "x" * 201])
def test_a_reason_that_cannot_be_kept_sends_nothing_back(client, desk, person, reason):
    with run_in_office(desk.east, desk.clerk):
        version = current(confirm(person))
    client.force_login(desk.reviewer)
    address = reverse("admin:claims_review_send_back", args=[version.public_id])
    assert client.post(address, {"key": "k1", "reason": reason}).status_code == 409


@pytest.mark.parametrize("day", ["0030-01-01", "0001-01-01"])
def test_a_calculation_for_a_day_long_ago_is_an_answer(clerk, day):
    typed = {"care_type": "inpatient", "level": "2", "discharged_on": day, "total": "1000"}
    assert clerk.post(url("_calculator"), typed).status_code == 200


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2026-13-01"])
def test_lists_refuse_days_at_the_ends_of_time_in_words(client, desk, day):
    client.force_login(desk.supervisor)
    for name in ("claims_day_list", "claims_review"):
        answer = client.get(reverse(f"admin:{name}"), {"day": day})
        assert answer.status_code == 200
        assert answer.context["problem"]


def test_a_facility_is_searched_by_what_can_be_read(clerk):
    assert clerk.get(url("_facilities"), {"facility_name": "示例\0"}).status_code == 200


@pytest.mark.parametrize(
    "asked", [{"birth_on__month": "1"}, {"phone_last4": "0000"}, {"id_last4__startswith": "1"}]
)
def test_an_address_asks_no_column_that_the_list_does_not_offer(clerk, person, asked):
    assert clerk.get(reverse("admin:enrollment_person_changelist"), asked).status_code == 400


def test_a_list_still_filters_by_what_it_offers(clerk, person):
    page = reverse("admin:enrollment_person_changelist")
    for asked in ({"sex__exact": "female"}, {"category_spells__category__exact": "ordinary"}):
        assert clerk.get(page, asked).status_code == 200


def test_the_framework_asks_for_rights_by_its_own_names(clerk):
    asked = {"app_label": "claims", "model_name": "bill", "field_name": "person"}
    assert clerk.get(reverse("admin:autocomplete"), asked).status_code < 500


def test_a_worksheet_beyond_its_limit_is_told_so_and_not_cut_off(clerk, person):
    lines = {name: [text] * 1001 for name, text in LINE.items()} | {"line_item_name": ["药"] * 1001}
    answer = clerk.post(url("_live", person.public_id), {**FIELDS, **lines, "mode": "full"}, **HTMX)
    assert answer.status_code == 200
    assert "items" in answer.context["answer"].errors

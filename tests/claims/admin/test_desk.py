"""The desk through Django's client: what each page answers to whom."""

import pytest
from django.urls import reverse

from claims.bill_input import ItemInput
from claims.models import Bill, Settlement, SettlementDraft
from config.offices.acting import run_in_office
from enrollment.models import Person
from tests.factories.claims import HOSPITAL, confirm, make_facility
from tests.factories.claims import bill as make_bill
from tests.factories.enrollment import make_category, make_cover, make_person
from tests.factories.offices import make_user

FIELDS = {
    "facility_name": "示例医院001",
    "facility_code": HOSPITAL,
    "care_type": "inpatient",
    "disease": "none",
    "admitted_on": "2025-03-01",
    "discharged_on": "2025-03-10",
    "off_area": "none",
    "is_referred": "no",
    "total": "30000.00",
    "fully_self_paid": "1000.00",
    "over_limit_price": "",
    "self_pay_first": "2000.00",
    "invoice_code": "99001234",
    "invoice_number": "9000000001",
    "third_party": "none",
    "kind": "direct",
    "payee": "facility",
}
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def person(desk):
    with run_in_office(desk.east, desk.clerk):
        return make_person(desk.east, name="陈示例")


@pytest.fixture
def clerk(client, desk):
    client.force_login(desk.clerk)
    return client


def url(name, *args):
    return reverse(f"admin:claims_desk{name}", args=args)


def live(client, person, mode="", **fields):
    return client.post(url("_live", person.public_id), {**FIELDS, "mode": mode, **fields}, **HTMX)


def digest_of(response):
    return response.context["answer"].digest


def test_clerk_opens_the_desk(clerk):
    assert clerk.get(url("")).status_code == 200


def test_person_page_shows_the_mask_and_never_more(clerk, person):
    page = clerk.get(url("_person", person.public_id)).content.decode()
    assert person.masked_id in page
    assert "1970" in page
    assert "1970-01-01" not in page
    assert person.id_number.plain() not in page


def test_result_follows_the_kernel_and_keeps_the_draft(clerk, desk, person):
    response = live(clerk, person)
    shown = response.context["shown"]
    assert shown.outcome == "paid"
    assert sum(int(shown.figures[each.code]) for each in shown.segments) == 30_000_00
    assert [tier.code for tier in shown.tiers] == [
        "basic",
        "catastrophic",
        "assistance",
        "supplementary",
    ]
    assert sum(each.width for each in shown.segments) == 1000
    with run_in_office(desk.east, desk.clerk):
        draft = SettlementDraft.objects.get(person=person)
        assert draft.payload["fields"]["total"] == "30000.00"
        assert Settlement.objects.count() == 0


def test_draft_survives_signing_out(client, desk, person):
    client.force_login(desk.clerk)
    live(client, person, total="12345.67")
    client.logout()
    client.force_login(desk.clerk)
    assert "12345.67" in client.get(url("_person", person.public_id)).content.decode()


def test_draft_belongs_to_its_clerk(client, desk, person):
    client.force_login(desk.clerk)
    live(client, person, total="12345.67")
    client.force_login(make_user(desk.east, "clerk", username="other-clerk"))
    assert "12345.67" not in client.get(url("_person", person.public_id)).content.decode()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"total": "30000.005"}, "total"),
        ({"fully_self_paid": "-1.00"}, "fully_self_paid"),
        ({"total": "2000.00"}, "total"),
        ({"total": "99999999999.00"}, "total"),
        ({"discharged_on": "2025-02-01"}, "discharged_on"),
        ({"discharged_on": "10.03.2025"}, "discharged_on"),
        ({"care_type": "haircut"}, "care_type"),
        ({"facility_code": "H00000000000"}, "facility_name"),
        ({"other_aid": "100.00"}, "other_aid_payer"),
    ],
)
def test_mistake_stands_at_its_field_and_stores_nothing(clerk, desk, person, changed, field):
    response = live(clerk, person, "full", **changed)
    assert field in response.context["answer"].errors
    assert response.context["answer"].shown is None
    with run_in_office(desk.east, desk.clerk):
        assert Bill.objects.count() == 0


def test_empty_fields_are_listed_while_typing_and_marked_when_asked(clerk, person):
    typing = live(clerk, person, total="", discharged_on="").context["answer"]
    assert typing.errors == {}
    assert len(typing.missing) == 2
    empty = live(clerk, person, facility_code="", facility_name="", total="").context["answer"]
    assert (empty.errors, len(empty.missing)) == ({}, 2)
    asked = live(clerk, person, "full", total="", discharged_on="").context["answer"]
    assert {"total", "discharged_on"} <= set(asked.errors)


def test_worksheet_sums_become_the_amounts(clerk, person):
    lines = {
        "line_item_name": ["西药", "检查", "自费药"],
        "line_item_class": ["A", "B", "C"],
        "line_amount": ["1000.00", "500.00", "200.00"],
        "line_fully_self_paid": ["", "", ""],
        "line_over_limit_price": ["", "50.00", ""],
        "line_self_pay_first": ["", "60.00", ""],
    }
    page = live(clerk, person, "sums", **lines).content.decode()
    for part, amount in (
        ("total", "1700.00"),
        ("fully_self_paid", "200.00"),
        ("over_limit_price", "50.00"),
        ("self_pay_first", "60.00"),
    ):
        assert f'name="{part}" value="{amount}"' in page


def test_worksheet_that_does_not_add_up_is_marked(clerk, person):
    lines = {
        "line_item_name": ["西药"],
        "line_item_class": ["A"],
        "line_amount": ["1000.00"],
        "line_fully_self_paid": [""],
        "line_over_limit_price": [""],
        "line_self_pay_first": [""],
    }
    errors = live(clerk, person, "full", **lines).context["answer"].errors
    assert "total" in errors


def confirmed(client, person, digest, **fields):
    body = {**FIELDS, "key": "key-1", "preview_digest": digest, **fields}
    return client.post(url("_confirm", person.public_id), body, **HTMX)


def test_confirmed_bill_is_shown_with_its_release_state(clerk, desk, person):
    response = confirmed(clerk, person, digest_of(live(clerk, person)))
    assert response.status_code == 204
    with run_in_office(desk.east, desk.clerk):
        bill = Bill.objects.get()
        assert not SettlementDraft.objects.exists()
    assert response["HX-Redirect"] == url("_bill", bill.public_id)
    page = clerk.get(response["HX-Redirect"])
    assert bill.number in page.content.decode()
    assert page.context["release"] is None


def test_same_key_settles_once(clerk, desk, person):
    digest = digest_of(live(clerk, person))
    first, second = confirmed(clerk, person, digest), confirmed(clerk, person, digest)
    assert first["HX-Redirect"] == second["HX-Redirect"]
    with run_in_office(desk.east, desk.clerk):
        assert Settlement.objects.count() == 1


def test_changed_figures_are_shown_and_asked_again(clerk, desk, person):
    answer = live(clerk, person).context["answer"]
    with run_in_office(desk.east, desk.clerk):
        confirm(person)
    body = {"shown": answer.token}
    response = confirmed(clerk, person, answer.digest, **body)
    assert response.status_code == 200
    again = response.context["answer"]
    assert [row for row in again.changes if row[1] != row[2]]
    assert again.digest != answer.digest
    assert confirmed(clerk, person, again.digest).status_code == 204


def test_invoice_in_use_is_marked_at_its_number(clerk, desk, person):
    with run_in_office(desk.east, desk.clerk):
        bill = confirm(person)
    fields = {"invoice_code": bill.invoice_code, "invoice_number": bill.invoice_number}
    assert "invoice_number" in live(clerk, person, "full", **fields).context["answer"].errors


def test_bill_is_reversed_with_a_reason(clerk, desk, person):
    with run_in_office(desk.east, desk.clerk):
        bill = confirm(person)
    page = url("_reverse", bill.public_id)
    without = clerk.post(page, {"key": "k", "reason": " "})
    assert without.context["error"]
    done = clerk.post(page, {"key": "k", "reason": "录入重复"})
    assert done["Location"] == url("_bill", bill.public_id)
    with run_in_office(desk.east, desk.clerk):
        assert Settlement.objects.get(superseded_by__isnull=True).outcome == "reversed"


def test_bill_is_corrected_in_its_place(clerk, desk, person):
    with run_in_office(desk.east, desk.clerk):
        bill = confirm(person)
    fields = {**FIELDS, "total": "20000.00", "reason": "总额有误"}
    shown = clerk.post(url("_correct_live", bill.public_id), fields, **HTMX)
    body = {**fields, "key": "k", "preview_digest": shown.context["answer"].digest}
    done = clerk.post(url("_correct_confirm", bill.public_id), body, **HTMX)
    assert done.status_code == 204, done.context["answer"]
    with run_in_office(desk.east, desk.clerk):
        current = Settlement.objects.get(superseded_by__isnull=True)
        assert (current.bill_id, current.total_fen) == (bill.pk, 20_000_00)


def test_correction_starts_from_the_lines_that_were_entered(clerk, desk, person):
    items = (
        ItemInput("西药", "A", 29_000_00, fully_self_paid_fen=500_00, self_pay_first_fen=0),
        ItemInput("自费药", "C", 1_000_00, fully_self_paid_fen=1_000_00),
    )
    with run_in_office(desk.east, desk.clerk):
        entered = make_bill(fully_self_paid_fen=1_500_00, self_pay_first_fen=0, items=items)
        bill = confirm(person, entered)
    form = clerk.get(url("_correct", bill.public_id)).context["form"]
    assert form.entered() == entered


def test_held_bill_says_why_and_can_be_tried_again(clerk, desk):
    with run_in_office(desk.east, desk.clerk):
        stranger = make_person(desk.east, covered=False)
        bill = confirm(stranger)
    page = clerk.get(url("_bill", bill.public_id))
    assert page.context["hold_sentences"][0][0] == "H01"
    assert clerk.get(url("_settle", bill.public_id)).context["shown"].outcome == "held"
    clerk.post(url("_withdraw", bill.public_id), {"key": "k", "reason": "退回"})
    assert clerk.get(url("_bill", bill.public_id)).context["is_held"] is False


def test_calculator_needs_no_person_and_stores_nothing(clerk, desk):
    fields = {
        "care_type": "inpatient",
        "level": "2",
        "discharged_on": "2025-03-10",
        "total": "10000.00",
    }
    response = clerk.post(url("_calculator"), fields)
    assert response.context["shown"].outcome == "paid"
    wrong = clerk.post(url("_calculator"), {**fields, "total": "1.005"})
    assert "total" in wrong.context["answer"].errors
    with run_in_office(desk.east, desk.clerk):
        assert Bill.objects.count() == 0


def test_facilities_are_found_with_their_level_on_the_day(clerk, desk):
    page = clerk.get(url("_facilities"), {"facility_name": "示例", "discharged_on": "2025-03-10"})
    assert HOSPITAL in page.content.decode()
    assert page.context["facilities"][0].level


def test_search_is_by_post_only(clerk):
    assert clerk.get(url("_search")).status_code == 405


def test_full_number_opens_its_person(clerk, person):
    response = clerk.post(url("_search"), {"text": person.id_number.plain()}, **HTMX)
    assert response["HX-Redirect"] == url("_person", person.public_id)


def test_last_four_lists_people(clerk, person):
    response = clerk.post(url("_search"), {"text": person.id_last4}, **HTMX)
    assert person in response.context["found"]


@pytest.mark.parametrize("role", ["administrator", "policy_desk"])
def test_desk_does_not_exist_for_those_who_handle_no_cases(client, desk, person, role):
    office = desk.offices.pool if role == "policy_desk" else desk.east
    client.force_login(make_user(office, role))
    for address in (url(""), url("_person", person.public_id), url("_calculator")):
        assert client.get(address).status_code == 404


def test_auditor_reads_and_enters_nothing(client, desk, person):
    with run_in_office(desk.east, desk.clerk):
        bill = confirm(person)
    client.force_login(make_user(desk.offices.pool, "auditor"))
    assert "form" not in client.get(url("_person", person.public_id)).context
    page = client.get(url("_bill", bill.public_id))
    assert page.status_code == 200
    assert not page.context["may_reverse"]
    assert not page.context["may_correct"]
    assert live(client, person).status_code == 404
    assert client.get(url("_reverse", bill.public_id)).status_code == 404


def test_reviewer_calculates_and_does_not_confirm(client, desk, person):
    client.force_login(desk.reviewer)
    digest = digest_of(live(client, person))
    assert confirmed(client, person, digest).status_code == 404


def test_other_office_does_not_exist(client, desk, person):
    with run_in_office(desk.east, desk.clerk):
        bill = confirm(person)
    client.force_login(make_user(desk.offices.west, "clerk"))
    assert client.get(url("_person", person.public_id)).status_code == 404
    assert live(client, person).status_code == 404
    assert client.get(url("_bill", bill.public_id)).status_code == 404
    found = client.post(url("_search"), {"text": person.id_last4}, **HTMX)
    assert found.context["found"] == []


def test_missing_rules_are_told_in_words(clerk, desk, person):
    for office in (desk.offices.pool, desk.offices.east):
        office.region = "999999_nowhere"
        office.save(update_fields=["region"])
    for response in (
        clerk.get(url("_person", person.public_id)),
        live(clerk, person),
        confirmed(clerk, person, "0"),
    ):
        assert response.status_code == 200
        assert "999999_nowhere" in response.content.decode()


def test_refusal_names_its_clause(clerk, desk):
    with run_in_office(desk.east, desk.clerk):
        waiting = make_person(desk.east, covered=False)
        make_cover(waiting, "waiting", clause="示例条款")
    response = live(clerk, waiting)
    assert (response.context["shown"].outcome, response.context["shown"].reason) == (
        "refused",
        "R01",
    )
    assert "示例条款" in response.content.decode()


def test_queries_do_not_grow_with_rows(clerk, desk, person, django_assert_max_num_queries):
    def count(address):
        with django_assert_max_num_queries(100) as counted:
            assert clerk.get(address).status_code == 200
        return len(counted)

    with run_in_office(desk.east, desk.clerk):
        bill = confirm(person)
        make_category(person, "minimum_living")
    pages = [url("_person", person.public_id), url("_bill", bill.public_id), url("")]
    live(clerk, person)
    few = [count(page) for page in pages]
    with run_in_office(desk.east, desk.clerk):
        for _number in range(4):
            confirm(person)
            other = make_person(desk.east)
            SettlementDraft.objects.create(user=desk.clerk, person=other, office=desk.east)
    assert [count(page) for page in pages] == few


def test_queries_of_the_lists_under_the_keys_do_not_grow(
    clerk, desk, person, django_assert_max_num_queries
):
    def counts():
        asked = [
            lambda: live(clerk, person),
            lambda: clerk.post(url("_search"), {"text": person.id_last4}, **HTMX),
            lambda: clerk.get(url("_facilities"), {"facility_name": "示例"}),
        ]
        found = []
        for ask in asked:
            with django_assert_max_num_queries(100) as counted:
                assert ask().status_code == 200
            found.append(len(counted))
        return found

    with run_in_office(desk.east, desk.clerk):
        confirm(person)
    live(clerk, person)
    few = counts()
    with run_in_office(desk.east, desk.clerk):
        for number in range(2, 6):
            confirm(person)
            make_facility(f"H9900000000{number}")
            twin = make_person(desk.east)
            Person.objects.filter(pk=twin.pk).update(id_last4=person.id_last4)
    assert counts() == few

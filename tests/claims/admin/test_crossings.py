"""The pages of crossings: one sentence, one receipt, one case; nothing of a foreign file."""

import re

import pytest
from django.urls import reverse

from claims.models import SettlementDraft
from config.offices.acting import run_in_office
from enrollment.models import AcceptedCase, CaseKind, CaseReceipt, CaseState, Person
from enrollment.services.accepted_cases import case_accept
from enrollment.services.transfers import transfer_accept
from tests.enrollment.crossings import case_input
from tests.factories.claims import HOSPITAL, confirm, current
from tests.factories.enrollment import make_person
from tests.factories.offices import make_user

NAME = "示例东人"
PAPERS = {
    "facility_code": HOSPITAL,
    "care_type": "inpatient",
    "disease": "none",
    "admitted_on": "2025-03-01",
    "discharged_on": "2025-03-10",
    "off_area": "none",
    "is_referred": "no",
    "total": "30000",
    "invoice_code": "99005678",
    "invoice_number": "0000004321",
    "kind": "manual",
    "received_on": "2025-03-12",
    "payee": "person",
    "third_party": "none",
}


def url(name, *args):
    return reverse(f"admin:claims_crossing{name}", args=args)


@pytest.fixture
def east(desk):
    """Give the person of the east; the number stands beside, as on the card."""
    with run_in_office(desk.east, desk.clerk):
        person = make_person(desk.east, name=NAME)
    desk.person, desk.number = person, person.id_number.plain()
    desk.west_clerk = make_user(desk.offices.west, "clerk")
    return desk


def accepted(client, desk, **changes):
    client.force_login(desk.west_clerk)
    typed = {"id_number": desk.number, "id_name": NAME, "reason": "代办", "key": "k" * 32}
    return client.post(url("_accept"), {**PAPERS, **typed, **changes}, follow=True)


def text_of(answer):
    return answer.content.decode()


@pytest.mark.row("D3")
def test_the_check_answers_one_sentence_without_name_or_office(client, east):
    client.force_login(east.west_clerk)
    page = text_of(client.post(url("_check"), {"id_number": east.number, "reason": "办理参保"}))
    assert "该号码已在统筹区内其他机构登记。" in page
    assert NAME not in page
    assert east.east.name not in page.replace(f'"{east.east.name}', "")
    assert east.number not in page


@pytest.mark.row("D3")
def test_the_pages_are_the_same_for_whoever_the_number_names(client, east, tried):
    bodies = []
    for order, changes in enumerate(({}, {"id_name": "示例他"})):
        page = text_of(accepted(client, east, key=f"{order}" * 32, **changes))
        assert "本件已移交参保地经办机构。" in page
        assert east.east.name not in page
        bodies.append(page)
    tried(2)
    with run_in_office(east.offices.west, east.west_clerk):
        numbers = list(CaseReceipt.objects.order_by("pk"))
    plain = [
        body.replace(receipt.number, "N").replace(str(receipt.public_id), "I")
        .replace(receipt.typed_name, "P").split('<main')[-1]
        for body, receipt in zip(bodies, numbers, strict=True)
    ]  # fmt: skip
    assert _without_tokens(plain[0]) == _without_tokens(plain[1])


def _without_tokens(body):
    return re.sub(r'csrfmiddlewaretoken" value="[^"]*"', "", body)


def test_a_double_click_accepts_once_and_the_mistakes_stand_at_their_fields(client, east):
    accepted(client, east)
    accepted(client, east)
    with run_in_office(east.offices.west, east.west_clerk):
        assert CaseReceipt.objects.count() == 1
    page = text_of(accepted(client, east, id_number="1", total="", reason="", key="z" * 32))
    for field in ("id_number", "reason", "total"):
        start = page.index(f'id="error-{field}"')
        assert "hidden" not in page[start : page.index(">", start)]


def test_the_owner_takes_the_case_to_the_desk_and_settling_the_bill_closes_it(client, east):
    accepted(client, east)
    client.force_login(east.clerk)
    home = text_of(client.get(url("s")))
    with run_in_office(east.east, east.clerk):
        case = AcceptedCase.objects.get()
    assert case.number in home
    page = text_of(client.get(url("_case", case.public_id)))
    assert "30000" in page
    assert "0000004321" in page
    answer = client.post(url("_take", case.public_id))
    desk_url = reverse("admin:claims_desk_person", args=[east.person.public_id])
    assert answer["Location"] == desk_url
    assert 'value="0000004321"' in text_of(client.get(desk_url))
    with run_in_office(east.east, east.clerk):
        fields = SettlementDraft.objects.get().payload["fields"]
    live = reverse("admin:claims_desk_live", args=[east.person.public_id])
    shown = client.post(live, {**fields, "mode": "full"}, headers={"HX-Request": "true"})
    digest = shown.context["answer"].digest
    confirm = reverse("admin:claims_desk_confirm", args=[east.person.public_id])
    done = client.post(
        confirm,
        {**fields, "key": "c" * 32, "preview_digest": digest},
        headers={"HX-Request": "true"},
    )
    assert done.status_code == 204
    with run_in_office(east.offices.west, east.west_clerk):
        receipt = CaseReceipt.objects.get()
        assert (receipt.state, receipt.answer) == (CaseState.SETTLED, "")


def test_a_clerk_sees_the_own_receipts_and_prints_them_on_the_record(client, east):
    accepted(client, east)
    with run_in_office(east.offices.west, east.west_clerk):
        receipt = CaseReceipt.objects.get()
    printed = text_of(client.post(url("_print", receipt.public_id)))
    assert "受理回执" in printed
    assert receipt.number in printed
    for user, status in (
        (make_user(east.offices.west, "clerk", username="other"), 404),
        (make_user(east.offices.west, "supervisor"), 200),
        (east.clerk, 404),
    ):
        client.force_login(user)
        assert client.get(url("_receipt", receipt.public_id)).status_code == status


@pytest.mark.row("D2")
def test_a_case_of_another_office_does_not_exist(client, east, tried):
    accepted(client, east)
    with run_in_office(east.east):
        case = AcceptedCase.objects.get()
    for user in (east.west_clerk, make_user(east.offices.west, "supervisor")):
        client.force_login(user)
        assert client.get(url("_case", case.public_id)).status_code == 404
        for name in ("_take", "_settle", "_return", "_transfer"):
            assert client.post(url(name, case.public_id), {"reason": "示例"}).status_code == 404
            tried(1)


def test_a_transfer_goes_from_the_form_to_the_new_card(client, east):
    client.force_login(east.west_clerk)
    typed = {"id_number": east.number, "id_name": NAME, "reason": "户口迁入", "key": "t" * 32}
    page = text_of(client.post(url("_propose"), typed))
    assert "请填写转移依据的文件。" in page
    client.post(url("_propose"), {**typed, "document": "迁移证明"})
    with run_in_office(east.east):
        case = AcceptedCase.objects.get()
    client.force_login(east.clerk)
    assert client.post(url("_transfer", case.public_id)).status_code == 404
    client.force_login(east.supervisor)
    assert "同意转出" in text_of(client.get(url("_case", case.public_id)))
    assert client.post(url("_transfer", case.public_id)).status_code == 302
    card = text_of(client.get(reverse("admin:claims_desk_person", args=[east.person.public_id])))
    assert "转移至" in card
    assert 'id="ds-entry"' not in card
    with run_in_office(east.offices.west):
        assert Person.objects.get(name=NAME).moved_from == east.person.public_id


@pytest.mark.row("D1")
def test_after_a_move_the_old_office_reads_and_the_new_one_never_sees_what_was_before(
    client, east, tried
):
    with run_in_office(east.east, east.clerk):
        east.east.release_line_fen = 10_000_000_00
        east.east.save()
        bill = confirm(east.person)
        version = current(bill)
    with run_in_office(east.offices.west, east.west_clerk):
        receipt = case_accept(case_input(east.number, NAME, CaseKind.TRANSFER), key="m" * 32)
    with run_in_office(east.east, east.supervisor):
        transfer_accept(AcceptedCase.objects.get(receipt_id=receipt.public_id))
    with run_in_office(east.offices.west):
        new = Person.objects.get(moved_from=east.person.public_id)
    addresses = [
        reverse("admin:claims_desk_person", args=[east.person.public_id]),
        reverse("admin:claims_desk_bill", args=[bill.public_id]),
        reverse("admin:claims_statement", args=[version.public_id]),
        reverse("admin:claims_why", args=[version.public_id]),
    ]
    for user, status in ((east.clerk, 200), (east.west_clerk, 404)):
        client.force_login(user)
        for address in addresses:
            assert client.get(address).status_code == status, address
            tried(1)
    assert client.get(reverse("admin:claims_desk_person", args=[new.public_id])).status_code == 200
    client.force_login(east.clerk)
    page = reverse("admin:claims_desk_person", args=[new.public_id])
    assert client.get(page).status_code == 404

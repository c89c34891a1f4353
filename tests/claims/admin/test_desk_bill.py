"""Acts on a bill at the desk that leave something for the clerk to go on with."""

import pytest

from claims.bill_input import ItemInput
from claims.models import SettlementDraft
from claims.services.drafts import draft_keep
from config.offices.acting import run_in_office
from tests.claims.admin.test_desk import url
from tests.factories.claims import bill as make_bill
from tests.factories.claims import confirm
from tests.factories.enrollment import make_person

LINES = (
    ItemInput("床位", "A", 29_000_00, 0, 0, 0),
    ItemInput("自费项目", "C", 1_000_00, 1_000_00, 0, 0),
)


@pytest.fixture
def held(client, desk):
    client.force_login(desk.clerk)
    with run_in_office(desk.east, desk.clerk):
        figures = make_bill(third_party="pending", self_pay_first_fen=0, items=LINES)
        entered = confirm(make_person(desk.east), figures)
        assert entered.person  # read while somebody acts
        return entered


def withdraw(client, bill):
    return client.post(url("_withdraw", bill.public_id), {"key": "w", "reason": "责任方金额已知"})


def test_a_withdrawn_bill_is_left_as_a_draft_to_be_entered_with_what_was_missing(
    client, desk, held
):
    assert withdraw(client, held).status_code == 302
    form = client.get(url("_person", held.person.public_id)).context["form"]
    assert form.texts["total"] == "30000.00"
    assert form.texts["invoice_number"] == held.invoice_number
    assert form.texts["third_party"] == "pending"
    assert [line.texts["item_name"] for line in form.lines] == ["床位", "自费项目"]


def test_a_draft_that_was_begun_meanwhile_stays(client, desk, held):
    with run_in_office(desk.east, desk.clerk):
        draft_keep(held.person, {"fields": {"total": "5.00"}, "items": []})
    assert withdraw(client, held).status_code == 302
    with run_in_office(desk.east, desk.clerk):
        assert SettlementDraft.objects.get().payload["fields"] == {"total": "5.00"}

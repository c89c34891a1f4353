"""Held bills: settled when the fact is known, or withdrawn."""

import pytest

from claims.models import BillHold
from claims.selectors.lists import held_list
from claims.services.held_bill import bill_settle, bill_settle_preview, bill_withdraw
from config.errors import Refused
from tests.factories.claims import bill, confirm, current
from tests.factories.enrollment import make_cover, make_person


@pytest.fixture
def uncovered(desk, acting):
    return make_person(desk.east, covered=False)


def test_a_held_bill_is_settled_when_the_fact_is_recorded(uncovered):
    held = confirm(uncovered)
    assert [row.bill for row in held_list()] == [held]
    make_cover(uncovered)
    shown = bill_settle_preview(held)
    answer = bill_settle(held, key="k", preview_digest=shown.digest)
    assert answer["outcome"] == "paid"
    assert current(held).sequence == 1
    assert not held_list()
    with pytest.raises(Refused):
        bill_settle(held, key="k2", preview_digest=shown.digest)


def test_a_bill_may_be_held_again(uncovered):
    held = confirm(uncovered)
    bill_settle(held, key="k", preview_digest=bill_settle_preview(held).digest)
    assert BillHold.objects.filter(bill=held).count() == 2


def test_a_withdrawn_bill_frees_its_invoice(uncovered):
    entered = bill()
    held = confirm(uncovered, entered)
    bill_withdraw(held, key="k", reason="错录")
    assert not held_list()
    again = confirm(uncovered, entered)
    assert again.issue == 2
    with pytest.raises(Refused):
        bill_withdraw(held, key="k2", reason="错录")

"""On a restored copy the desk goes on and no new money passes."""

import pytest

from claims.services.settlement import settlement_release
from config.errors import Refused
from config.offices.acting import run_in_office
from tests.factories.claims import confirm, current, reverse
from tests.factories.operation import look_restored

pytestmark = pytest.mark.row("B14")


@pytest.fixture
def paused(desk, person, monkeypatch):
    desk.east.release_line_fen = 100_000_00
    desk.east.save(update_fields=["release_line_fen"])
    person.office.refresh_from_db()
    look_restored(monkeypatch)


def test_a_bill_is_settled_and_waits_although_it_is_below_the_line(paused, desk, person):
    version = current(confirm(person))
    assert version.fund_fen > 0
    assert not hasattr(version, "release_row")
    with run_in_office(desk.east, desk.reviewer), pytest.raises(Refused) as refused:
        settlement_release(version, key="r")
    assert refused.value.code == "operation.paused"


def test_a_reversal_sends_no_money_out_and_needs_not_wait(paused, person):
    entered = confirm(person)
    reverse(entered)
    assert current(entered).release_row.kind == "line"

"""Confirm, release, reverse: what is stored, who may, and what stays as it was."""

from dataclasses import replace
from datetime import date
from functools import partial
from uuid import uuid4

import pytest

from claims.models import (
    Adjustment,
    Bill,
    BillHold,
    BillVersion,
    InvoiceUse,
    Settlement,
    SettlementRelease,
)
from claims.services.preview import settlement_preview
from claims.services.send_back import settlement_send_back
from claims.services.settlement import (
    settlement_confirm,
    settlement_release,
    settlement_reverse,
)
from claims.settlement.columns import TRACE
from config.audit.models import AuditEvent
from config.errors import Conflict, InvalidInput, Refused
from config.offices.acting import run_in_office
from tests.factories.claims import bill, confirm, current, reverse
from tests.factories.enrollment import make_category, make_person


def test_a_preview_stores_nothing(person):
    shown = settlement_preview(bill(), person)
    assert shown.decided.outcome == "paid"
    assert shown.decided.fund_fen > 0
    for model in (Bill, Settlement, InvoiceUse):
        assert not model.all_offices.exists() if hasattr(model, "all_offices") else True


def test_confirming_stores_what_was_shown(person):
    entered = bill()
    shown = settlement_preview(entered, person)
    stored = current(confirm(person, entered))
    assert stored.version == 1
    assert stored.sequence == 1
    assert stored.basic_fen == shown.decided.figures["basic"]
    assert stored.own_share_fen == shown.decided.figures["own_share"]
    assert stored.opening == {}
    assert stored.closing == shown.decided.closing
    assert stored.preview_digest == shown.digest
    assert AuditEvent.objects.filter(verb="settlement.confirmed").count() == 1


def test_the_second_bill_starts_where_the_first_ended(person):
    first, second = current(confirm(person)), current(confirm(person))
    assert second.sequence == 2
    assert second.opening == first.closing


def test_a_late_bill_is_settled_last_and_changes_no_other(person):
    later = confirm(person, bill(admitted_on=date(2025, 6, 1), discharged_on=date(2025, 6, 9)))
    before = current(later)
    late = confirm(person, bill(admitted_on=date(2025, 2, 1), discharged_on=date(2025, 2, 9)))
    assert current(late).sequence == 2
    assert current(later).pk == before.pk


def test_figures_that_changed_since_the_preview_are_shown_again(person):
    entered = bill()
    shown = settlement_preview(entered, person)
    confirm(person)
    with pytest.raises(Conflict) as error:
        settlement_confirm(entered, person, key="k", preview_digest=shown.digest)
    assert error.value.code == "claims.settlement.changed_since_preview"
    now = settlement_preview(entered, person)
    assert error.value.facts["digest"] == now.digest
    assert error.value.facts["figures"] == now.decided.figures
    assert Settlement.objects.count() == 1


def test_a_category_recorded_meanwhile_asks_again(person):
    entered = bill()
    shown = settlement_preview(entered, person)
    make_category(person, "minimum_living")
    with pytest.raises(Conflict):
        settlement_confirm(entered, person, key="k", preview_digest=shown.digest)
    assert not Settlement.objects.exists()


def test_the_same_key_is_answered_once(person):
    entered = bill()
    digest = settlement_preview(entered, person).digest
    first = settlement_confirm(entered, person, key="k", preview_digest=digest)
    again = settlement_confirm(entered, person, key="k", preview_digest=digest)
    assert again == first
    assert Settlement.objects.count() == 1
    other = replace(entered, total_fen=31_000_00)
    with pytest.raises(Conflict) as error:
        settlement_confirm(other, person, key="k", preview_digest=digest)
    assert error.value.code == "audit.key.reused"


def test_an_invoice_is_used_once_in_the_whole_pool(desk, person):
    entered = bill()
    confirm(person, entered)
    with pytest.raises(Conflict) as error:
        settlement_preview(entered, person)
    assert error.value.code == "claims.invoice.in_use"
    assert error.value.facts["number"] == Bill.objects.get().number
    west_clerk_office = desk.offices.west
    with run_in_office(west_clerk_office, roles=["clerk"]):
        stranger = make_person(west_clerk_office)
        with pytest.raises(Conflict) as error:
            settlement_preview(entered, stranger)
    assert error.value.facts["number"] == ""


def test_an_invoice_taken_since_the_preview_is_refused_by_the_number_of_its_bill(desk, person):
    entered, other = bill(), make_person(desk.east)
    digest = settlement_preview(entered, other).digest
    taken = confirm(person, entered)
    with pytest.raises(Conflict) as error:
        settlement_confirm(entered, other, key="k", preview_digest=digest)
    assert error.value.code == "claims.invoice.in_use"
    assert error.value.facts["number"] == taken.number
    assert Bill.objects.count() == 1


def test_a_person_without_cover_record_is_held(desk, acting):
    person = make_person(desk.east, covered=False)
    held = confirm(person)
    assert BillHold.objects.get(bill=held).reasons == ["H01"]
    assert not Settlement.objects.exists()


def test_a_refused_bill_takes_a_place_and_moves_nothing(desk, acting):
    person = make_person(desk.east, covered=False)
    from tests.factories.enrollment import make_cover

    make_cover(person, "waiting")
    version = current(confirm(person))
    assert (version.outcome, version.reason_code) == ("refused", "R01")
    assert version.fund_fen == 0
    assert version.own_share_fen == version.total_fen
    assert version.closing == version.opening == {}


def test_a_reversal_puts_zero_in_place_and_settles_what_follows_again(person):
    first, second, third = confirm(person), confirm(person), confirm(person)
    before = {row.pk: current(row) for row in (first, second, third)}
    answer = reverse(first)
    assert answer["resettled"] == [second.number, third.number]
    zero = current(first)
    assert (zero.outcome, zero.total_fen, zero.version, zero.sequence) == ("reversed", 0, 2, 1)
    # What was second now stands where the first stood; it is the same bill.
    assert current(second).opening == {}
    assert current(second).basic_fen == before[first.pk].basic_fen
    assert current(third).basic_fen == before[second.pk].basic_fen
    for row in (first, second, third):
        moved = sum(
            Adjustment.objects.filter(to_settlement=current(row)).values_list(
                "amount_fen", flat=True
            )
        )
        assert moved == current(row).fund_fen - before[row.pk].fund_fen


def test_a_reversal_frees_the_invoice_as_the_next_issue(person):
    entered = bill()
    reverse(confirm(person, entered))
    again = confirm(person, entered)
    assert again.issue == 2


def test_a_reversed_bill_is_not_reversed_twice(person):
    entered = confirm(person)
    reverse(entered)
    with pytest.raises(Refused) as error:
        reverse(entered)
    assert error.value.code == "claims.settlement.not_live"
    with pytest.raises(InvalidInput):
        settlement_reverse(entered, key=str(uuid4()), reason=" ")


def test_only_another_person_releases_what_is_above_the_line(desk, person):
    version = current(confirm(person))
    assert not SettlementRelease.objects.exists()
    with pytest.raises(Refused) as error:
        settlement_release(version, key="r")
    assert error.value.code == "offices.act.not_allowed"
    with run_in_office(desk.east, desk.clerk, roles=["reviewer"]), pytest.raises(Refused) as error:
        settlement_release(version, key="r")
    assert error.value.code == "claims.release.same_person"
    with run_in_office(desk.east, desk.reviewer):
        settlement_release(version, key="r")
        with pytest.raises(Refused) as error:
            settlement_release(version, key="r2")
    assert error.value.code == "claims.release.done"
    row = SettlementRelease.objects.get()
    assert (row.kind, row.maker, row.actor) == ("person", desk.clerk, desk.reviewer)


def test_what_stays_below_the_line_is_released_at_once(desk, person):
    desk.east.release_line_fen = 100_000_00
    desk.east.save(update_fields=["release_line_fen"])
    person.office.refresh_from_db()
    version = current(confirm(person))
    assert version.release_row.kind == "line"


def test_a_superseded_version_is_not_released(desk, person):
    first, second = confirm(person), confirm(person)
    old = current(second)
    reverse(first)
    with run_in_office(desk.east, desk.reviewer), pytest.raises(Refused) as error:
        settlement_release(old, key="r")
    assert error.value.code == "claims.release.not_current"


def test_another_office_sees_nothing(desk, person):
    confirm(person)
    with run_in_office(desk.offices.west, roles=["clerk"]):
        for model in (Bill, BillVersion, Settlement):
            # all offices: row-level security is what is tested here
            assert not model.all_offices.exists()


def test_who_entered_the_figures_is_no_second_person_for_them_either(desk, person):
    first, second = confirm(person), confirm(person)
    with run_in_office(desk.east, desk.supervisor):
        reverse(first)
        version = current(second)
        assert (version.version, version.actor_id) == (2, desk.supervisor.pk)
    with run_in_office(desk.east, desk.clerk, roles=["reviewer"]):
        for act in (settlement_release, partial(settlement_send_back, reason="不符")):
            with pytest.raises(Refused) as error:
                act(version, key="r")
            assert error.value.code == "claims.release.same_person"
    with run_in_office(desk.east, desk.reviewer):
        settlement_release(version, key="r")


def test_aid_for_which_no_room_is_left_is_told_in_the_event(person):
    first = confirm(person, bill(total_fen=900_000_00))
    plain = bill()
    rest = settlement_preview(plain, person).decided.figures["own_within"]
    second = confirm(person, replace(plain, other_aid_fen=rest, other_aid_payer="慈善会"))
    assert current(second).own_within_fen == 0
    reverse(first)
    version = current(second)
    excess = version.trace_fen[TRACE.index("aid_excess")]
    assert version.other_aid_fen + excess == rest
    event = AuditEvent.objects.get(verb="settlement.resettled", target_id=str(version.public_id))
    assert excess > 0
    assert event.payload["aid_excess_fen"] == excess

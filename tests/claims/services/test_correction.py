"""A correction: one act, the same number, the same place."""

from dataclasses import replace
from datetime import date

import pytest

from claims.models import Adjustment, BillVersion, InvoiceUse, Settlement
from claims.services.correction import bill_correct, correction_preview
from config.errors import Conflict, InvalidInput, Refused
from tests.factories.claims import bill, confirm, correct, current, reverse
from tests.factories.enrollment import make_cover, make_person


def test_a_correction_keeps_number_and_place(person):
    first, second = confirm(person), confirm(person)
    before = {row.pk: current(row) for row in (first, second)}
    answer = correct(first, bill(total_fen=60_000_00))
    version = current(first)
    assert answer["number"] == first.number
    assert (version.version, version.sequence, version.act) == (3, 1, "correct")
    assert version.total_fen == 60_000_00
    assert version.supersedes.outcome == "reversed"
    assert version.bill_version.version == 2
    assert current(second).opening == version.closing
    assert answer["resettled"] == [second.number]
    for row in (first, second):
        chain = Settlement.objects.filter(bill=row, version__gt=1)
        moved = sum(
            Adjustment.objects.filter(to_settlement__in=chain).values_list("amount_fen", flat=True)
        )
        assert moved == current(row).fund_fen - before[row.pk].fund_fen
    # The paper is still the same one.
    assert InvoiceUse.objects.filter(kind="freed").count() == 0


def test_a_correction_to_the_same_figures_leaves_later_bills_alone(person):
    entered = bill()
    first, second = confirm(person, entered), confirm(person)
    before = current(second).pk
    answer = correct(first, entered)
    assert answer["resettled"] == []
    assert current(second).pk == before


def test_a_discharge_in_another_year_moves_the_bill_to_the_end_of_that_year(person):
    first, second = confirm(person), confirm(person)
    other = confirm(person, bill(admitted_on=date(2024, 5, 1), discharged_on=date(2024, 5, 9)))
    correct(first, bill(admitted_on=date(2024, 7, 1), discharged_on=date(2024, 7, 9)))
    version = current(first)
    assert (version.benefit_year, version.sequence) == (2024, 2)
    assert version.opening == current(other).closing
    assert current(second).opening == {}


def test_other_figures_than_shown_ask_again(person):
    entered = bill()
    first = confirm(person, entered)
    wanted = replace(entered, total_fen=50_000_00)
    shown = correction_preview(first, wanted)
    confirm(person)
    with pytest.raises(Conflict) as error:
        bill_correct(first, wanted, key="k", preview_digest=shown.digest, reason="x")
    assert error.value.code == "claims.settlement.changed_since_preview"


def test_an_invoice_is_not_corrected(person):
    first = confirm(person)
    with pytest.raises(InvalidInput) as error:
        bill_correct(first, bill(), key="k", preview_digest="", reason="x")
    assert error.value.code == "claims.bill.invoice_fixed"


def test_a_correction_that_would_be_held_is_refused(desk, acting):
    person = make_person(desk.east, covered=False)
    make_cover(person, from_on=date(2025, 1, 1))
    first = confirm(person)
    with pytest.raises(Refused) as error:
        correct(first, bill(admitted_on=date(2024, 12, 1), discharged_on=date(2025, 1, 9)))
    assert error.value.code == "claims.correction.held"
    assert BillVersion.objects.filter(bill=first).count() == 1


def test_a_reversed_bill_is_not_corrected(person):
    first = confirm(person)
    reverse(first)
    with pytest.raises(Refused) as error:
        correct(first, bill())
    assert error.value.code == "claims.settlement.not_live"

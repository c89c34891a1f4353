"""Previews: without a person, and what they refuse."""

from datetime import date

import pytest

from claims.selectors.facts import AssumedPerson
from claims.services.preview import settlement_preview
from config.errors import InvalidInput, InvalidInputs, NotKnown
from tests.factories.claims import REGION, bill, make_facility
from tests.factories.enrollment import make_certification, make_person


def test_level_kind_and_amount_are_enough(acting):
    entered = bill(facility_code="", level=3, invoice_code="", invoice_number="")
    shown = settlement_preview(entered, region=REGION)
    assert shown.decided.outcome == "paid"
    assert shown.facts.category_assistance == "none"
    assert shown.facility is None


def test_who_is_assumed_decides(acting):
    entered = bill(facility_code="", level=3)
    plain = settlement_preview(entered, region=REGION)
    poor = settlement_preview(
        entered, region=REGION, assumed=AssumedPerson(categories=("minimum_living",))
    )
    assert poor.facts.category_assistance == "minimum_living"
    assert poor.decided.fund_fen > plain.decided.fund_fen


def test_without_level_the_bill_would_be_held(acting):
    shown = settlement_preview(bill(facility_code=""), region=REGION)
    assert (shown.decided.outcome, shown.decided.reason) == ("held", "H07")


def test_a_region_without_rules_in_force_is_not_known(acting):
    with pytest.raises(NotKnown):
        settlement_preview(bill(facility_code="", level=3), region="230800_jiamusi")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"facility_code": "H00000000000"}, "claims.bill.facility_unknown"),
        ({"disease": "plague"}, "claims.bill.disease_does_not_fit"),
        ({"off_area": "out_province"}, "claims.bill.off_area_contradicts_facility"),
        (
            {"other_aid_fen": 29_000_00, "other_aid_payer": "慈善"},
            "claims.bill.aid_over_rest",
        ),
    ],
)
def test_what_contradicts_the_person_or_the_rules_is_named(person, changes, code):
    with pytest.raises(InvalidInput) as error:
        settlement_preview(bill(**changes), person)
    assert error.value.code == code
    assert error.value.field


def test_care_before_birth_is_refused(desk, acting):
    child = make_person(desk.east, birth_on=date(2025, 3, 5))
    with pytest.raises(InvalidInput) as error:
        settlement_preview(bill(), child)
    assert error.value.code == "claims.bill.care_before_birth"


def test_bad_figures_are_refused_before_anything_is_read(person):
    with pytest.raises(InvalidInputs):
        settlement_preview(bill(total_fen=1), person)


def test_a_certified_disease_opens_its_care(desk, person):
    entered = bill(
        care_type="chronic_special", disease="uraemia", admitted_on=None, total_fen=5_000_00
    )
    assert settlement_preview(entered, person).decided.reason == "R04"
    make_certification(person, "uraemia")
    assert settlement_preview(entered, person).decided.outcome == "paid"


def test_a_facility_outside_the_area_needs_to_be_said(person):
    make_facility("H99000000002", is_local=False)
    entered = bill(facility_code="H99000000002")
    with pytest.raises(InvalidInput):
        settlement_preview(entered, person)
    filed = bill(facility_code="H99000000002", off_area="out_province")
    assert settlement_preview(filed, person).decided.outcome == "paid"


def test_nobody_is_treated_after_the_recorded_death(desk, acting):
    person = make_person(desk.east, died_on=date(2025, 3, 4))
    assert settlement_preview(bill(), person).decided.outcome == "paid"
    with pytest.raises(InvalidInput) as error:
        settlement_preview(bill(admitted_on=date(2025, 3, 5)), person)
    assert (error.value.code, error.value.field) == ("claims.bill.care_after_death", "admitted_on")

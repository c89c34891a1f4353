"""Facilities, rules in force and bills for tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import count
from uuid import uuid4

from claims.bill_input import BillInput
from claims.models import Bill, Facility, FacilityLevel, Settlement
from claims.services.correction import bill_correct, correction_preview
from claims.services.preview import settlement_preview
from claims.services.settlement import settlement_confirm, settlement_reverse
from config.offices import scope
from config.offices.models import Office
from config.policy.models import PolicyRelease, ReleaseActivation
from config.policy.services import policy_release_register
from enrollment.models import Person
from tests.factories.acts import recorded

REGION = "990000_qinghe"
HOSPITAL = "H99000000001"
_invoices = count(1)


def make_rules(office: Office, region: str = REGION) -> PolicyRelease:
    """Register the pack of a region and put it in force."""
    acting = scope.Scope(office.pk, (office.pk,), None, frozenset({"policy_desk"}))
    with scope.enter(acting):
        release = policy_release_register(region)
    with recorded(office):
        ReleaseActivation.objects.create(
            release=release, region=region, active_from=date(2020, 1, 1)
        )
    return release


def make_facility(code: str = HOSPITAL, level: int = 3, *, is_local: bool = True) -> Facility:
    """Make a facility that held its level since long ago."""
    with recorded():
        facility = Facility.objects.create(
            code=code, name=f"示例医院{code[-3:]}", region_code="990000", is_local=is_local
        )
        FacilityLevel.objects.create(facility=facility, level=level, from_on=date(2015, 1, 1))
    return facility


def bill(**changes) -> BillInput:
    """Return an inpatient bill of 30,000 yuan in the demonstration region, with an own invoice."""
    number = next(_invoices)
    plain = BillInput(
        care_type="inpatient",
        admitted_on=date(2025, 3, 1),
        discharged_on=date(2025, 3, 10),
        facility_code=HOSPITAL,
        total_fen=30_000_00,
        fully_self_paid_fen=1_000_00,
        self_pay_first_fen=2_000_00,
        is_referred=True,
        invoice_code="99001234",
        invoice_number=f"{number:010d}",
    )
    return replace(plain, **changes)


def confirm(person: Person, entered: BillInput | None = None, key: str = "") -> Bill:
    """Preview and confirm a bill; returns the bill, settled or held."""
    entered = entered or bill()
    shown = settlement_preview(entered, person)
    answer = settlement_confirm(
        entered, person, key=key or str(uuid4()), preview_digest=shown.digest
    )
    return Bill.objects.get(public_id=answer["bill"])


def correct(entered_bill: Bill, entered: BillInput) -> dict:
    """Preview and correct a bill."""
    entered = replace(
        entered,
        invoice_code=entered_bill.invoice_code,
        invoice_number=entered_bill.invoice_number,
    )
    shown = correction_preview(entered_bill, entered)
    return bill_correct(
        entered_bill, entered, key=str(uuid4()), preview_digest=shown.digest, reason="数字有误"
    )


def reverse(entered_bill: Bill) -> dict:
    """Reverse a bill."""
    return settlement_reverse(entered_bill, key=str(uuid4()), reason="重复录入")


def current(entered_bill: Bill) -> Settlement:
    """Return the current version of a bill."""
    return Settlement.objects.get(bill=entered_bill, superseded_by__isnull=True)

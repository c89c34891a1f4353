"""Write bills, their figures and their holds. Called by the acts, never by a page."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from claims.bill_input import AMOUNTS, BillInput
from claims.models import (
    Bill,
    BillHold,
    BillItem,
    BillVersion,
    Facility,
    HoldKind,
)
from claims.services.invoices import invoice_take
from config import calendar
from config.offices import scope
from config.offices.insertion import insert
from enrollment.models import Person


def bill_write(person: Person, entered: BillInput) -> Bill:
    """Write the bill itself: number, invoice, origin.

    The invoice is taken first, the number last: the counter of the office is held only until
    the act commits.

    Raises:
        Conflict: `claims.invoice.in_use`.
    """
    bill = Bill(
        office_id=person.office_id,
        person=person,
        origin=entered.origin,
        invoice_code=entered.invoice_code,
        invoice_number=entered.invoice_number,
        created_by_id=scope.current().user_id,
        created_at=calendar.now(),
    )
    invoice_take(bill)
    bill.number = _next_number(person.office_id)
    insert(bill)
    return bill


def bill_version_write(
    bill: Bill,
    entered: BillInput,
    facility: Facility,
    request_key: str,
    *,
    before: BillVersion | None = None,
    reason: str = "",
) -> BillVersion:
    """Write the figures of a bill as one more version, with the lines of the worksheet."""
    version = BillVersion(
        office_id=bill.office_id,
        bill=bill,
        version=before.version + 1 if before else 1,
        supersedes=before,
        kind=entered.kind,
        payee=entered.payee,
        care_type=entered.care_type,
        facility=facility,
        off_area=entered.off_area,
        referred=entered.is_referred,
        disease=entered.disease,
        admitted_on=entered.admission_day,
        discharged_on=entered.discharged_on,
        third_party=entered.third_party,
        received_on=entered.received_on,
        other_aid_payer=entered.other_aid_payer,
        reason=reason,
        actor_id=scope.current().user_id,
        request_key=request_key,
        at=calendar.now(),
        **{name: getattr(entered, name) for name in AMOUNTS},
    )
    insert(version)
    if entered.items:
        BillItem.objects.bulk_create(
            BillItem(office_id=bill.office_id, bill_version=version, line=line, **vars(item))
            for line, item in enumerate(entered.items, start=1)
        )
    return version


def bill_hold_write(
    version: BillVersion,
    kind: HoldKind,
    reasons: Sequence[str],
    request_key: str,
    reason: str = "",
) -> BillHold:
    """Write that a bill waits for a fact, or was withdrawn while it waited."""
    return BillHold.objects.create(
        office_id=version.office_id,
        bill=version.bill,
        bill_version=version,
        kind=kind,
        reasons=list(reasons),
        reason=reason,
        actor_id=scope.current().user_id,
        request_key=request_key,
        at=calendar.now(),
    )


def _next_number(office_id: int) -> str:
    """Return the next number of an office in the calendar year, without gaps: `2026-000123`.

    One statement makes, locks and moves the counter; the lock holds until the act commits.
    """
    year = calendar.today().year
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO claims_billcounter AS counter (office_id, year, next_number)"
            " VALUES (%s, %s, 2) ON CONFLICT (office_id, year)"
            " DO UPDATE SET next_number = counter.next_number + 1 RETURNING next_number - 1",
            [office_id, year],
        )
        return f"{year}-{cursor.fetchone()[0]:06d}"

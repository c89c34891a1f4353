"""Take and free invoices, pool-wide, without learning whose they are."""

from __future__ import annotations

import hashlib

from django.db import connection

from claims.models import Bill, InvoiceUse, InvoiceUseKind
from config import calendar
from config.errors import Conflict


def invoice_digest(code: str, number: str) -> str:
    """Return the digest an invoice is compared by."""
    return hashlib.sha256(f"{code}/{number}".encode()).hexdigest()


def invoice_next_issue(code: str, number: str) -> int:
    """Return the issue under which an invoice may be entered now.

    Raises:
        Conflict: `claims.invoice.in_use`, in this office or in another; the number of the bill
            is named only where it can be seen.
    """
    uses = InvoiceUse.objects.filter(digest=invoice_digest(code, number)).order_by("-issue")
    last = list(uses[:2])
    if not last:
        return 1
    newest = [use for use in last if use.issue == last[0].issue]
    if any(use.kind == InvoiceUseKind.FREED for use in newest):
        return last[0].issue + 1
    seen = (
        Bill.objects.filter(public_id=last[0].bill_public_id)
        .values_list("number", flat=True)
        .first()
    )
    raise Conflict("claims.invoice.in_use", number=seen or "")


def invoice_take(bill: Bill) -> None:
    """Take the invoice of a bill and tell the bill its issue.

    Most invoices are entered once, so the first issue is tried before anything is asked; it was
    taken before any later one. Waits for an act that is taking the same one; unique rows decide
    who was first.

    Raises:
        Conflict: `claims.invoice.in_use`.
    """
    bill.issue = 1
    if _written(bill, InvoiceUseKind.TAKEN):
        return
    bill.issue = invoice_next_issue(bill.invoice_code, bill.invoice_number)
    if not _written(bill, InvoiceUseKind.TAKEN):
        raise Conflict("claims.invoice.in_use", number="")


def invoice_free(bill: Bill) -> None:
    """Free the invoice of a bill after a reversal or a withdrawal; once is enough."""
    _written(bill, InvoiceUseKind.FREED)


def _written(bill: Bill, kind: InvoiceUseKind) -> bool:
    digest = invoice_digest(bill.invoice_code, bill.invoice_number)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO claims_invoiceuse (digest, issue, kind, bill_public_id, at)"
            " VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING id",
            [digest, bill.issue, kind.value, bill.public_id, calendar.now()],
        )
        return cursor.fetchone() is not None

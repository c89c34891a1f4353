"""Bills that wait for a fact: settle them when it is known, or withdraw them."""

from __future__ import annotations

from typing import Any

from claims.bill_input import AMOUNTS, BillInput
from claims.models import BenefitYearAccount, Bill, BillVersion, HoldKind
from claims.selectors.ledger import current_version
from claims.selectors.standing import standing_of
from claims.services.account_lock import lock_accounts, money_act
from claims.services.bills import bill_hold_write
from claims.services.invoices import invoice_free
from claims.services.preview import Preview, account_key, preview_of, refuse_changed
from claims.services.settlement import refuse_without_reason, settle_entered
from config.audit.services import idempotent, record, require
from config.errors import Refused
from config.offices.collisions import repeated

_SAME = (
    "care_type",
    "discharged_on",
    "admitted_on",
    "off_area",
    "disease",
    "third_party",
    "kind",
    "payee",
    "received_on",
    "other_aid_payer",
    *AMOUNTS,
)


def bill_settle_preview(bill: Bill) -> Preview:
    """Settle a held bill as it would be settled now; store nothing.

    Raises:
        Refused: `claims.bill.not_held`.
    """
    require("settlement.preview")
    entered = entered_as(_held_figures(bill))
    wanted = account_key(bill.person, entered)
    account = BenefitYearAccount.objects.filter(**wanted._asdict()).first()
    return preview_of(entered, bill.person, wanted.region, standing_of(account))


@repeated
def bill_settle(bill: Bill, *, key: str, preview_digest: str) -> dict[str, Any]:
    """Settle a held bill last in its account, or hold it again.

    Returns:
        As `settlement_confirm`.

    Raises:
        Refused: `claims.bill.not_held`.
        Conflict: as `settlement_confirm`.
    """
    require("settlement.confirm", bill)

    def act() -> dict[str, Any]:
        entered = entered_as(_held_figures(bill))
        wanted = account_key(bill.person, entered)
        account = lock_accounts(bill.person, [wanted])[wanted]
        figures = _held_figures(bill)
        ledger = standing_of(account)
        preview = preview_of(entered, bill.person, account.region, ledger, account.next_sequence)
        refuse_changed(preview, preview_digest)
        return settle_entered(account, ledger, preview, figures, key)

    body = {"bill": str(bill.public_id), "preview_digest": preview_digest}
    with money_act():
        return idempotent("bill.settle", key, body, act)


@repeated
def bill_withdraw(bill: Bill, *, key: str, reason: str) -> dict[str, Any]:
    """Withdraw a held bill: its invoice is free again.

    Raises:
        InvalidInput: `claims.reason.missing`.
        Refused: `claims.bill.not_held`.
    """
    require("settlement.reverse", bill)
    refuse_without_reason(reason)

    def act() -> dict[str, Any]:
        wanted = account_key(bill.person, entered_as(_held_figures(bill)))
        lock_accounts(bill.person, [wanted])
        figures = _held_figures(bill)
        bill_hold_write(figures, HoldKind.WITHDRAWN, (), key, reason)
        invoice_free(bill)
        record("bill.withdrawn", bill, reason, number=bill.number)
        return {"bill": str(bill.public_id), "number": bill.number, "outcome": "withdrawn"}

    body = {"bill": str(bill.public_id), "reason": reason}
    with money_act():
        return idempotent("bill.withdraw", key, body, act)


def entered_as(figures: BillVersion) -> BillInput:
    """Return stored figures as they were entered, without the lines of the worksheet."""
    bill = figures.bill
    return BillInput(
        facility_code=figures.facility.code,
        is_referred=figures.referred,
        origin=bill.origin,
        invoice_code=bill.invoice_code,
        invoice_number=bill.invoice_number,
        **{name: getattr(figures, name) for name in _SAME},
    )


def _held_figures(bill: Bill) -> BillVersion:
    last = bill.holds.order_by("-pk").first()
    if last is None or last.kind != HoldKind.HELD or current_version(bill.pk) is not None:
        raise Refused("claims.bill.not_held")
    figures = BillVersion.objects.select_related("bill__person__office", "facility")
    return figures.get(pk=last.bill_version_id)

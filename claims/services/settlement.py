"""Confirm, release and reverse a settlement.

Each act reads under the lock of the account, decides through the one kernel, then writes; all
in one transaction, in which the account is checked once more before it commits.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from claims.bill_input import BillInput, bill_check, is_plain
from claims.models import (
    Act,
    BenefitYearAccount,
    Bill,
    BillVersion,
    HoldKind,
    Origin,
    Outcome,
    ReleaseKind,
    Settlement,
    SettlementRelease,
)
from claims.selectors.ledger import LedgerState, current_version, ledger_of
from claims.selectors.rule_books import book_of
from claims.selectors.standing import Standing, standing_of
from claims.services.account_check import account_check
from claims.services.account_lock import AccountKey, lock_accounts, money_act, place_taken
from claims.services.bills import bill_hold_write, bill_version_write, bill_write
from claims.services.invoices import invoice_free
from claims.services.preview import Preview, account_key, preview_of, refuse_changed
from claims.services.replay import settle_places
from claims.services.resettlement import later_places, write_changed
from claims.services.versions import act_context, record_version, write_decided, write_zero
from config import calendar
from config.audit.services import idempotent, record, require
from config.errors import Conflict, InvalidInput, Refused
from config.identity.free_text import refuse_numbers
from config.offices.collisions import repeated
from config.operation.services import require_running
from enrollment.models import Person


@repeated
def settlement_confirm(
    entered: BillInput, person: Person, *, key: str, preview_digest: str
) -> dict[str, Any]:
    """Settle a bill last in its account, at the figures that were shown.

    A bill that lacks a fact is held: bill and reason are stored, it has no version and no
    place. The order of an account is the order of confirmation; an older bill that arrives
    late is settled last and changes no other.

    Args:
        entered: the bill, with facility and invoice.
        person: of an office in scope.
        key: random text made with the preview; the same key is answered with the same answer.
        preview_digest: digest of the preview that was shown.

    Returns:
        `bill`, `number`, `outcome`, `reasons`, and `settlement` with its public id, or None
        where the bill is held.

    Raises:
        Conflict: `claims.settlement.changed_since_preview` with the figures as they are now,
            `claims.invoice.in_use`, `claims.account.busy`, `audit.key.reused`.
        InvalidInputs: what was entered cannot be true.
    """
    require("settlement.confirm")
    bill_check(entered, is_stored=True)

    def act() -> dict[str, Any]:
        wanted = account_key(person, entered)
        account = lock_accounts(person, [wanted])[wanted]
        ledger = standing_of(account)
        preview = preview_of(entered, person, account.region, ledger, account.next_sequence)
        refuse_changed(preview, preview_digest)
        bill = bill_write(person, entered)
        figures = bill_version_write(bill, entered, preview.facility, key)
        record("bill.entered", bill, number=bill.number)
        return settle_entered(account, ledger, preview, figures, key)

    body = {
        "bill": entered.body(),
        "person": str(person.public_id),
        "preview_digest": preview_digest,
    }
    with money_act():
        return idempotent("settlement.confirm", key, body, act)


@repeated
def settlement_release(settlement: Settlement, *, key: str) -> dict[str, Any]:
    """Release a current version for payment; never by the person who confirmed it.

    Raises:
        Refused: `claims.release.same_person`, `claims.release.done`,
            `claims.release.not_current`; `operation.paused`, after a restore.
        Conflict: `claims.account.busy`.
    """
    acting = require("settlement.release", settlement)
    beneath = {}
    if settlement.office_id != acting.office_id:
        require("settlement.release_beneath", settlement)
        beneath = {"office": settlement.office.code}
    require_running("settlement.release")

    def act() -> dict[str, Any]:
        locked_ledger_of(settlement)
        current = current_version(settlement.bill_id)
        if current is None or current.pk != settlement.pk:
            raise Refused("claims.release.not_current")
        if SettlementRelease.objects.filter(settlement=current).exists():
            raise Refused("claims.release.done")
        if current.is_made_by(acting.user_id):
            raise Refused("claims.release.same_person")
        SettlementRelease.objects.create(
            office_id=current.office_id,
            settlement=current,
            kind=ReleaseKind.PERSON,
            maker_id=current.actor_id,
            actor_id=acting.user_id,
            request_key=key,
            at=calendar.now(),
        )
        record_version("settlement.released", current, kind=ReleaseKind.PERSON.value, **beneath)
        return {"settlement": str(current.public_id), "number": current.bill.number}

    body = {"settlement": str(settlement.public_id)}
    with money_act():
        return idempotent("settlement.release", key, body, act)


@repeated
def settlement_reverse(bill: Bill, *, key: str, reason: str) -> dict[str, Any]:
    """Put a zero version in a bill's place and settle what follows it again.

    Base, deductible, count of admissions and limits flow back to the later bills of the
    account; they keep their facts and their release. The invoice may be entered again.

    Returns:
        `bill`, `settlement`, `number`, and `resettled`: numbers of the bills that changed.

    Raises:
        InvalidInput: `claims.reason.missing`.
        Refused: `claims.settlement.not_live`, `claims.settlement.of_the_platform`,
            `claims.account.later_bill_held`.
        Conflict: `claims.account.busy`.
    """
    require("settlement.reverse", bill)
    refuse_without_reason(reason)

    def act() -> dict[str, Any]:
        account, ledger, current = locked_live(bill)
        opening = ledger.before(current.sequence)
        places = later_places(ledger, current.sequence)
        decided = settle_places(book_of(ledger.releases()), opening, places)
        context = act_context(Act.REVERSE, account, ledger.entries_through, key, reason=reason)
        zero = write_zero(context, current, opening)
        invoice_free(current.bill)
        record_version("settlement.reversed", zero, reason)
        changed = write_changed(account, ledger, decided, key, cause=zero)
        account_check(account)
        return {
            "bill": str(bill.public_id),
            "settlement": str(zero.public_id),
            "number": current.bill.number,
            "resettled": [version.bill.number for version in changed],
        }

    body = {"bill": str(bill.public_id), "reason": reason}
    with money_act():
        return idempotent("settlement.reverse", key, body, act)


def refuse_without_reason(reason: str) -> None:
    """Refuse an act on an earlier decision that states no reason."""
    if not reason.strip():
        raise InvalidInput("claims.reason.missing", field="reason")
    if not is_plain(reason):
        raise InvalidInput("claims.bill.text_unreadable", field="reason")
    refuse_numbers(reason=reason)
    if len(reason) > 200:
        raise InvalidInput("claims.bill.text_too_long", field="reason", limit=200)


def locked_ledger_of(settlement: Settlement) -> tuple[BenefitYearAccount, LedgerState]:
    """Lock the account of a version, then read its ledger."""
    account = settlement.account
    key = AccountKey(account.person_id, account.scheme, account.region, account.benefit_year)
    locked = lock_accounts(account.person, [key])[key]
    return locked, ledger_of(locked)


def locked_live(bill: Bill) -> tuple[BenefitYearAccount, LedgerState, Settlement]:
    """Lock the account of a bill and return its ledger and the bill's live version.

    Raises:
        Refused: the bill has no live version, or is a fact received from the platform.
        Conflict: `claims.account.busy`, the bill moved to another account meanwhile.
    """
    seen = current_version(bill.pk)
    if seen is None:
        raise Refused("claims.settlement.not_live")
    account, ledger = locked_ledger_of(seen)
    return account, ledger, live_version(bill, account)


def live_version(bill: Bill, account: BenefitYearAccount) -> Settlement:
    """Return the live version of a bill, read again under the lock of its account."""
    current = current_version(bill.pk)
    if current is None or current.outcome == Outcome.REVERSED:
        raise Refused("claims.settlement.not_live")
    if current.account_id != account.pk:
        raise Conflict("claims.account.busy")
    if current.origin != Origin.OFFICE:
        raise Refused("claims.settlement.of_the_platform")
    return current


def settle_entered(
    account: BenefitYearAccount,
    ledger: Standing,
    preview: Preview,
    figures: BillVersion,
    key: str,
) -> dict[str, Any]:
    """Write what was decided for an entered bill: a hold, or version 1 in its place."""
    decided, bill = preview.decided, figures.bill
    answer: dict[str, Any] = {
        "bill": str(bill.public_id),
        "number": bill.number,
        "outcome": decided.outcome,
        "reasons": [decided.reason] if decided.reason else [],
        "settlement": None,
    }
    if decided.outcome == "held":
        bill_hold_write(figures, HoldKind.HELD, [decided.reason], key)
        record("bill.held", bill, number=bill.number, reasons=[decided.reason])
        return answer
    context = act_context(
        Act.CONFIRM, account, ledger.entries_through, key, preview_digest=preview.digest
    )
    placed = replace(decided, place=replace(decided.place, bill_version=figures))
    version = write_decided(context, placed)
    place_taken(account)
    record_version(
        "settlement.confirmed",
        version,
        outcome=version.outcome,
        fund_fen=version.fund_fen,
        own_share_fen=version.own_share_fen,
    )
    account_check(account)
    return answer | {"settlement": str(version.public_id)}

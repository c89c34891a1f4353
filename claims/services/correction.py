"""Correct a bill (更正): reversal and new figures in its place, one act, the same number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from claims.bill_input import BillInput, bill_check
from claims.models import Act, BenefitYearAccount, Bill, Settlement
from claims.selectors.ledger import LedgerState, current_version, ledger_of
from claims.selectors.rule_books import book_of
from claims.services.account_check import account_check
from claims.services.account_lock import AccountKey, lock_accounts, money_act, place_taken
from claims.services.bills import bill_version_write
from claims.services.preview import (
    Preview,
    account_key,
    figures_digest,
    read_facts,
    refuse_aid_excess,
    refuse_changed,
)
from claims.services.replay import Place, settle_places
from claims.services.resettlement import later_places, write_changed
from claims.services.settlement import live_version, refuse_without_reason
from claims.services.versions import act_context, write_decided, write_zero
from config.audit.services import idempotent, record, require
from config.errors import InvalidInput, Refused
from config.offices.collisions import repeated


@dataclass(frozen=True)
class _Accounts:
    """The account a bill stands in, and the one its corrected figures belong to."""

    old: BenefitYearAccount
    new: BenefitYearAccount | None
    old_ledger: LedgerState
    new_ledger: LedgerState

    @property
    def is_same(self) -> bool:
        """The bill keeps its account, and with it its place."""
        return self.new is not None and self.old.pk == self.new.pk


def correction_preview(bill: Bill, entered: BillInput) -> Preview:
    """Settle corrected figures in the bill's place and everything behind it; store nothing.

    Raises:
        Refused: as `bill_correct`.
        InvalidInputs: what was entered cannot be true.
    """
    require("settlement.preview")
    bill_check(entered, is_stored=False)
    current = current_version(bill.pk)
    if current is None:
        raise Refused("claims.settlement.not_live")
    live_version(bill, current.account)
    wanted = account_key(bill.person, entered)
    new = BenefitYearAccount.objects.filter(**wanted._asdict()).first()
    accounts = _Accounts(current.account, new, ledger_of(current.account), ledger_of(new))
    return _decided(accounts, current, entered)


@repeated
def bill_correct(
    bill: Bill, entered: BillInput, *, key: str, preview_digest: str, reason: str
) -> dict[str, Any]:
    """Correct the figures or facts of a settled bill.

    The bill is reversed and settled on its new figures in its place in the order, under its
    number; what follows is settled again. Where the new discharge day belongs to another
    year, the bill leaves its place and is settled last in the account of that year. Invoice
    and person do not change: another invoice is another bill.

    Args:
        bill: with a live settlement of this office.
        entered: all figures and facts as they should be.
        key: random text made with the preview.
        preview_digest: digest of `correction_preview`.
        reason: why, for the sheet and the record.

    Returns:
        `bill`, `number`, `outcome`, `settlement`, and `resettled`: numbers of later bills that
        changed.

    Raises:
        InvalidInput: `claims.bill.invoice_fixed`, `claims.reason.missing`.
        Refused: `claims.correction.held`: the corrected bill would be held; reverse it and
            enter it again. Otherwise as `settlement_reverse`.
        Conflict: as `settlement_confirm`.
    """
    require("bill.correct", bill)
    refuse_without_reason(reason)
    bill_check(entered, is_stored=True)
    if (entered.invoice_code, entered.invoice_number) != (bill.invoice_code, bill.invoice_number):
        raise InvalidInput("claims.bill.invoice_fixed", field="invoice_number")

    def act() -> dict[str, Any]:
        accounts, current = _locked(bill, entered)
        preview = _decided(accounts, current, entered)
        refuse_changed(preview, preview_digest)
        return _write(accounts, current, entered, preview, key, reason)

    body = {
        "bill": str(bill.public_id),
        "entered": entered.body(),
        "preview_digest": preview_digest,
        "reason": reason,
    }
    with money_act():
        return idempotent("bill.correct", key, body, act)


def _locked(bill: Bill, entered: BillInput) -> tuple[_Accounts, Settlement]:
    seen = current_version(bill.pk)
    if seen is None:
        raise Refused("claims.settlement.not_live")
    stands = seen.account
    old = AccountKey(stands.person_id, stands.scheme, stands.region, stands.benefit_year)
    new = account_key(bill.person, entered)
    locked = lock_accounts(bill.person, [old, new])
    accounts = _Accounts(locked[old], locked[new], ledger_of(locked[old]), ledger_of(locked[new]))
    return accounts, live_version(bill, locked[old])


def _decided(accounts: _Accounts, current: Settlement, entered: BillInput) -> Preview:
    region = current.region
    facility, facts, release = read_facts(entered, current.bill.person, region)
    ledger = accounts.old_ledger
    book = book_of({*release, *ledger.releases(), *accounts.new_ledger.releases()}, release)
    later = later_places(ledger, current.sequence)
    opening = ledger.before(current.sequence)
    if accounts.is_same:
        place = Place(current.sequence, facts)
        corrected, *behind = settle_places(book, opening, [place, *later])
    else:
        sequence = accounts.new.next_sequence if accounts.new else 1
        place = Place(sequence, facts)
        corrected = settle_places(book, accounts.new_ledger.before(), [place])[0]
        behind = settle_places(book, opening, later)
    if corrected.outcome == "held":
        raise Refused("claims.correction.held", reason=corrected.reason)
    refuse_aid_excess(corrected)
    changed = tuple(each for each in behind if each.differs_from(each.place.before))
    return Preview(book, facility, corrected, changed, figures_digest(corrected, *changed))


def _write(
    accounts: _Accounts,
    current: Settlement,
    entered: BillInput,
    preview: Preview,
    key: str,
    reason: str,
) -> dict[str, Any]:
    bill, ledger = current.bill, accounts.old_ledger
    reversing = act_context(Act.REVERSE, accounts.old, ledger.entries_through, key, reason=reason)
    zero = write_zero(reversing, current, ledger.before(current.sequence))
    figures = bill_version_write(
        bill, entered, preview.facility, key, before=current.bill_version, reason=reason
    )
    correcting = act_context(
        Act.CORRECT,
        accounts.new,
        accounts.new_ledger.entries_through,
        key,
        reason=reason,
        preview_digest=preview.digest,
    )
    place = replace(preview.decided.place, bill_version=figures, before=zero)
    version = write_decided(correcting, replace(preview.decided, place=place))
    if not accounts.is_same:
        place_taken(accounts.new)
    record("bill.corrected", bill, reason, number=bill.number, version=figures.version)
    changed = write_changed(accounts.old, ledger, preview.later, key, cause=version)
    for account in {accounts.old.pk: accounts.old, accounts.new.pk: accounts.new}.values():
        account_check(account)
    return {
        "bill": str(bill.public_id),
        "number": bill.number,
        "outcome": version.outcome,
        "settlement": str(version.public_id),
        "resettled": [row.bill.number for row in changed],
    }

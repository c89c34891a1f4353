"""Post entries to an account, and settle it again from a place on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from claims.models import AccountEntry, BenefitYearAccount, EntryKind
from claims.selectors.ledger import LedgerState, ledger_of
from claims.selectors.rule_books import book_of
from claims.services.account_check import account_check
from claims.services.account_lock import AccountKey, lock_accounts, money_act
from claims.services.replay import settle_places
from claims.services.resettlement import place_of, write_changed
from claims.services.settlement import refuse_without_reason
from claims.settlement.columns import OUTPATIENT_BALANCE
from config import calendar
from config.audit.services import idempotent, record, require
from config.errors import InvalidInput, Refused
from config.identity.free_text import refuse_numbers
from config.money import LIMIT_FEN
from config.offices.collisions import repeated
from config.offices.models import User
from config.policy.selectors import active_tree
from enrollment.models import Person


@dataclass(frozen=True)
class EntryInput:
    """What is posted beside the bills.

    Attributes:
        kind: an opening needs a second person and stands before the first bill; a correction
            names the entry it corrects; a grant is neither.
        amounts: fen by accumulator id of the rules in force, signed.
        reason_code: stable code of the cause.
        document: number of the document that decided.
        corrects: entry that is corrected.
        approved_by: the second person.
    """

    kind: EntryKind
    amounts: Mapping[str, int]
    reason_code: str
    document: str = ""
    corrects: AccountEntry | None = None
    approved_by: User | None = None

    def body(self) -> dict[str, Any]:
        """Return the input as JSON values."""
        return {
            "kind": self.kind.value,
            "amounts": dict(self.amounts),
            "reason_code": self.reason_code,
            "document": self.document,
            "corrects": self.corrects.pk if self.corrects else None,
            "approved_by": self.approved_by.pk if self.approved_by else None,
        }


@repeated
def account_post(
    person: Person, benefit_year: int, entered: EntryInput, *, key: str
) -> dict[str, Any]:
    """Post signed amounts to accumulators of an account, beside its bills.

    The next bill sees them; bills settled before keep what they were settled at until the
    account is settled again.

    Args:
        person: of an office in scope.
        benefit_year: year of the account; 0 is the old outpatient balance.
        entered: kind, amounts and why.
        key: random text; the same key is answered with the same answer.

    Returns:
        `entry`: its number.

    Raises:
        InvalidInput: unknown accumulator, no amount, or an absurd one.
        Refused: `claims.entry.opening_after_bills`, `claims.entry.opening_needs_two`,
            `claims.entry.corrects_nothing`.
    """
    acting = require("account.post")
    refuse_numbers(reason_code=entered.reason_code, document=entered.document)
    _check_entry(person, entered, acting.user_id)

    def act() -> dict[str, Any]:
        account, ledger = _locked(person, benefit_year)
        if entered.kind == EntryKind.OPENING and ledger.versions:
            raise Refused("claims.entry.opening_after_bills")
        if entered.corrects is not None and entered.corrects.account_id != account.pk:
            raise Refused("claims.entry.corrects_nothing")
        entry = AccountEntry.objects.create(
            office_id=account.office_id,
            account=account,
            kind=entered.kind,
            amounts=dict(entered.amounts),
            reason_code=entered.reason_code,
            document=entered.document,
            corrects=entered.corrects,
            actor_id=acting.user_id,
            second_actor=entered.approved_by,
            request_key=key,
            at=calendar.now(),
        )
        record(
            "account.posted",
            entry,
            entered.reason_code,
            kind=entered.kind.value,
            amounts=dict(entered.amounts),
        )
        return {"entry": entry.pk}

    body = {"person": str(person.public_id), "year": benefit_year, **entered.body()}
    with money_act():
        return idempotent("account.post", key, body, act)


@repeated
def account_resettle(
    account: BenefitYearAccount, from_sequence: int, *, key: str, reason: str
) -> dict[str, Any]:
    """Settle the bills of an account again from a place on; write what changed.

    Bills keep the facts and the release of their current versions; only what stood before them
    changes: entries posted since, or an earlier bill. Bills of the platform are facts: they
    move the accumulators as received and get no version from us.

    Args:
        account: of an office in scope.
        from_sequence: first place that is settled again; 1 is the whole account.
        key: random text.
        reason: why.

    Returns:
        `resettled`: numbers of the bills that changed.

    Raises:
        Refused: `claims.account.later_bill_held`.
        Conflict: `claims.account.busy`.
    """
    require("account.resettle", account)
    refuse_without_reason(reason)

    def act() -> dict[str, Any]:
        locked, ledger = _locked(account.person, account.benefit_year, account)
        places = [place_of(row) for row in ledger.versions if row.sequence >= from_sequence]
        book = book_of(ledger.releases())
        decided = settle_places(book, ledger.before(from_sequence), places)
        changed = write_changed(locked, ledger, decided, key, reason=reason)
        numbers = [version.bill.number for version in changed]
        record(
            "account.resettled", locked, reason, from_sequence=from_sequence, changed=len(numbers)
        )
        account_check(locked)
        return {"resettled": numbers}

    body = {"account": account.pk, "from_sequence": from_sequence, "reason": reason}
    with money_act():
        return idempotent("account.resettle", key, body, act)


def _locked(
    person: Person, benefit_year: int, account: BenefitYearAccount | None = None
) -> tuple[BenefitYearAccount, LedgerState]:
    scheme = account.scheme if account else "resident"
    region = account.region if account else person.office.region
    key = AccountKey(person.pk, scheme, region, benefit_year)
    locked = lock_accounts(person, [key])[key]
    return locked, ledger_of(locked)


def _check_entry(person: Person, entered: EntryInput, actor_id: int | None) -> None:
    if entered.kind == EntryKind.OPENING and (
        entered.approved_by is None or entered.approved_by.pk == actor_id
    ):
        raise Refused("claims.entry.opening_needs_two")
    if entered.kind == EntryKind.CORRECTION and entered.corrects is None:
        raise Refused("claims.entry.corrects_nothing")
    tree = active_tree(person.office.region)
    known = {*tree.accumulator_ids, OUTPATIENT_BALANCE}
    if not entered.amounts:
        raise InvalidInput("claims.entry.empty", field="amounts")
    for name, amount in entered.amounts.items():
        if name not in known:
            raise InvalidInput("claims.entry.accumulator_unknown", field="amounts", name=name)
        if isinstance(amount, bool) or not isinstance(amount, int) or abs(amount) > LIMIT_FEN:
            raise InvalidInput("claims.entry.amount_absurd", field="amounts", name=name)

"""What a bill would be settled at now: read, then decide; nothing is stored."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import NamedTuple

from claims.bill_input import BillInput, bill_check
from claims.models import BenefitYearAccount, CareType, Facility
from claims.selectors.facts import AssumedPerson, facility_with_level, resolved_facts
from claims.selectors.rule_books import book_of
from claims.selectors.standing import NOTHING_STANDS, Standing, standing_of
from claims.services.account_lock import AccountKey
from claims.services.invoices import invoice_next_issue
from claims.services.replay import Decided, Place, settle_places
from claims.settlement.facts import BillFacts
from claims.settlement.rules import RuleBook
from config.audit.services import require
from config.errors import Conflict, InvalidInput
from config.policy.selectors import active_release, known_tree
from enrollment.models import Person

SCHEME = "resident"


@dataclass(frozen=True)
class Preview:
    """A bill settled as it would be settled now.

    Attributes:
        book: rules, for explaining the steps.
        facility: None in a preview that only states a level.
        decided: outcome, reason, every part and intermediate, accumulators before and after.
        later: later bills of the account that would change with it (a correction only).
        digest: what a confirmation must bring along.
    """

    book: RuleBook
    facility: Facility | None
    decided: Decided
    later: tuple[Decided, ...]
    digest: str

    @property
    def facts(self) -> BillFacts:
        """Facts the kernel was given."""
        return self.decided.place.facts

    @property
    def release_id(self) -> int:
        """The release it was settled under."""
        return int(self.facts.release)


def settlement_preview(
    entered: BillInput,
    person: Person | None = None,
    *,
    region: str = "",
    assumed: AssumedPerson | None = None,
) -> Preview:
    """Settle a bill as it would be settled last in its account now; store nothing.

    Args:
        entered: the bill; without a person, level and kind of care and amount are enough.
        person: of an office in scope; None asks what anyone would get who used nothing yet.
        region: region of the rules where there is no person.
        assumed: who to assume where there is no person.

    Raises:
        InvalidInputs: what was entered cannot be true.
        InvalidInput: unknown facility, disease or kind of aid beyond what is left to pay.
        NotKnown: no rules are in force, or a fact of the person is not usable.
        Conflict: `claims.invoice.in_use`.
    """
    require("settlement.preview")
    bill_check(entered, is_stored=False)
    if person is None:
        return preview_of(entered, assumed or AssumedPerson(), region, NOTHING_STANDS)
    if entered.invoice_code and entered.invoice_number:
        invoice_next_issue(entered.invoice_code, entered.invoice_number)
    key = account_key(person, entered)
    account = BenefitYearAccount.objects.filter(**key._asdict()).first()
    return preview_of(entered, person, key.region, standing_of(account))


def preview_of(
    entered: BillInput,
    person: Person | AssumedPerson,
    region: str,
    ledger: Standing,
    sequence: int = 0,
) -> Preview:
    """Settle a bill behind the last place of a ledger.

    Args:
        entered: checked.
        person: whose facts decide.
        region: region of the account.
        ledger: as read, under the lock where it is going to be stored.
        sequence: the place it would take.
    """
    read = read_facts(entered, person, region)
    book = book_of({*read.release, *ledger.releases()}, read.release)
    decided = settle_places(book, ledger.before(), [Place(sequence, read.facts)])[0]
    refuse_aid_excess(decided)
    return Preview(book, read.facility, decided, (), figures_digest(decided))


class FactsRead(NamedTuple):
    """What is recorded today of a bill, with the digest of the release in force by its id."""

    facility: Facility | None
    facts: BillFacts
    release: dict[int, str]


def read_facts(entered: BillInput, person: Person | AssumedPerson, region: str) -> FactsRead:
    """Return facility and facts of a bill as recorded today, under the release in force."""
    facility, level = None, entered.level
    if entered.facility_code:
        facility, level = facility_with_level(entered.facility_code, entered.discharged_on)
    release = active_release(region)
    tree = known_tree(release.pk, release.digest)
    facts = resolved_facts(release.pk, tree, entered, person, facility, level)
    return FactsRead(facility, facts, {release.pk: release.digest})


def account_key(person: Person, entered: BillInput) -> AccountKey:
    """Return the account a bill belongs to; the old outpatient balance has no year."""
    is_balance = entered.care_type == CareType.OUTPATIENT_BALANCE
    year = 0 if is_balance else entered.discharged_on.year
    return AccountKey(person.pk, SCHEME, person.office.region, year)


def refuse_aid_excess(decided: Decided) -> None:
    """Refuse aid of other payers beyond what is left for them: it would have to be guessed."""
    if decided.figures["aid_excess"]:
        raise InvalidInput(
            "claims.bill.aid_over_rest", field="other_aid", excess_fen=decided.figures["aid_excess"]
        )


def refuse_changed(preview: Preview, shown_digest: str) -> None:
    """Refuse to go on with other figures than were shown; bring the new ones along.

    Raises:
        Conflict: `claims.settlement.changed_since_preview` with `figures` and `digest`.
    """
    if preview.digest != shown_digest:
        raise Conflict(
            "claims.settlement.changed_since_preview",
            figures=preview.decided.figures,
            digest=preview.digest,
        )


def figures_digest(*decided: Decided) -> str:
    """Return the digest of everything a preview shows."""
    shown = [(each.place.facts.release, sorted(each.figures.items())) for each in decided]
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()

"""This year of a person at the desk: what is used so far, and by which bills."""

from __future__ import annotations

from dataclasses import dataclass

from claims.models import BenefitYearAccount
from claims.selectors.ledger import LedgerState, ledger_of
from claims.selectors.rule_books import Stored
from enrollment.models import Person


@dataclass(frozen=True)
class AccountYear:
    """One account as it stands now.

    Attributes:
        account: None while nothing was settled in the year.
        used: accumulators after the last bill and every entry, by id; zeros left out.
        ledger: live versions in order, and entries.
    """

    account: BenefitYearAccount | None
    used: Stored
    ledger: LedgerState

    @property
    def admissions(self) -> int:
        """Admissions that count so far."""
        return int(self.used.get("admissions", 0))


def account_year(person: Person, benefit_year: int, scheme: str = "resident") -> AccountYear:
    """Return the account of a person and year as it stands.

    What a limit leaves is the limit of the rules in force minus what is used under its id.

    Args:
        person: of an office in scope.
        benefit_year: 0 is the old outpatient balance.
        scheme: insurance scheme.
    """
    account = BenefitYearAccount.objects.filter(
        person=person, scheme=scheme, region=person.office.region, benefit_year=benefit_year
    ).first()
    ledger = ledger_of(account)
    return AccountYear(account, ledger.before(), ledger)

"""Check an account once more before an act commits: better to stop than to pay."""

from __future__ import annotations

from claims.models import BenefitYearAccount, Bill, Origin
from claims.models.settlement import FUND_PARTS, PAYER_PARTS, SCOPE_PARTS
from claims.selectors.standing import Standing, VersionRow, standing_of
from config.errors import DomainError


class AccountBroken(DomainError):
    """The rows of an account contradict each other; the act is rolled back."""

    def __init__(self, rule: str, version: VersionRow) -> None:
        """Name the rule and the bill."""
        number = Bill.objects.values_list("number", flat=True).get(pk=version.bill_id)
        super().__init__("claims.account.broken", rule=rule, number=number)


def account_check(account: BenefitYearAccount) -> None:
    """Read the account back and check every live version and the chain between them.

    Holds: the sums of each version, no part negative, no tier above what was left (I1, I2),
    and each opening equals the closing before it plus the entries between (I4); what the
    platform settled stands as received and is only counted. That no limit
    is passed (I3) the kernel checks on every row it settles.

    Raises:
        AccountBroken: with the rule and the bill.
    """
    ledger = standing_of(account)
    for version in ledger.versions:
        _check_version(version)
        if version.origin == Origin.OFFICE:
            _check_opening(ledger, version)
    places = [version.sequence for version in ledger.versions]
    if len(places) != len(set(places)) or (places and places[-1] >= account.next_sequence):
        raise AccountBroken("each place is held once", ledger.versions[-1])


def _check_version(version: VersionRow) -> None:
    amounts = version.amounts
    total_fen = amounts["total_fen"]
    scope_fen = amounts["in_scope_fen"] + amounts["self_pay_first_fen"]
    rules = {
        "no part is negative": min(amounts.values()) >= 0,
        "parts of the cost are the total": _sum(amounts, SCOPE_PARTS) == total_fen,
        "parts of the payment are the total": _sum(amounts, PAYER_PARTS) == total_fen,
        "basic stays within scope": amounts["basic_fen"] <= amounts["in_scope_fen"],
        "funds stay within scope": _sum(amounts, FUND_PARTS) <= scope_fen,
    }
    for rule, holds in rules.items():
        if not holds:
            raise AccountBroken(rule, version)


def _check_opening(ledger: Standing, version: VersionRow) -> None:
    counted = tuple(entry for entry in ledger.entries if entry.pk <= version.entries_through)
    expected = Standing(ledger.versions, counted).before(version.sequence)
    if expected != version.opening:
        raise AccountBroken("what stood before is what came before", version)


def _sum(amounts: dict[str, int], names: tuple[str, ...]) -> int:
    return sum(amounts[name] for name in names)

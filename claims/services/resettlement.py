"""Settle the later bills of an account again: the one way they change (settlement.md 7)."""

from __future__ import annotations

from collections.abc import Iterable

from claims.models import Act, BenefitYearAccount, Origin, Settlement
from claims.selectors.facts import stored_facts
from claims.selectors.ledger import LedgerState
from claims.services.replay import Decided, Place
from claims.services.versions import act_context, record_version, write_decided


def place_of(version: Settlement) -> Place:
    """Return the place of a stored version, with the facts and the release it keeps."""
    return Place(
        sequence=version.sequence,
        facts=stored_facts(version),
        bill_version=version.bill_version,
        before=version,
        is_fixed=version.origin != Origin.OFFICE,
    )


def later_places(ledger: LedgerState, sequence: int) -> list[Place]:
    """Return the places behind a place, in order."""
    return [place_of(version) for version in ledger.after(sequence)]


def write_changed(
    account: BenefitYearAccount,
    ledger: LedgerState,
    decided: Iterable[Decided],
    key: str,
    *,
    cause: Settlement | None = None,
    reason: str = "",
) -> list[Settlement]:
    """Write a new version of every later bill of which anything changed, and only of those.

    Args:
        account: the locked account.
        ledger: its ledger as read under the lock.
        decided: later places, settled again.
        key: request key of the act.
        cause: the version that made it necessary.
        reason: why, where no version did.
    """
    why = reason or (cause.bill.number if cause else "")
    context = act_context(Act.RESETTLE, account, ledger.entries_through, key, reason=why)
    written = []
    for each in decided:
        if each.differs_from(each.place.before):
            version = write_decided(context, each)
            record_version("settlement.resettled", version, why, **_findings(each, why))
            written.append(version)
    return written


def _findings(decided: Decided, cause: str) -> dict[str, object]:
    """Return what the event tells: aid that the tiers now leave no room for is to be returned."""
    excess = int(decided.figures["aid_excess"])
    return {"cause": cause} | ({"aid_excess_fen": excess} if excess else {})

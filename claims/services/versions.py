"""Write settlement versions, the differences they make, and the release below the line."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime

from claims.models import (
    Act,
    Adjustment,
    BenefitYearAccount,
    BillVersion,
    Outcome,
    Payer,
    ReleaseKind,
    Settlement,
    SettlementRelease,
)
from claims.selectors.ledger import books_of, released_fund_fen
from claims.selectors.rule_books import Stored
from claims.services.replay import Decided
from claims.settlement.columns import PARTS, TRACE
from config import calendar
from config.audit.services import record
from config.offices import scope
from config.offices.insertion import insert

UNDIGESTED = {"id", "row_digest"}


@dataclass(frozen=True)
class ActContext:
    """What every row of one act carries.

    Attributes:
        act: which act writes.
        account: the locked account.
        entries_through: last entry the accumulators count.
        release_line_fen: line of the office below which nobody else needs to release.
    """

    act: Act
    account: BenefitYearAccount
    entries_through: int
    request_key: str
    actor_id: int | None
    at: datetime
    month_on: date
    release_line_fen: int
    reason: str = ""
    preview_digest: str = ""


def act_context(
    act: Act,
    account: BenefitYearAccount,
    entries_through: int,
    request_key: str,
    *,
    reason: str = "",
    preview_digest: str = "",
) -> ActContext:
    """Return the context of an act that happens now, by the actor in scope."""
    books = books_of(account.office_id)
    return ActContext(
        act=act,
        account=account,
        entries_through=entries_through,
        request_key=request_key,
        actor_id=scope.current().user_id,
        at=calendar.now(),
        month_on=books.month_on,
        release_line_fen=books.release_line_fen,
        reason=reason,
        preview_digest=preview_digest,
    )


def write_decided(context: ActContext, decided: Decided) -> Settlement:
    """Write the version the kernel decided for a place, and what follows from it."""
    facts, figures = decided.place.facts, decided.place.bill_version
    version = _next_version(context, figures, decided.place.before, decided.place.sequence)
    version.outcome = decided.outcome
    version.reason_code = decided.reason
    version.release_id = int(facts.release)
    version.level = facts.level
    version.is_certified = facts.is_certified
    version.payee = figures.payee
    for name in ("age_group", "grade", "cover"):
        setattr(version, name, getattr(facts, name))
    for use in ("basic", "catastrophic", "assistance", "supplementary"):
        setattr(version, f"category_{use}", getattr(facts, f"category_{use}"))
    for name in PARTS:
        setattr(version, f"{name}_fen", decided.figures[name])
    version.trace_fen = [decided.figures[name] for name in TRACE]
    version.opening, version.closing = decided.opening, decided.closing
    return _written(context, version, decided.place.before)


def write_zero(context: ActContext, before: Settlement, opening: Stored) -> Settlement:
    """Write the zero version that a reversal puts in a bill's place."""
    version = _next_version(context, before.bill_version, before, before.sequence)
    version.outcome = Outcome.REVERSED
    version.release_id = before.release_id
    version.payee = before.payee
    version.level = before.level
    version.is_certified = before.is_certified
    for name in ("age_group", "grade", "cover"):
        setattr(version, name, getattr(before, name))
    for use in ("basic", "catastrophic", "assistance", "supplementary"):
        setattr(version, f"category_{use}", getattr(before, f"category_{use}"))
    version.trace_fen = [0] * len(TRACE)
    version.opening = version.closing = opening
    return _written(context, version, before)


def row_digest(version: Settlement) -> str:
    """Return the digest of everything a version says, to prove that it was not altered."""
    content = {
        field.attname: getattr(version, field.attname)
        for field in version._meta.concrete_fields
        if field.attname not in UNDIGESTED
    }
    content["at"] = version.at.timestamp()
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _next_version(
    context: ActContext, figures: BillVersion, before: Settlement | None, sequence: int
) -> Settlement:
    bill, account = figures.bill, context.account
    return Settlement(
        office_id=account.office_id,
        bill=bill,
        version=before.version + 1 if before else 1,
        supersedes=before,
        bill_version=figures,
        account=account,
        sequence=sequence,
        benefit_year=account.benefit_year,
        region=account.region,
        scheme=account.scheme,
        origin=bill.origin,
        act=context.act,
        reason=context.reason,
        entries_through=context.entries_through,
        accounting_month_on=context.month_on,
        actor_id=context.actor_id,
        request_key=context.request_key,
        preview_digest=context.preview_digest,
        at=context.at,
    )


def _written(context: ActContext, version: Settlement, before: Settlement | None) -> Settlement:
    version.row_digest = row_digest(version)
    insert(version)
    if before is not None:
        _write_adjustments(context, before, version)
    _release_below_line(context, version)
    return version


def _write_adjustments(context: ActContext, before: Settlement, version: Settlement) -> None:
    """Write one signed leg per payer that pays more or less than before."""
    differences = {
        payer: getattr(version, f"{payer}_fen") - getattr(before, f"{payer}_fen")
        for payer in Payer.values
    }
    Adjustment.objects.bulk_create(
        Adjustment(
            office_id=version.office_id,
            from_settlement=before,
            to_settlement=version,
            payer=payer,
            counterparty=version.payee,
            amount_fen=difference,
            cause=context.act,
            actor_id=context.actor_id,
            request_key=context.request_key,
            at=context.at,
        )
        for payer, difference in differences.items()
        if difference
    )


def _release_below_line(context: ActContext, version: Settlement) -> None:
    """Release a version at once where it sends out no more new money than the office's line.

    New money is what the funds pay beyond the last released version of the same bill, so that
    a reversal or a smaller sum never waits, and a larger one always does.
    """
    released_fen = released_fund_fen(version.bill_id) if version.version > 1 else 0
    if version.fund_fen - released_fen > context.release_line_fen:
        return
    insert(
        SettlementRelease(
            office_id=version.office_id,
            settlement=version,
            kind=ReleaseKind.LINE,
            maker_id=context.actor_id,
            actor_id=context.actor_id,
            request_key=context.request_key,
            at=context.at,
        )
    )


def record_version(verb: str, version: Settlement, reason: str = "", **payload: object) -> None:
    """Leave the audit event of a version."""
    record(verb, version, reason, number=version.bill.number, version=version.version, **payload)

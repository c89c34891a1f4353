"""Rows of the review list and of the day list, with the sums of a day by tier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from claims.models import BillHold, Settlement, SettlementRelease
from claims.statement.sheet import INSTANT, statement_number
from claims.statement.stored import FUNDS
from config.audit.models import AuditEvent
from config.money import format_yuan

DAY_PARTS = (*FUNDS, "own_share")


@dataclass(frozen=True)
class ReviewRow:
    """One settlement that waits."""

    version: Settlement
    number: str
    at: str
    total: str
    funds: str
    own_share: str
    state: str
    sent_back: AuditEvent | None
    is_own: bool


@dataclass(frozen=True)
class DayRow:
    """One version a clerk wrote: what it changed, so that the column adds up to the sum."""

    version: Settlement
    number: str
    at: str
    amounts: tuple[str, ...]


@dataclass(frozen=True)
class OtherAct:
    """An act of the day without money: held, withdrawn, released."""

    at: str
    act: str
    number: str
    person: str
    note: str


@dataclass(frozen=True)
class DayList:
    """What one clerk did on one day."""

    rows: tuple[DayRow, ...]
    sums: tuple[str, ...]
    funds: str
    counts: tuple[tuple[str, int], ...]
    others: tuple[OtherAct, ...]


def review_rows(
    versions: Iterable[Settlement], sent_back: Mapping[str, AuditEvent], user_id: int | None
) -> list[ReviewRow]:
    """Return the rows of the review list."""
    return [
        ReviewRow(
            version=version,
            number=statement_number(version),
            at=f"{localtime(version.at):{INSTANT}}",
            total=format_yuan(version.total_fen),
            funds=format_yuan(version.fund_fen),
            own_share=format_yuan(version.own_share_fen),
            state="sent_back" if str(version.public_id) in sent_back else "waiting",
            sent_back=sent_back.get(str(version.public_id)),
            is_own=version.is_made_by(user_id),
        )
        for version in versions
    ]


def day_list_of(
    versions: Iterable[Settlement],
    holds: Iterable[BillHold],
    releases: Iterable[SettlementRelease],
) -> DayList:
    """Return a day: each version at its difference to the one before, sums, and other acts.

    Args:
        versions: written by the clerk on the day, with `supersedes` at hand.
        holds: of bills, written by the clerk.
        releases: by the clerk as second person.
    """
    rows, sums, counts = [], dict.fromkeys(DAY_PARTS, 0), {}
    for version in versions:
        moved = {part: _moved(version, part) for part in DAY_PARTS}
        for part, fen in moved.items():
            sums[part] += fen
        act = str(version.get_act_display())
        counts[act] = counts.get(act, 0) + 1
        texts = tuple(format_yuan(fen) for fen in moved.values())
        rows.append(DayRow(version, statement_number(version), _time(version.at), texts))
    others = [*(_held(hold) for hold in holds), *(_released(each) for each in releases)]
    return DayList(
        rows=tuple(rows),
        sums=tuple(format_yuan(fen) for fen in sums.values()),
        funds=format_yuan(sum(sums[fund] for fund in FUNDS)),
        counts=tuple(counts.items()),
        others=tuple(sorted(others, key=lambda act: act.at)),
    )


def _moved(version: Settlement, part: str) -> int:
    before = version.supersedes
    was = getattr(before, f"{part}_fen") if before is not None else 0
    return int(getattr(version, f"{part}_fen") - was)


def _held(hold: BillHold) -> OtherAct:
    note = ", ".join(hold.reasons) or hold.reason
    name = hold.bill.person.name
    return OtherAct(_time(hold.at), str(hold.get_kind_display()), hold.bill.number, name, note)


def _released(released: SettlementRelease) -> OtherAct:
    version = released.settlement
    return OtherAct(
        _time(released.at),
        _("Released"),
        statement_number(version),
        version.bill.person.name,
        format_yuan(version.fund_fen),
    )


def _time(at: object) -> str:
    return f"{localtime(at):%H:%M:%S}"

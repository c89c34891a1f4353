"""The ledger of an account: current versions in order, entries, what came before a place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import QuerySet

from claims.models import (
    AccountEntry,
    BenefitYearAccount,
    Origin,
    Outcome,
    Settlement,
)
from claims.selectors.rule_books import Stored
from claims.settlement.columns import CATEGORY_FIRST, CATEGORY_LAST, OFFSET_MET, PERIOD_LAST
from config import calendar
from config.operation.selectors import standing_behind, with_standing


@dataclass(frozen=True)
class LedgerFold:
    """What an account adds up to, from its live current versions and its entries.

    Attributes:
        versions: paid and refused, by place.
        entries: in the order they were posted.
    """

    versions: tuple[Any, ...]
    entries: tuple[Any, ...]

    @property
    def entries_through(self) -> int:
        """Number of the last entry; 0 without any."""
        return self.entries[-1].pk if self.entries else 0

    def before(self, sequence: int | None = None) -> Stored:
        """Return the accumulators before a place, or after the last.

        They are the closing of the version before, and every entry it did not count yet. A
        version of the platform is stored as received, so what stands after it is what stands
        before it, moved by what it moved when it was received.
        """
        earlier = [row for row in self.versions if sequence is None or row.sequence < sequence]
        last = earlier[-1] if earlier else None
        if last is not None and last.origin == Origin.PLATFORM:
            return moved_as_received(self.before(last.sequence), last)
        # A bill that came out the same when the account was settled again kept its row, and with it
        # an older last entry: what the bills before it counted since is counted.
        counted = max((row.entries_through for row in earlier), default=0)
        state: Stored = dict(last.closing) if last else {}
        for entry in self.entries:
            if entry.pk > counted:
                for name, amount in entry.amounts.items():
                    # The opening balance of a person who moved carries words beside sums.
                    is_word = isinstance(amount, str)
                    state[name] = amount if is_word else int(state.get(name, 0)) + amount
        return {name: value for name, value in sorted(state.items()) if value}

    def releases(self) -> set[int]:
        """Return the releases the versions were settled under."""
        return {row.release_id for row in self.versions}


@dataclass(frozen=True)
class LedgerState(LedgerFold):
    """The ledger as rows of the models; versions with bill and figures at hand."""

    versions: tuple[Settlement, ...]
    entries: tuple[AccountEntry, ...]

    def after(self, sequence: int) -> tuple[Settlement, ...]:
        """Return the versions behind a place."""
        return tuple(row for row in self.versions if row.sequence > sequence)


def moved_as_received(state: Stored, version: Settlement) -> Stored:
    """Return accumulators after a version that is stored as received, from those before it.

    Sums move by what they moved when it was received; what was last seen is what it saw.
    """
    moved = dict(state)
    for name in {*version.opening, *version.closing}:
        before, after = version.opening.get(name, 0), version.closing.get(name, 0)
        if name == OFFSET_MET:
            moved[name] = max(int(moved.get(name, 0)), int(after))
        elif name == CATEGORY_FIRST:
            moved.setdefault(name, after)
        elif name in {CATEGORY_LAST, PERIOD_LAST}:
            moved[name] = after
        else:
            moved[name] = int(moved.get(name, 0)) + int(after) - int(before)
    return {name: value for name, value in sorted(moved.items()) if value}


def current_versions() -> QuerySet[Settlement]:
    """Return the versions that nothing supersedes, of the offices in scope."""
    return Settlement.objects.filter(superseded_by__isnull=True)


def ledger_of(account: BenefitYearAccount | None) -> LedgerState:
    """Return the ledger of an account; an account that does not exist yet is empty."""
    if account is None:
        return LedgerState((), ())
    live = (
        current_versions()
        .filter(account=account)
        .exclude(outcome=Outcome.REVERSED)
        .select_related("bill", "bill_version")
        .order_by("sequence")
    )
    entries = AccountEntry.objects.filter(account=account).order_by("pk")
    return LedgerState(tuple(live), tuple(entries))


def current_version(bill_id: int) -> Settlement | None:
    """Return the current version of a bill; None while it has no settlement."""
    found = current_versions().filter(bill_id=bill_id)
    return found.select_related("bill__person", "bill_version__facility", "account").first()


def released_fund_fen(bill_id: int) -> int:
    """Return what the last released version of a bill pays from the funds; 0 without one."""
    released = Settlement.objects.filter(bill_id=bill_id, release_row__isnull=False)
    last = released.order_by("-version").first()
    return last.fund_fen if last else 0


_BOOKS = """
SELECT GREATEST(%s, (SELECT max(month_on) FROM claims_accountingmonth)), release_line_fen
FROM offices_office WHERE id = %s
"""


class Books(NamedTuple):
    """What an office's acts are written under: the month they post into, the release line in fen."""

    month_on: date
    release_line_fen: int


def books_of(office_id: int) -> Books:
    """Return the first day of the accounting month everything posts into, and an office's line.

    The month is that of today, or a later one where the books of this month are closed. On a
    restored copy the line is 0: no new money passes without a second person, and that one waits.
    """
    this_month = calendar.today().replace(day=1)
    with connection.cursor() as cursor:
        cursor.execute(with_standing(_BOOKS), [this_month, office_id])
        month_on, release_line_fen = cursor.fetchone()
        is_paused = standing_behind(cursor).is_paused
    return Books(month_on, 0 if is_paused else release_line_fen)

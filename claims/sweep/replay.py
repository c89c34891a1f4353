"""I6: every account, replayed in its stored order from nothing through the one kernel.

Accounts come in ranges of their ids, as fixed-width columns of COPY in binary form. An account is
cut where something stands between two of its bills: entries that were posted there, and bills of
the platform, which move it as received. Round k settles the k-th piece of every account at once;
nearly all accounts have one.

What stood before each version is compared by I4; here figures, trace, outcome and what stands
after it are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from psycopg import sql

from claims.selectors.facts import AMOUNTS
from claims.selectors.rule_books import kernel_accumulators
from claims.settlement.accumulators import Accumulators
from claims.settlement.batch import settle_batch
from claims.settlement.columns import (
    CATEGORY_FIRST,
    CATEGORY_LAST,
    OFFSET_MET,
    OUTPUTS,
    PARTS,
    PERIOD_LAST,
    TRACE,
    Bools,
    ClaimColumns,
    Ints,
)
from claims.settlement.invariants import InvariantBroken
from claims.settlement.reasons import REASONS
from claims.sweep.fixed_width import fixed_columns
from claims.sweep.rows import LIVE
from claims.sweep.rule_keys import RuleKeys, with_amounts
from config.sweep.invariants import KEPT, Checked, Finding, Invariant
from config.sweep.reader import Reader

ACCOUNTS_PER_RANGE = 40_000
SENTENCE = "the replay gives the stored version"
# Of a range, so many accounts may break the kernel's own checks before the rest is given up.
BROKEN_AT_MOST = 50
_WORDS = (CATEGORY_FIRST, CATEGORY_LAST)
_OUTCOMES = ("paid", "held", "refused")
# Entries are put behind the places of their account by one number: account, then id.
_BITS = 40


@dataclass(frozen=True)
class Range:
    """The versions of a range of accounts, sorted by account and place.

    Attributes:
        account: (n,) ids; `account_row`: (n,) from 0.
        stored: (len(OUTPUTS), n) figures as stored; `width` (n,) of the trace as stored.
        closing, opening: (a, n) accumulators as stored; opening only where the platform settled.
        entries: rows of account, id, amounts, in their order.
    """

    ids: Ints
    account: Ints
    account_row: Ints
    outcome: Ints
    reason: Ints
    is_received: Bools
    through: Ints
    claims: ClaimColumns
    stored: Ints
    width: Ints
    closing: Ints
    opening: Ints
    entries: list[tuple[int, int, dict[str, int]]]


def check(reader: Reader) -> Checked:
    """Replay every account of every region."""
    found = Checked(0)
    regions = reader.rows(
        "SELECT region, min(id), max(id) FROM claims_benefityearaccount GROUP BY 1 ORDER BY 1"
    )
    for region, first, last in regions:
        replay = _Replay(reader, region)
        # The next range is read while this one is settled: one core each.
        with ThreadPoolExecutor(max_workers=1) as second:
            waiting: Future[Checked] | None = None
            for low in range(first, last + 1, ACCOUNTS_PER_RANGE):
                read = replay.read(low, low + ACCOUNTS_PER_RANGE)
                if waiting is not None:
                    found += waiting.result()
                waiting = second.submit(replay.settle, read) if read is not None else None
            if waiting is not None:
                found += waiting.result()
    return _named(reader, found)


def _named(reader: Reader, found: Checked) -> Checked:
    """Put the number of bill and version in the place of ids."""
    first = found.first[:KEPT]
    numbers = dict(
        reader.rows(
            "SELECT s.id::text, office.code || ' ' || bill.number || ' / ' || s.version"
            " FROM claims_settlement s JOIN claims_bill bill ON bill.id = s.bill_id"
            " JOIN offices_office office ON office.id = bill.office_id WHERE s.id = ANY(%(ids)s)",
            {"ids": [int(each.row) for each in first]},
        )
    )
    named = tuple(
        Finding(numbers.get(each.row, f"settlement {each.row}"), each.rule, each.facts)
        for each in first
    )
    return Checked(found.rows, found.findings, named)


class _Replay:
    """Reads and settles the accounts of one region."""

    def __init__(self, reader: Reader, region: str) -> None:
        self.reader, self.region = reader, region
        self.keys = RuleKeys(region)
        self.names = self.keys.book.accumulator_names
        self.query = self._query()

    def read(self, low: int, high: int) -> Range | None:
        """Read the versions of accounts low..high-1; None where there are none."""
        values = {"low": low, "high": high}
        query = sql.SQL(
            "{} AND s.account_id >= {} AND s.account_id < {} ORDER BY s.account_id, s.sequence"
        ).format(self.query, low, high)
        # A range is a hundredth of the tables: by index, never by reading them whole.
        with self.reader.planned(enable_hashjoin="off", enable_mergejoin="off"):
            copied = self.reader.copied(query)
        columns = fixed_columns(copied, self.width)
        if not columns.shape[1]:
            return None
        pieces = iter(np.split(columns, self.splits))
        facts, amounts, stored, closing, opening = pieces
        account, ids, key, outcome, reason, is_received, through, width = facts
        account_row = np.concatenate([[0], np.cumsum(np.diff(account) != 0)])
        entries = self.reader.rows(
            "SELECT account_id, id, amounts FROM claims_accountentry"
            " WHERE account_id >= %(low)s AND account_id < %(high)s ORDER BY account_id, id",
            values,
        )
        claims = with_amounts(self.keys.claims(key, ids), account_row, amounts)
        return Range(
            ids=ids,
            account=account,
            account_row=account_row,
            outcome=outcome,
            reason=reason,
            is_received=is_received != 0,
            through=through,
            claims=claims,
            stored=stored,
            width=width,
            closing=closing,
            opening=opening,
            # The opening balance of a person who moved holds words of categories beside sums.
            entries=[
                (row[0], row[1], kernel_accumulators(self.keys.book, json.loads(row[2])))
                for row in entries
            ],
        )

    def settle(self, read: Range) -> Checked:
        """Settle what was read, round by round, and compare."""
        piece, starts, posted = _pieces(read)
        accounts = int(read.account_row[-1]) + 1
        # Accumulators no rule names any more stay as they are, behind those that are named.
        foreign = sorted({name for _, _, each in read.entries for name in each} - set(self.names))
        state = Accumulators.empty((*self.names, *foreign), accounts)
        found = Checked(len(read.ids))
        for turn in range(int(piece.max()) + 1):
            chosen = np.flatnonzero(piece == turn)
            for row in chosen[starts[chosen]].tolist() if posted else ():
                for amounts in posted.get(row, ()):
                    state.add(int(read.account_row[row]), amounts)
            received = read.is_received[chosen]
            self._receive(read, chosen[received], state)
            found += self._settled(read, chosen[~received], state)
        return found

    def _settled(self, read: Range, chosen: Ints, state: Accumulators) -> Checked:
        """Settle one piece of many accounts; what cannot be settled is a finding of its own."""
        broken = Checked(0)
        for _attempt in range(BROKEN_AT_MOST):
            if not len(chosen):
                return broken
            accounts, local = np.unique(read.account_row[chosen], return_inverse=True)
            claims = read.claims.take(chosen)
            claims = with_amounts(claims, local, np.stack([getattr(claims, n) for n in AMOUNTS]))
            opening = Accumulators(state.names, state.matrix[:, accounts])
            try:
                results, closing = settle_batch(
                    claims, self.keys.book.table, opening, keep_opening=True
                )
            except InvariantBroken as error:
                at = np.isin(local, error.rows) if error.of == "accounts" else error.rows
                bad = chosen[at]
                first = tuple(
                    Finding(str(pk), SENTENCE, {"kernel": error.rule})
                    for pk in read.ids[bad].tolist()
                )
                broken += Checked(0, len(first), first)
                chosen = chosen[~np.isin(read.account_row[chosen], read.account_row[bad])]
                continue
            state.matrix[:, accounts] = closing.matrix
            after = np.empty_like(results.opening)
            after[:, :-1] = results.opening[:, 1:]
            last = np.flatnonzero(np.append(np.diff(local) != 0, True))
            after[:, last] = closing.values[:, local[last]]
            return broken + _differences(
                read, chosen, results, after[: len(self.names)], self.names
            )
        msg = "too many accounts break the kernel"
        raise RuntimeError(msg)

    def _receive(self, read: Range, chosen: Ints, state: Accumulators) -> None:
        """Move accounts by what the platform's version moved when it was received."""
        if not len(chosen):
            return
        accounts = read.account_row[chosen]
        before, after = read.opening[:, chosen], read.closing[:, chosen]
        for row, name in enumerate(self.names):
            stands = state.matrix[row, accounts]
            if name == OFFSET_MET:
                moved = np.maximum(stands, after[row])
            elif name == CATEGORY_FIRST:
                moved = np.where(stands > 0, stands, after[row])
            elif name in {CATEGORY_LAST, PERIOD_LAST}:
                seen = (before[row] != 0) | (after[row] != 0)
                moved = np.where(seen, after[row], stands)
            else:
                moved = stands + after[row] - before[row]
            state.matrix[row, accounts] = moved

    def _query(self) -> sql.Composed:
        """Return what is read of a range; every column is eight bytes."""
        reasons = sql.Literal([reason.code for reason in REASONS])
        facts = [
            sql.SQL("s.account_id"),
            sql.SQL("s.id"),
            self.keys.key,
            sql.SQL("CASE s.outcome WHEN 'paid' THEN 0 WHEN 'refused' THEN 2 ELSE 3 END"),
            sql.SQL("COALESCE(array_position({}::text[], s.reason_code::text) - 1, -1)").format(
                reasons
            ),
            sql.SQL("(s.origin <> 'office')::int"),
            sql.SQL("s.entries_through"),
            sql.SQL("cardinality(s.trace_fen)"),
        ]
        groups = [
            facts,
            [sql.SQL("figures.") + sql.Identifier(name) for name in AMOUNTS],
            [
                *(sql.SQL("s.") + sql.Identifier(f"{name}_fen") for name in PARTS),
                *(sql.SQL(f"COALESCE(s.trace_fen[{at + 1}], 0)") for at in range(len(TRACE))),
            ],
            [self._accumulator("s.closing", name) for name in self.names],
            [
                sql.SQL("CASE WHEN s.origin = 'office' THEN 0 ELSE {} END").format(
                    self._accumulator("s.opening", name)
                )
                for name in self.names
            ],
        ]
        columns = [column for group in groups for column in group]
        self.width = len(columns)
        self.splits = np.cumsum([len(group) for group in groups])[:-1]
        listed = sql.SQL(", ").join(sql.SQL("({})::bigint").format(each) for each in columns)
        statement = sql.SQL(
            "SELECT {listed} FROM claims_settlement s"
            " JOIN claims_billversion figures ON figures.id = s.bill_version_id"
            " WHERE s.region = {region} AND s.release_id = ANY({releases}) AND {live}"
        )
        return statement.format(
            listed=listed,
            region=sql.Literal(self.region),
            releases=sql.Literal(self.keys.releases),
            live=sql.SQL(LIVE),
        )

    def _accumulator(self, column: str, name: str) -> sql.Composed:
        """Return one accumulator of a stored version; words of categories as the book counts them."""
        if name in _WORDS:
            return sql.SQL("COALESCE(array_position({}::text[], {} ->> {}), 0)").format(
                sql.Literal(list(self.keys.book.categories)), sql.SQL(column), sql.Literal(name)
            )
        return sql.SQL("COALESCE(({} -> {})::bigint, 0)").format(sql.SQL(column), sql.Literal(name))


def _pieces(read: Range) -> tuple[Ints, Bools, dict[int, list[dict[str, int]]]]:
    """Cut accounts where entries or the platform stand between two bills.

    Returns:
        (n,) number of the piece a version is in, (n,) whether it begins one, and the entries by
        the version that first counts them.
    """
    base = read.account_row.astype(np.int64) << _BITS
    counted = np.maximum.accumulate(base + read.through)
    is_first = np.append(True, np.diff(read.account_row) != 0)
    before = np.where(is_first, base, np.append(0, counted[:-1]))
    before_received = np.append(False, read.is_received[:-1]) & ~is_first
    starts = is_first | read.is_received | before_received | (counted > before)
    piece = np.cumsum(starts)
    piece = piece - piece[np.flatnonzero(is_first)][read.account_row]
    posted: dict[int, list[dict[str, int]]] = {}
    row_of = {pk: row for row, pk in enumerate(read.account[is_first].tolist())}
    for account, entry, amounts in read.entries:
        row = row_of.get(account)
        if row is None:
            continue
        at = int(np.searchsorted(counted, (row << _BITS) + entry))
        if at < len(counted) and read.account_row[at] == row:
            posted.setdefault(at, []).append(amounts)
    return piece, starts, posted


def _differences(
    read: Range, chosen: Ints, results: Any, after: Ints, names: tuple[str, ...]
) -> Checked:
    """Compare results with what is stored; name what differs."""
    stored, closing = read.stored[:, chosen], read.closing[:, chosen]
    figures = results.figures != stored
    # A trace only ever grows at its end: what a version does not hold is not compared.
    beyond = np.arange(len(OUTPUTS))[:, None] - len(PARTS) >= read.width[chosen]
    figures &= ~beyond
    accumulators = after != closing
    decided = (results.outcome != read.outcome[chosen]) | (results.reason != read.reason[chosen])
    wrong = np.flatnonzero(figures.any(axis=0) | accumulators.any(axis=0) | decided)
    first = tuple(
        Finding(
            str(read.ids[chosen[at]]),
            SENTENCE,
            {"fields": ", ".join(_fields(figures[:, at], accumulators[:, at], decided[at], names))},
        )
        for at in wrong[:KEPT].tolist()
    )
    return Checked(0, len(wrong), first)


def _fields(
    figures: Bools, accumulators: Bools, decided: bool, names: tuple[str, ...]
) -> Iterator[str]:
    if decided:
        yield "outcome"
    for at in np.flatnonzero(figures).tolist():
        yield OUTPUTS[at] if at >= len(PARTS) else f"{OUTPUTS[at]}_fen"
    for at in np.flatnonzero(accumulators).tolist():
        yield f"closing {names[at]}"


I6 = Invariant("I6", "replaying each account from nothing gives its stored current versions", check)

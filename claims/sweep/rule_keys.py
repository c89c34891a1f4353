"""Versions by what their rules depend on: millions of versions, some thousand combinations.

A key is made in SQL from every fact of a version but its amounts, with the run of days its
deciding day falls into instead of the day itself. Of each key one version is read whole and goes
through `stored_facts` and the rule book, as it would at the desk; the others take its columns.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
from psycopg import sql

from claims.models import Settlement
from claims.selectors.facts import AMOUNTS, stored_facts
from claims.selectors.rule_books import book_of
from claims.settlement.columns import ClaimColumns, Ints
from config.policy.models import PolicyRelease

# The facts of a version and its figures that decide its rules and its outcome.
_FACTS = """s.release_id, s.level, s.is_certified, s.age_group, s.grade, s.category_basic,
    s.category_catastrophic, s.category_assistance, s.category_supplementary, s.cover,
    figures.care_type, figures.off_area, figures.referred, figures.disease,
    figures.third_party, figures.kind"""
# Sixty-four bits: two of a hundred thousand combinations share a key once in billions of sweeps,
# and then the replay reports bills that are well. It never hides one.
_KEY = f"hash_record_extended(ROW({_FACTS}, {{run}}, {{is_late}}), 0)"


class RuleKeys:
    """The rules of one region, asked by key.

    Attributes:
        releases: ids of every registered release of the region.
        book: their rules.
        key: the SQL expression over a version `s` and its `figures`.
    """

    def __init__(self, region: str) -> None:
        """Read the releases of a region."""
        found = PolicyRelease.objects.filter(region=region)
        self.releases = list(found.order_by("pk").values_list("pk", flat=True))
        self.book = book_of(self.releases)
        self.key = self._key()
        self._keys = np.zeros(0, dtype=np.int64)
        self._columns: ClaimColumns | None = None

    def claims(self, keys: Ints, ids: Ints) -> ClaimColumns:
        """Return the columns of versions, amounts and accounts left to fill in.

        Args:
            keys: (n,) key of each version.
            ids: (n,) id of each version.

        Returns:
            n claims; `account_row` and the amounts are those of whichever version was read.
        """
        self._learn(keys, ids)
        return self._columns.take(np.searchsorted(self._keys, keys))

    def rule_rows(self, keys: Ints, ids: Ints) -> Ints:
        """Return (n,) the row of each version in the rule table; 0 where no rule decides it."""
        return self.claims(keys, ids).rule_row

    def _learn(self, keys: Ints, ids: Ints) -> None:
        new, first = np.unique(keys, return_index=True)
        unknown = ~np.isin(new, self._keys, assume_unique=True)
        new, examples = new[unknown], ids[first[unknown]]
        if not len(new):
            return
        versions = Settlement.objects.select_related("bill_version").in_bulk(examples.tolist())
        facts = [stored_facts(versions[pk]) for pk in examples.tolist()]
        columns = self.book.claims(facts, np.zeros(len(facts), dtype=np.int64))
        known = np.concatenate([self._keys, new])
        order = np.argsort(known)
        self._keys = known[order]
        both = columns if self._columns is None else _joined(self._columns, columns)
        self._columns = both.take(order)

    def _key(self) -> sql.Composed:
        """Return the expression; run 0 lies before the known days."""
        runs, deadlines = [], []
        for release in self.releases:
            periods = self.book.periods(str(release))
            runs.append(_when(release, [start for start, _ in periods]))
            deadlines.append(_when(release, [deadline for _, deadline in periods]))
        run = sql.SQL("width_bucket(figures.discharged_on, CASE s.release_id {} END)").format(
            sql.SQL(" ").join(runs)
        )
        is_late = sql.SQL(
            "COALESCE(figures.kind = 'manual' AND figures.received_on"
            " > (CASE s.release_id {} END)[{}], false)"
        ).format(sql.SQL(" ").join(deadlines), run)
        return sql.SQL(_KEY).format(run=run, is_late=is_late)


def with_amounts(claims: ClaimColumns, account_row: Ints, amounts: Ints) -> ClaimColumns:
    """Return claims in their accounts with the amounts of their figures, (6, n) fen."""
    named = dict(zip(AMOUNTS, amounts, strict=True))
    return replace(claims, account_row=account_row, **named)


def _joined(one: ClaimColumns, other: ClaimColumns) -> ClaimColumns:
    names = ClaimColumns.__dataclass_fields__
    return ClaimColumns(
        **{name: np.concatenate([getattr(one, name), getattr(other, name)]) for name in names}
    )


def _when(release: int, days: list[date | None]) -> sql.Composed:
    written = ",".join("NULL" if day is None else day.isoformat() for day in days)
    return sql.SQL("WHEN {} THEN {}::date[]").format(release, sql.Literal("{" + written + "}"))

"""The rule book: policy trees asked once per combination, answered from columns ever after."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, timedelta
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np

from claims.settlement.columns import PAID, RESERVED_ACCUMULATORS, ClaimColumns
from claims.settlement.facts import BY_DISEASE, COVERS, THIRD_PARTIES, FactColumns, decide_outcomes
from claims.settlement.rows import Combination, RowWriter
from claims.settlement.rule_values import write_terms
from claims.settlement.table import OLD_ALL_YEAR, RuleTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from claims.settlement.columns import Bools, Ints
    from claims.settlement.facts import BillFacts
    from config.policy.tree import PolicyTree

# The running base of a tier accumulates under the id of its deductible.
RUNNING_BASES = {
    "catastrophic": "catastrophic.deductible",
    "assistance": "assistance.deductible",
    "supplementary": "supplementary.threshold",
}
TERMS_KEYS = ("catastrophic.deductible", "catastrophic.brackets", "catastrophic.band_basis")


class RuleBook:
    """Rules of one or several releases of a region as one `RuleTable`.

    Rows are written when a combination is first met and never change, so the book may be
    shared by all requests of a process.

    Args:
        trees: release key -> policy tree. Accumulator ids of all of them share one order.
    """

    def __init__(self, trees: Mapping[str, PolicyTree]) -> None:
        self.trees = dict(trees)
        ids = sorted({name for tree in trees.values() for name in tree.accumulator_ids})
        self.accumulator_names = RESERVED_ACCUMULATORS + tuple(ids)
        self._slot_of = {name: slot for slot, name in enumerate(self.accumulator_names)}
        ranked = sorted(
            {word for tree in trees.values() for word in tree.region.ranks["catastrophic"]}
        )
        self.categories = ("none", *ranked)
        self.table = RuleTable(self.accumulator_names, len(self.categories))
        self._periods = {key: _Periods(tree) for key, tree in self.trees.items()}
        self._terms_periods: dict[tuple[str, date], int] = {}
        self._rows: dict[tuple[str, Combination], int] = {}
        self._lock = Lock()
        # Row 0 stands for bills whose outcome needs no rule; it is never read for money.
        self.table.rules.append()

    @classmethod
    def of(cls, tree: PolicyTree) -> RuleBook:
        """The book of a single release, keyed by the empty string."""
        return cls({"": tree})

    def periods(self, release: str) -> list[tuple[date, date | None]]:
        """First days of the runs of days with the same answers, each with its paper deadline.

        The last entry begins where the known days end. Two bills that differ in nothing but
        their day and fall into one run have the same columns; whoever groups many bills by
        what their rules depend on needs to know the runs.
        """
        periods = self._periods[release]
        runs = [(start, periods.deadline_of(start)) for start in periods.starts]
        return [*runs, (periods.last + timedelta(days=1), None)]

    def combination(self, facts: BillFacts) -> Combination | None:
        """What selects the rules of a bill; None where its day is unknown or a fact is missing."""
        day = self._periods[facts.release].start(facts.discharged_on)
        if day is None or facts.level is None or facts.benefit_year == 0:
            return None
        if facts.level not in self.trees[facts.release].region.levels:
            return None
        return Combination(
            day,
            facts.care_type,
            facts.level,
            facts.grade,
            facts.off_area,
            facts.age_group,
            facts.disease,
            facts.category_basic,
            facts.category_catastrophic,
            facts.category_assistance,
            facts.category_supplementary,
        )

    def row(self, release: str, combination: Combination) -> int:
        """Row of a combination, written now if it was never met."""
        found = self._rows.get((release, combination))
        if found is None:
            with self._lock:
                found = self._rows.get((release, combination))
                if found is None:
                    found = self._write(release, combination)
        return found

    def claims(self, bills: Sequence[BillFacts], account_row: Ints) -> ClaimColumns:
        """Columns of n bills with rule rows and the outcome the facts decide.

        Args:
            bills: facts, sorted by account and ledger order.
            account_row: (n,) account of each bill.
        """
        columns = self._fact_columns(bills)
        outcome, reason = decide_outcomes(columns, self.table)
        return ClaimColumns(
            account_row=account_row,
            rule_row=np.where(outcome == PAID, columns.rule_row, 0),
            outcome=outcome,
            reason=reason,
            is_balance=columns.is_balance,
            is_admission=_bools(facts.care_type == "inpatient" for facts in bills),
            is_referred=_bools(facts.counts_as_referred for facts in bills),
            is_filed=_bools(facts.is_filed for facts in bills),
            is_in_province=_bools(facts.is_in_province for facts in bills),
            **{name: _ints(getattr(facts, name) for facts in bills) for name in _AMOUNTS},
        )

    def _fact_columns(self, bills: Sequence[BillFacts]) -> FactColumns:
        """The facts of n bills that decide their outcome; writes rule rows not met before."""
        combinations = [self.combination(facts) for facts in bills]
        periods = [self._periods[facts.release] for facts in bills]
        dated = list(zip(periods, bills, strict=True))
        return FactColumns(
            rule_row=_ints(
                0 if combination is None else self.row(facts.release, combination)
                for facts, combination in zip(bills, combinations, strict=True)
            ),
            is_known_day=_bools(period.answers(facts) for period, facts in dated),
            has_level=_bools(self._has_level(facts) for facts in bills),
            names_disease=_bools(facts.disease != "none" for facts in bills),
            needs_disease=_bools(facts.care_type in BY_DISEASE for facts in bills),
            is_certified=_bools(facts.is_certified for facts in bills),
            is_balance=_bools(facts.benefit_year == 0 for facts in bills),
            cover=_ints(COVERS.index(facts.cover) for facts in bills),
            third_party=_ints(THIRD_PARTIES.index(facts.third_party) for facts in bills),
            received_on=_ints(_received(facts) for facts in bills),
            deadline_on=_ints(period.deadline(facts.discharged_on) for period, facts in dated),
        )

    def _has_level(self, facts: BillFacts) -> bool:
        return facts.level is not None and facts.level in self.trees[facts.release].region.levels

    def _write(self, release: str, combination: Combination) -> int:
        row = self.table.rules.append()
        tree = self.trees[release]
        writer = RowWriter(tree, self.table, self._slot_of, row, combination)
        writer.write()
        self._write_term_columns(release, combination, row)
        self.table.rules["filed_row"][row] = row
        if combination.off_area.endswith("_unfiled"):
            filed = combination._replace(off_area=combination.off_area.removesuffix("_unfiled"))
            filed_row = self._rows.get((release, filed))
            self.table.rules["filed_row"][row] = (
                self._write(release, filed) if filed_row is None else filed_row
            )
        self._rows[(release, combination)] = row
        return row

    def _write_term_columns(self, release: str, combination: Combination, row: int) -> None:
        periods, rules = self._periods[release], self.table.rules
        rules["catastrophic_category"][row] = self.categories.index(
            combination.category_catastrophic
        )
        rules["catastrophic_period"][row] = periods.terms_start(combination.day).toordinal()
        for tier, key in RUNNING_BASES.items():
            rules[f"{tier}_slot"][row] = self._slot_of_key(release, key)
        day = combination.day
        if rules["catastrophic_rule_mode"][row] == OLD_ALL_YEAR:
            # A day whose 1 January is unknown is held before any money is computed.
            day = max(date(day.year, 1, 1), periods.first)
        rules["catastrophic_terms_period"][row] = self._terms_period(
            release, periods.terms_start(day)
        )

    def _slot_of_key(self, release: str, key: str) -> int:
        found = self.trees[release].pack.keys.get(key)
        return (
            -1
            if found is None or found.accumulator_id is None
            else self._slot_of[found.accumulator_id]
        )

    def _terms_period(self, release: str, start: date) -> int:
        """Index of a term period, with the terms of every category written."""
        found = self._terms_periods.get((release, start))
        if found is None:
            found = self._terms_periods[(release, start)] = len(self.table.terms_index)
            rows = [self.table.terms.append() for _ in self.categories]
            tree = self.trees[release]
            for row, category in zip(rows, self.categories, strict=True):
                known = (
                    category if category in (*tree.region.ranks["catastrophic"], "none") else "none"
                )
                write_terms(tree, self.table, row, start, known)
            self.table.terms_index = np.vstack(
                [self.table.terms_index, np.array([rows], dtype=np.int64)]
            )
        return found


_AMOUNTS = (
    "total_fen",
    "fully_self_paid_fen",
    "over_limit_price_fen",
    "self_pay_first_fen",
    "other_aid_fen",
    "hospital_part_fen",
)


def _bools(values: Iterable[bool]) -> Bools:
    return np.fromiter(values, dtype=np.bool_)


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, dtype=np.int64)


def _received(facts: BillFacts) -> int:
    return (
        facts.received_on.toordinal()
        if facts.kind == "manual" and facts.received_on is not None
        else 0
    )


class _Periods:
    """Runs of days with the same answers; none spans a year, so a row knows its benefit year."""

    def __init__(self, tree: PolicyTree) -> None:
        first, last = tree.region.known_from, tree.region.known_through
        self.first, self.last = first, last
        new_years = {date(year, 1, 1) for year in range(first.year + 1, last.year + 1)}
        self.starts = sorted({first, *tree.change_days()} | new_years)
        self.terms_starts = _value_changes(tree)
        self._deadlines = {start: _deadline(tree, start) for start in self.starts}
        self._asks_new_year = {
            start
            for start in self.starts
            if _word(tree, "catastrophic.on_rule_change", start) == "old_all_year"
        }

    def start(self, day: date) -> date | None:
        """First day of the run that holds `day`; None outside the known days."""
        if not self.first <= day <= self.last:
            return None
        return self.starts[bisect_right(self.starts, day) - 1]

    def answers(self, facts: BillFacts) -> bool:
        """Whether the pack knows the deciding day, and 1 January where `old_all_year` asks it."""
        start = self.start(facts.discharged_on)
        if start is None:
            return False
        asks_new_year = start in self._asks_new_year and facts.benefit_year != 0
        return not asks_new_year or date(start.year, 1, 1) >= self.first

    def deadline(self, day: date) -> int:
        """Ordinal of the last day on which a paper claim for `day` is taken; 0 for none."""
        start = self.start(day)
        return 0 if start is None else self._deadlines[start]

    def deadline_of(self, start: date) -> date | None:
        """Last day on which a paper claim of the run that begins on `start` is taken."""
        ordinal = self._deadlines[start]
        return date.fromordinal(ordinal) if ordinal else None

    def terms_start(self, day: date) -> date:
        """First day of the run over which no category's catastrophic terms change in value."""
        return self.terms_starts[bisect_right(self.terms_starts, day) - 1]


def _word(tree: PolicyTree, key: str, day: date) -> str:
    answer = tree.ask(key, day)
    return "" if answer is None else str(answer.value)


def _deadline(tree: PolicyTree, start: date) -> int:
    """MM-DD of the year after the benefit year (`paper_deadline`); a run of days lies in one year."""
    word = _word(tree, "coverage.paper_deadline", start)
    if word in ("", "none"):
        return 0
    month, day = word[:5].split("-")
    return date(start.year + 1, int(month), int(day)).toordinal()


def _value_changes(tree: PolicyTree) -> list[date]:
    """Days on which a catastrophic term changes in value, not merely in its citation."""
    starts: list[date] = []
    before: object = None
    for day in tree.change_days(*TERMS_KEYS):
        terms = tuple(
            (answer.status, answer.value, answer.is_unlimited) if answer is not None else None
            for category in ("none", *tree.region.ranks["catastrophic"])
            for answer in (
                tree.ask(key, day, **({} if key.endswith("band_basis") else {"category": category}))
                for key in TERMS_KEYS
            )
        )
        if terms != before:
            starts.append(day)
            before = terms
    return starts

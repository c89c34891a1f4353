"""Facts of bills as columns, and what the facts alone decide: paid, held or refused.

Codes are positions in the vocabularies of a `RuleBook`; -1 is "not stated". Days are
proleptic ordinals.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from claims.settlement.columns import HELD, PAID, REFUSED
from claims.settlement.reasons import REASON_ROW
from claims.settlement.table import NOT_OFFERED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claims.settlement.columns import Bools, Ints
    from claims.settlement.table import RuleTable

# Cover of the needed days, the worst day first: it decides for the stay.
COVERS = ("none", "duplicate", "waiting", "not_covered", "covered")
THIRD_PARTIES = ("none", "pending", "settled")
KINDS_OF_BILL = ("direct", "manual")
BALANCE_CARE = "outpatient_balance"
CARE_TYPES = (
    "inpatient",
    "general_outpatient",
    "chronic_special",
    "two_disease",
    "maternity",
    BALANCE_CARE,
)
BY_DISEASE = ("chronic_special", "two_disease")
AT_HOME = ("none", "in_province_residence", "out_province_residence")


@dataclass(frozen=True)
class BillFacts:
    """Everything about one bill and its person that a settlement may depend on.

    Attributes:
        release: key of the rule release in the book.
        level: facility level on the deciding day; None where it is not known.
        cover: the worst day of the days needed, a word of `COVERS`.
        is_certified: certified for the bill's disease on the deciding day.
        received_on: day a paper claim arrived; None for direct settlement.
        Amounts in fen; in-scope cost is the rest of the total.
    """

    care_type: str
    level: int | None
    off_area: str
    is_referred: bool
    disease: str
    admitted_on: date
    discharged_on: date
    age_group: str
    grade: str
    category_basic: str
    category_catastrophic: str
    category_assistance: str
    category_supplementary: str
    cover: str
    is_certified: bool
    third_party: str
    kind: str
    received_on: date | None
    total_fen: int
    fully_self_paid_fen: int = 0
    over_limit_price_fen: int = 0
    self_pay_first_fen: int = 0
    other_aid_fen: int = 0
    hospital_part_fen: int = 0
    release: str = ""

    @property
    def benefit_year(self) -> int:
        """Year of the account the bill belongs to; an old outpatient balance has none (0)."""
        return 0 if self.care_type == BALANCE_CARE else self.discharged_on.year

    @property
    def is_filed(self) -> bool:
        """Care outside the area was filed (备案), or was not outside."""
        return not self.off_area.endswith("_unfiled")

    @property
    def is_in_province(self) -> bool:
        """Care inside the province."""
        return not self.off_area.startswith("out_province")

    @property
    def counts_as_referred(self) -> bool:
        """Referred (转诊); care inside the area and filed residence count as such."""
        return self.is_referred or self.off_area in AT_HOME


@dataclass(frozen=True)
class FactColumns:
    """The facts of n bills that decide outcome and rule row.

    Attributes:
        rule_row: (n,) row of the combination, 0 where there is none.
        is_known_day: (n,) the pack answers for the deciding day (and for 1 January where it asks that).
        has_level, names_disease, needs_disease, is_certified, is_balance: (n,) bool.
        cover, third_party: (n,) codes of `COVERS` and `THIRD_PARTIES`.
        received_on: (n,) ordinal of the day a paper claim arrived, 0 for direct settlement.
        deadline_on: (n,) ordinal of the last day for paper claims, 0 where there is none.
    """

    rule_row: Ints
    is_known_day: Bools
    has_level: Bools
    names_disease: Bools
    needs_disease: Bools
    is_certified: Bools
    is_balance: Bools
    cover: Ints
    third_party: Ints
    received_on: Ints
    deadline_on: Ints


def decide_outcomes(facts: FactColumns, table: RuleTable) -> tuple[Ints, Ints]:
    """Outcome and reason that the facts alone decide; the first that applies (settlement.md 2).

    Args:
        facts: n bills.
        table: rules, for care that is not offered.

    Returns:
        (n,) outcome and (n,) reason codes. Held beats refused.
    """
    rows = facts.rule_row
    known = facts.is_known_day
    by_reason = (
        ("H03", facts.third_party == THIRD_PARTIES.index("pending")),
        ("H04", ~known),
        ("H01", facts.cover == COVERS.index("none")),
        ("H02", facts.cover == COVERS.index("duplicate")),
        ("H06", (facts.deadline_on > 0) & (facts.received_on > facts.deadline_on)),
        ("H07", ~facts.has_level | (facts.needs_disease & ~facts.names_disease)),
        ("R01", facts.cover == COVERS.index("waiting")),
        ("R02", facts.cover == COVERS.index("not_covered")),
        ("R03", known & ~facts.is_balance & (table.gather("basic_status", rows) == NOT_OFFERED)),
        ("R04", facts.needs_disease & ~facts.is_certified),
    )
    reason = np.zeros(len(rows), dtype=np.int64)
    for code, applies in reversed(by_reason):
        reason = np.where(applies, REASON_ROW[code], reason)
    outcome = np.where(reason == 0, PAID, np.where(reason >= REASON_ROW["R01"], REFUSED, HELD))
    return outcome, reason


def worst_cover(statuses: Sequence[str]) -> str:
    """The cover that decides a stay of which every day is asked: its worst day."""
    return COVERS[min((COVERS.index(status) for status in statuses), default=0)]

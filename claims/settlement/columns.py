"""Columns of the settlement kernel: what goes in, what comes out, and their order.

Shapes used throughout the package: n claims, p accounts, r rule rows, a accumulators,
b bands, k assistance kinds, l limits a benefit counts into. Money is int64 fen, rates are
int64 parts per million, and no column is ever a float.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

PAID, HELD, REFUSED = 0, 1, 2
OUTCOMES = ("paid", "held", "refused")

# Reserved accumulators: the state of an account-year that no pack names.
ADMISSIONS = "admissions"
CATASTROPHIC_PAID = "catastrophic_paid"
CATASTROPHIC_CUT = "catastrophic_cut"
CATEGORY_FIRST = "category_first"
CATEGORY_LAST = "category_last"
PERIOD_LAST = "period_last"
OFFSET_MET = "offset_met"
OUTPATIENT_BALANCE = "outpatient_balance"
RESERVED_ACCUMULATORS = (
    ADMISSIONS,
    CATASTROPHIC_PAID,
    CATASTROPHIC_CUT,
    CATEGORY_FIRST,
    CATEGORY_LAST,
    PERIOD_LAST,
    OFFSET_MET,
    OUTPATIENT_BALANCE,
)

# The parts of the payment (settlement.md 1): stored one column each, bound by constraints.
PARTS = (
    "total",
    "fully_self_paid",
    "over_limit_price",
    "self_pay_first",
    "in_scope",
    "basic",
    "catastrophic",
    "assistance",
    "supplementary",
    "other_aid",
    "hospital_part",
    "own_share",
    "own_within",
    "own_outside",
    "account_paid",
    "cash",
)
# The intermediate columns: they are the trace. The order is stored with every version,
# so it only ever grows at the end.
TRACE = (
    "admission",
    "deductible",
    "basic_uncapped",
    "item_excess",
    "above_cap",
    "unfiled_cut",
    "catastrophic_base",
    "catastrophic_running",
    "catastrophic_uncapped",
    "catastrophic_cap_cut",
    "catastrophic_ceiling_cut",
    "assistance_kind",
    "assistance_base",
    "assistance_running",
    "assistance_uncapped",
    "assistance_limit_cut",
    "supplementary_base",
    "supplementary_running",
    "supplementary_uncapped",
    "supplementary_limit_cut",
    "aid_excess",
    "offset_met",
    "catastrophic_category",
    "rate_ppm",
)
OUTPUTS = PARTS + TRACE
# Of the trace, what is a count, a code or a rate rather than an amount of money.
NOT_MONEY = frozenset(
    {"admission", "assistance_kind", "offset_met", "catastrophic_category", "rate_ppm"}
)


@dataclass(frozen=True)
class ClaimColumns:
    """n claims, sorted by account and, inside an account, in ledger order.

    Attributes:
        account_row: (n,) row of the account, rising.
        rule_row: (n,) row in the `RuleTable`; any row where the outcome is already decided.
        outcome, reason: (n,) what the facts alone decide (`outcome.decide_outcomes`).
        is_balance: (n,) run-down of an old outpatient balance: no tier pays.
        is_admission: (n,) inpatient care: counts as an admission.
        is_referred, is_filed, is_in_province: (n,) facts of the place of care.
        total_fen ... hospital_part_fen: (n,) the parts of the cost and the aid entered.
    """

    account_row: Ints
    rule_row: Ints
    outcome: Ints
    reason: Ints
    is_balance: Bools
    is_admission: Bools
    is_referred: Bools
    is_filed: Bools
    is_in_province: Bools
    total_fen: Ints
    fully_self_paid_fen: Ints
    over_limit_price_fen: Ints
    self_pay_first_fen: Ints
    other_aid_fen: Ints
    hospital_part_fen: Ints

    def __len__(self) -> int:
        return len(self.account_row)

    def part(self, low: int, high: int, account_row: Ints) -> ClaimColumns:
        """Views of claims low..high-1, with other account rows."""
        names = [field.name for field in fields(self)][1:]
        return ClaimColumns(account_row, *(getattr(self, name)[low:high] for name in names))

    def take(self, index: Ints) -> ClaimColumns:
        """The claims at `index`, in that order."""
        return ClaimColumns(*(getattr(self, field.name).take(index) for field in fields(self)))


@dataclass(frozen=True)
class SettlementColumns:
    """Results for n claims, in the order of the claims.

    Attributes:
        outcome, reason: (n,) codes of `OUTCOMES` and of `reasons.REASONS`.
        figures: (len(OUTPUTS), n) int64; one row per name of `OUTPUTS`.
        opening: (a, n) accumulators before each claim, or None where not asked for.
    """

    outcome: Ints
    reason: Ints
    figures: Ints
    opening: Ints | None

    def column(self, name: str) -> Ints:
        """One output column (n,) by its name."""
        found: Ints = self.figures[OUTPUT_ROW[name]]
        return found


OUTPUT_ROW = {name: row for row, name in enumerate(OUTPUTS)}

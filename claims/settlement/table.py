"""The rule table: every policy value a claim may need, as int64 columns.

One row holds what the pack answers for one combination of region release, period of days,
care type, level, grade, off-area state, age group, disease and the four ranked categories.
Columns are gathered by `rule_row`; no look-up by name happens per claim. `rules.py` fills it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from claims.settlement.columns import Ints

BANDS = 8
LIMITS = 4
KINDS = 4
ORDERS = 4
# Above any sum of money the product accepts (92 billion yuan): a band that is never reached.
NEVER_REACHED_FEN = 9_200_000_000_000

OFFERED, NOT_OFFERED, NOT_KNOWN = 0, 1, 2
STATUS = {"offered": OFFERED, "not_offered": NOT_OFFERED, "not_known": NOT_KNOWN}
MARGINAL, OFFSET, OLD_ALL_YEAR = 0, 1, 2
ON_CHANGE = {"marginal": MARGINAL, "offset": OFFSET, "old_all_year": OLD_ALL_YEAR}
IN_SCOPE, TOTAL, EITHER = 0, 1, 2
COST_BASIS = {"in_scope": IN_SCOPE, "total": TOTAL, "either": EITHER}

_LIMIT_COLUMNS = ("limit_slot", "limit_fen", "limit_open", "limit_unknown")
_BASE_SWITCHES = ("base_deductible", "base_above_cap", "base_item_excess", "base_unfiled_cut")


def _columns() -> dict[str, tuple[int, ...]]:
    """Name -> leading shape of every column; the last axis is always the row."""
    shapes: dict[str, tuple[int, ...]] = {
        "filed_row": (),
        "basic_status": (),
        "basic_unknown": (),
        "basic_is_fixed": (),
        "basic_fixed_fen": (),
        "basic_is_yearly": (),
        "basic_deductible_slot": (),
        "basic_deductible_fen": (ORDERS,),
        "basic_sum_cap_slot": (),
        "basic_sum_cap_fen": (),
        "basic_sum_cap_open": (),
        "basic_over": (BANDS,),
        "basic_step": (BANDS,),
        "basic_rate": (),
        "basic_floor": (),
        "basic_visit_fen": (),
        "basic_visit_open": (),
        "basic_limit_item": (LIMITS,),
        "catastrophic_counts": (),
        "catastrophic_base_self_pay_first": (),
        "catastrophic_rule_mode": (),
        "catastrophic_category_mode": (),
        "catastrophic_category": (),
        "catastrophic_period": (),
        "catastrophic_terms_period": (),
        "catastrophic_slot": (),
        "assistance_counts": (),
        "assistance_is_yearly": (),
        "assistance_slot": (),
        "assistance_kinds": (),
        "kind_possible": (KINDS,),
        "kind_cost_fen": (KINDS,),
        "kind_cost_basis": (KINDS,),
        "assistance_status": (KINDS,),
        "assistance_rate": (KINDS,),
        "assistance_deductible_fen": (KINDS,),
        "assistance_unknown": (KINDS,),
        "assistance_needs_referred": (KINDS,),
        "assistance_needs_filed": (KINDS,),
        "assistance_needs_province": (KINDS,),
        "supplementary_status": (),
        "supplementary_unknown": (),
        "supplementary_rate": (),
        "supplementary_threshold_fen": (),
        "supplementary_is_yearly": (),
        "supplementary_slot": (),
        "supplementary_needs_referred": (),
        "supplementary_needs_filed": (),
        "supplementary_needs_province": (),
    }
    for name in _LIMIT_COLUMNS:
        shapes[f"basic_{name}"] = (LIMITS,)
        shapes[f"catastrophic_{name}"] = (LIMITS,)
        shapes[f"assistance_{name}"] = (LIMITS, KINDS)
        shapes[f"supplementary_{name}"] = (LIMITS, KINDS)
    for tier in ("catastrophic", "assistance"):
        for name in _BASE_SWITCHES:
            shapes[f"{tier}_{name}"] = ()
    return shapes


RULE_COLUMNS = _columns()
TERMS_COLUMNS: dict[str, tuple[int, ...]] = {"status": (), "threshold": (BANDS,), "step": (BANDS,)}


class ColumnStore:
    """Rows of declared int64 columns that grow by doubling; each column stays contiguous by row."""

    def __init__(self, shapes: dict[str, tuple[int, ...]]) -> None:
        self._shapes = shapes
        self._arrays = {
            name: np.zeros((*shape, 16), dtype=np.int64) for name, shape in shapes.items()
        }
        self.rows = 0

    def __getitem__(self, name: str) -> Ints:
        return self._arrays[name]

    def append(self) -> int:
        """Make room for one more row of zeros and return its number."""
        row, self.rows = self.rows, self.rows + 1
        if self.rows > self._arrays[next(iter(self._shapes))].shape[-1]:
            # New arrays replace the old ones whole, so that a reader keeps what it gathered from.
            self._arrays = {
                name: np.concatenate([array, np.zeros_like(array)], axis=-1)
                for name, array in self._arrays.items()
            }
        return row


class RuleTable:
    """Rule rows, catastrophic terms by period and category, and how wide they really are.

    Attributes:
        rules: columns of `RULE_COLUMNS`.
        terms: columns of `TERMS_COLUMNS`: one row per (term period, category).
        terms_index: (periods, categories) int64 row in `terms`.
        bands, terms_bands, limits, kinds: widths in use, so that loops skip empty columns.
        accumulator_names: ids in the order of the accumulator matrix.
    """

    def __init__(self, accumulator_names: tuple[str, ...], categories: int) -> None:
        self.rules = ColumnStore(RULE_COLUMNS)
        self.terms = ColumnStore(TERMS_COLUMNS)
        self.terms_index = np.full((0, categories), -1, dtype=np.int64)
        self.accumulator_names = accumulator_names
        self.bands = 1
        self.terms_bands = 1
        self.limits = {"basic": 0, "catastrophic": 0, "assistance": 0, "supplementary": 0}
        self.kinds = 1

    def gather(self, name: str, rows: Ints) -> Ints:
        """(n,) one scalar column for the given rule rows."""
        values: Ints = self.rules[name].take(rows)
        return values

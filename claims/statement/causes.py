"""Why the own share is what it is: stored amounts by cause, in the order of the steps.

First what leaves the cost with the person: items outside the catalogue, the first share of
class B items, the deductible, the co-payment, limits, missing filing. Then what later payers
take over from that. The amounts are signed and sum to the own share, to the fen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from claims.settlement.facts import BALANCE_CARE

BLAMED_ON_FILING_FIRST = ("copayment", "deductible", "above_cap", "item_excess")
TAKEN_OVER = ("catastrophic", "assistance", "supplementary", "other_aid", "hospital_part")
# Steps of `claims.settlement.explain` that carry the clauses of a cause.
STEPS = {
    "deductible": ("deductible",),
    "copayment": ("rate",),
    "copayment_by_bands": ("bands",),
    "above_fixed_sum": ("fixed_sum",),
    "item_excess": ("basic_limits",),
    "above_cap": ("basic_limits",),
    "unfiled": ("unfiled_cut",),
    "catastrophic": ("catastrophic_base", "catastrophic_scale", "catastrophic_limits"),
    "assistance": ("assistance_base", "assistance_rate", "assistance_limits"),
    "supplementary": ("supplementary_base", "supplementary_rate", "supplementary_limits"),
}


@dataclass(frozen=True)
class Cause:
    """One reason for a part of the own share.

    Attributes:
        code: stable name.
        amount_fen: added to the own share, or taken off it where negative.
        whole_fen: the stored amount it is a part of, where some of that is told elsewhere.
    """

    code: str
    amount_fen: int
    whole_fen: int | None = None

    @property
    def is_taken_over(self) -> bool:
        """Whether somebody pays it instead of the person."""
        return self.code in TAKEN_OVER


def causes_of(figures: Mapping[str, int | str], care_type: str) -> tuple[Cause, ...]:
    """Return the causes of the own share of a paid or refused bill; those of 0 are left out.

    Args:
        figures: stored parts and intermediates in fen, with `outcome`.
        care_type: kind of care; an old outpatient balance asks no fund.

    Raises:
        ValueError: the causes do not sum to the own share; a page must not say otherwise.
    """
    outside = ("fully_self_paid", "over_limit_price", "self_pay_first")
    found = [Cause(name, _fen(figures, name)) for name in outside]
    if figures["outcome"] != "paid":
        found.append(Cause("refused", _fen(figures, "in_scope")))
    elif care_type == BALANCE_CARE:
        found.append(Cause("no_fund", _fen(figures, "in_scope")))
    else:
        found += _basic_causes(figures)
    found += [Cause(name, -_fen(figures, name)) for name in TAKEN_OVER]
    total = sum(cause.amount_fen for cause in found)
    if total != _fen(figures, "own_share"):
        raise ValueError(f"causes sum to {total}, the own share is {figures['own_share']}")
    return tuple(cause for cause in found if cause.amount_fen)


def amounts_of(causes: Iterable[Cause]) -> dict[str, int]:
    """Return the amounts by code."""
    return {cause.code: cause.amount_fen for cause in causes}


def _basic_causes(figures: Mapping[str, int | str]) -> list[Cause]:
    """Split what the basic tier left of the in-scope cost; the cut for filing is told apart."""
    deductible = _fen(figures, "deductible")
    left = {
        "deductible": deductible,
        "copayment": _fen(figures, "in_scope") - deductible - _fen(figures, "basic_uncapped"),
        "item_excess": _fen(figures, "item_excess"),
        "above_cap": _fen(figures, "above_cap"),
    }
    wholes = dict(left)
    unfiled = _fen(figures, "unfiled_cut")
    blamed = unfiled
    for name in BLAMED_ON_FILING_FIRST:
        part = min(left[name], blamed)
        left[name] -= part
        blamed -= part
    causes = [
        Cause(name, amount, wholes[name] if wholes[name] != amount else None)
        for name, amount in left.items()
    ]
    return [*causes, Cause("unfiled", unfiled - blamed)]


def _fen(figures: Mapping[str, int | str], name: str) -> int:
    return int(figures.get(name, 0))

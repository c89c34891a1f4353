"""Answers of a policy tree as numbers: whole quantities, adjusted rates, scales."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claims.settlement.table import BANDS, NEVER_REACHED_FEN, STATUS
from config.money import PPM
from config.policy.tree import Step

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from claims.settlement.columns import Ints
    from claims.settlement.table import RuleTable
    from config.policy.tree import Answer, PolicyTree


class TooWide(ValueError):
    """A pack uses more bands, limits, kinds or orders than the table has columns for."""


def adjusted_rate(rate_ppm: int, points_ppm: int, factor_ppm: int) -> int:
    """(rate + bonuses - points off) x factor, clamped to 0..100 %, half-up to ppm (settlement.md 4)."""
    return min(max(half_up(max(rate_ppm + points_ppm, 0) * factor_ppm, PPM), 0), PPM)


def half_up(numerator: int, denominator: int) -> int:
    """Exact quotient of non-negative whole numbers, rounded half up."""
    return (2 * numerator + denominator) // (2 * denominator)


def whole_number(answer: Answer) -> int:
    """An amount in fen or a rate in ppm."""
    if not isinstance(answer.value, int):
        raise TypeError(f"a quantity was expected, the pack says {answer.value!r}")
    return answer.value


def bands_of(answer: Answer) -> list[Step]:
    """The steps of a scale; a single rate is one band from zero."""
    if isinstance(answer.value, int):
        return [Step(0, answer.value)]
    if not isinstance(answer.value, tuple):
        raise TypeError(f"a rate or steps were expected, the pack says {answer.value!r}")
    steps = [step for step in answer.value if isinstance(step, Step)]
    if len(steps) > BANDS:
        raise TooWide(f"{len(steps)} bands; {BANDS} are provided for")
    return steps


def write_scale(thresholds: Ints, rate_steps: Ints, row: int, bands: Sequence[Step]) -> None:
    """Write bands into one row of a scale: where each begins and by how much the rate changes there.

    Args:
        thresholds: (b, r) fen.
        rate_steps: (b, r) ppm, see `scales.scale_value`.
        row: the row to fill; bands that are not used are never reached.
        bands: by rising threshold.
    """
    thresholds[:, row] = NEVER_REACHED_FEN
    before_ppm = 0
    for number, band in enumerate(bands):
        thresholds[number, row] = band.over_fen
        rate_steps[number, row] = band.pay_ppm - before_ppm
        before_ppm = band.pay_ppm


def read_scale(thresholds: Ints, rate_steps: Ints, row: int) -> list[Step]:
    """Bands of one row of a scale; the opposite of `write_scale`, shapes as there."""
    bands, rate_ppm = [], 0
    for over_fen, step_ppm in zip(thresholds[:, row], rate_steps[:, row], strict=True):
        if over_fen == NEVER_REACHED_FEN:
            break
        rate_ppm += int(step_ppm)
        bands.append(Step(int(over_fen), rate_ppm))
    return bands


def write_terms(tree: PolicyTree, table: RuleTable, row: int, day: date, category: str) -> None:
    """Catastrophic terms of one category on one day: thresholds and steps of F (settlement.md 5).

    Above the deductible, band k begins at deductible + over; by absolute position it begins
    at `over`, cut at the deductible, and the lowest band reaches down to the deductible.
    """
    deductible = tree.ask("catastrophic.deductible", day, category=category)
    brackets = tree.ask("catastrophic.brackets", day, category=category)
    basis = tree.ask("catastrophic.band_basis", day)
    if deductible is None or brackets is None or basis is None:
        raise ValueError(f"the pack states no catastrophic terms for {category} on {day}")
    statuses = {deductible.status, brackets.status}
    status = next(word for word in ("not_offered", "not_known", "offered") if word in statuses)
    table.terms["status"][row] = STATUS[status]
    if status != "offered":
        return
    floor = whole_number(deductible)
    bands = bands_of(brackets)
    if basis.value == "absolute":
        bands = [
            Step(max(step.over_fen if number else 0, floor), step.pay_ppm)
            for number, step in enumerate(bands)
        ]
    else:
        bands = [Step(step.over_fen + floor, step.pay_ppm) for step in bands]
    table.terms_bands = max(table.terms_bands, len(bands))
    write_scale(table.terms["threshold"], table.terms["step"], row, bands)

"""Exact shares of money, and the one rounding."""

from fractions import Fraction

ZERO = Fraction(0)
WHOLE = 1_000_000


def half_up(amount: Fraction) -> int:
    """Round to a whole fen, half up."""
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


def share(ppm: int) -> Fraction:
    """Turn parts per million into a fraction."""
    return Fraction(ppm, WHOLE)


def banded(bands: list[tuple[int, int]], amount: int, start: int = 0) -> Fraction:
    """Add up what each band pays on its own part of the amount, exactly.

    `bands` are (lower end, ppm); a part below `start` is never paid, and the lowest
    band reaches down to `start`.
    """
    paid = ZERO
    for number, (over, ppm) in enumerate(bands):
        lower = start if number == 0 else max(over, start)
        upper = amount
        if number + 1 < len(bands):
            upper = min(amount, bands[number + 1][0])
        if upper > lower:
            paid += (upper - lower) * share(ppm)
    return paid


def bands_of(value) -> list[tuple[int, int]]:
    """Read a rate as one band from zero, steps as they stand."""
    if isinstance(value, int):
        return [(0, value)]
    return [(step.over_fen, step.pay_ppm) for step in value]

"""Exact progressive scales: bands of a stay, brackets of the running base."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from claims.settlement.columns import Ints


def scale_value(thresholds: Ints, rate_steps: Ints, rows: Ints, amount_fen: Ints) -> Ints:
    """Value of each claim's scale at an amount, exact, in fen x ppm.

    A scale is stored as thresholds and the *change* of the rate at each of them, so that
    its value is the sum of change x (amount above the threshold): no top rate is ever
    applied to the whole amount (settlement.md 5).

    Args:
        thresholds: (b, r) fen.
        rate_steps: (b, r) ppm, may be negative where the rate falls.
        rows: (n,) row of the scale for each claim.
        amount_fen: (n,) amount, >= 0.

    Returns:
        (n,) int64, fen x ppm, not rounded.
    """
    value: Ints = np.maximum(amount_fen - thresholds[0].take(rows), 0) * rate_steps[0].take(rows)
    for band in range(1, len(thresholds)):
        above = np.maximum(amount_fen - thresholds[band].take(rows), 0)
        value += above * rate_steps[band].take(rows)
    return value

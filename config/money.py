"""Money as whole fen (分): the one place that parses, multiplies by a rate, splits, prints.

Money is an int (one amount) or an int64 array (a column) of fen; a rate is an int of
parts per million. There is no float: `round_ppm` is the one rounding of the product,
half up, on non-negative amounts.

Headroom: an amount up to `LIMIT_FEN` times a rate up to 100 % plus the half stays inside
int64, so columns never overflow as long as amounts pass `parse_yuan`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from config.errors import InvalidInput

PPM = 1_000_000
"""Parts per million in 100 %."""

LIMIT_FEN = 9_200_000_000_000
"""The largest amount that is accepted: 92 billion yuan."""

_HALF = PPM // 2
# Digits, point, comma and sign as Chinese input methods type them.
_FULL_WIDTH = {0xFEE0 + ord(char): char for char in "0123456789.,+-"} | {0x3002: ".", 0x2212: "-"}
_PLAIN = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?")

Fen = TypeVar("Fen", int, npt.NDArray[np.int64])


def parse_yuan(text: object, *, allow_sign: bool = False, limit_fen: int = LIMIT_FEN) -> int:
    """Read an amount in yuan, as typed, into fen.

    Full-width digits and points count as the plain ones; commas must group thousands.

    Args:
        text: `1234.5`, `1,234.50` or `1234`; text only, a number is refused.
        allow_sign: whether a leading `+` or `-` may stand.
        limit_fen: the largest absolute amount accepted.

    Returns:
        The amount in fen.

    Raises:
        InvalidInput: empty, not a number, three decimals, a sign, or too large.
    """
    if not isinstance(text, str):
        raise InvalidInput("money.not_text", text=repr(text))
    plain = text.strip().translate(_FULL_WIDTH)
    if not plain:
        raise InvalidInput("money.empty")
    if plain[0] in "+-" and not allow_sign:
        raise InvalidInput("money.sign", text=text)
    if not _PLAIN.fullmatch(plain) and not _GROUPED.fullmatch(plain):
        code = (
            "money.grouping"
            if re.fullmatch(r"[+-]?[0-9.,]*[0-9][0-9.,]*", plain) and "," in plain
            else "money.not_a_number"
        )
        raise InvalidInput(code, text=text)
    is_negative = plain.startswith("-")
    whole, point, decimals = plain.lstrip("+-").replace(",", "").partition(".")
    if point and not decimals:
        raise InvalidInput("money.not_a_number", text=text)
    if len(decimals) > 2:
        raise InvalidInput("money.too_many_decimals", text=text)
    # A long run of digits is refused before it is turned into a number.
    if len(whole.lstrip("0")) > 15:
        raise InvalidInput("money.too_large", text=text, limit_fen=limit_fen)
    fen = int(whole) * 100 + int(decimals.ljust(2, "0"))
    if fen > limit_fen:
        raise InvalidInput("money.too_large", text=text, limit_fen=limit_fen)
    return -fen if is_negative else fen


def format_yuan(fen: int) -> str:
    """Print fen as yuan with two decimals and grouped thousands: `1,234.56`."""
    whole, rest = divmod(abs(int(fen)), 100)
    sign = "-" if fen < 0 else ""
    return f"{sign}{whole:,}.{rest:02d}"


def plain_yuan(fen: int) -> str:
    """Print fen as yuan with two decimals and no grouping, for files: `1234.56`."""
    whole, rest = divmod(abs(int(fen)), 100)
    sign = "-" if fen < 0 else ""
    return f"{sign}{whole}.{rest:02d}"


def format_ppm(ppm: int) -> str:
    """Print a rate in percent with as many decimals as it needs: `65%`, `62.5%`."""
    whole, rest = divmod(abs(int(ppm)), 10_000)
    decimals = f"{rest:04d}".rstrip("0")
    sign = "-" if ppm < 0 else ""
    return f"{sign}{whole}{'.' if decimals else ''}{decimals}%"


def round_ppm(product: Fen) -> Fen:
    """Round a sum of fen times ppm to whole fen, half up.

    Args:
        product: non-negative; an int, or (n,) int64 below 9.2e18.
    """
    return (product + _HALF) // PPM


def apply_rate(base_fen: Fen, rate_ppm: Fen | int) -> Fen:
    """Apply a rate to a non-negative amount, rounded half up once.

    Args:
        base_fen: non-negative fen; an int or (n,) int64.
        rate_ppm: parts per million, 0 up to 100 % for amounts near the limit; an int,
            or (n,) int64 beside an array of amounts.

    Returns:
        `(base x rate + 500,000) // 1,000,000`, of the kind of `base_fen`.
    """
    return round_ppm(base_fen * rate_ppm)


def split_fen(amount_fen: int, shares: Sequence[int]) -> list[int]:
    """Split an amount over shares so that the parts sum to it exactly.

    Each part is the exact quotient rounded down; the fen that remain go one each to the
    largest fractions, the earlier share first where fractions are equal.

    Args:
        amount_fen: any sign; a negative amount splits as its opposite.
        shares: non-negative weights, not all zero.

    Raises:
        ValueError: no share, a negative share, or all shares zero.
    """
    total = sum(shares)
    if total <= 0 or min(shares) < 0:
        raise ValueError("shares must be non-negative and not all zero")
    sign = -1 if amount_fen < 0 else 1
    products = [abs(amount_fen) * share for share in shares]
    parts = [product // total for product in products]
    missing = abs(amount_fen) - sum(parts)
    largest_first = sorted(
        range(len(shares)), key=lambda place: (-(products[place] % total), place)
    )
    for place in largest_first[:missing]:
        parts[place] += 1
    return [sign * part for part in parts]

"""Quantities in words: `700 yuan`, `65%`, `5 points`, `no limit`, and how one follows from others.

A bare number is refused: a reader could not tell yuan from fen, and YAML would make it
binary. Only whole fen and whole parts per million can be written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from config.money import LIMIT_FEN, PPM

_MONEY = re.compile(r"([0-9]{1,15})(?:\.([0-9]+))? yuan")
_SHARE = re.compile(r"([0-9]{1,6})(?:\.([0-9]+))?(%| points?)")
_DERIVATION = re.compile(r"(.+?) ([+\-x×]) (.+)")


class QuantityKind(Enum):
    """What a quantity measures."""

    MONEY = "an amount such as `700 yuan`"
    RATE = "a rate such as `65%`"
    POINTS = "percentage points such as `5 points`"


@dataclass(frozen=True)
class Quantity:
    """A number with its unit: fen for money, ppm for rates and points."""

    kind: QuantityKind
    number: int


class QuantityError(ValueError):
    """A text that is not a quantity, or not one that can be kept exactly."""


def _scaled(whole: str, decimals: str | None, places: int, text: str) -> int:
    decimals = decimals or ""
    if len(decimals) > places:
        raise QuantityError(f"`{text}` has more than {places} decimals")
    return int(whole + decimals.ljust(places, "0"))


def parse_quantity(text: str) -> Quantity:
    """Read a quantity in words.

    Raises:
        QuantityError: not a quantity, too many decimals, or too large.
    """
    money = _MONEY.fullmatch(text)
    if money:
        fen = _scaled(money[1], money[2], 2, text)
        if fen > LIMIT_FEN:
            raise QuantityError(f"`{text}` is above the largest amount")
        return Quantity(QuantityKind.MONEY, fen)
    share = _SHARE.fullmatch(text)
    if share:
        kind = QuantityKind.RATE if share[3] == "%" else QuantityKind.POINTS
        return Quantity(kind, _scaled(share[1], share[2], 4, text))
    raise QuantityError(f"`{text}` is not a quantity: write `700 yuan`, `65%` or `5 points`")


def _sum(left: Quantity, right: Quantity, sign: int) -> Quantity:
    share_kinds = (QuantityKind.RATE, QuantityKind.POINTS)
    if left.kind is not right.kind and not (
        left.kind in share_kinds and right.kind is QuantityKind.POINTS
    ):
        raise QuantityError("only quantities of one kind, or points to a rate, can be added")
    return Quantity(left.kind, left.number + sign * right.number)


def _product(left: Quantity, right: Quantity) -> Quantity:
    if right.kind is not QuantityKind.RATE:
        left, right = right, left
    if right.kind is not QuantityKind.RATE:
        raise QuantityError("one side of a product must be a rate")
    number, rest = divmod(left.number * right.number, PPM)
    if rest:
        raise QuantityError("the product is not a whole number of fen or parts per million")
    return Quantity(left.kind, number)


def derive(text: str) -> Quantity:
    """Compute a derivation: `12917 yuan x 50%`, `60% + 5 points`, `80% - 5 points`.

    Raises:
        QuantityError: it cannot be read, mixes kinds, or is not exact.
    """
    parts = _DERIVATION.fullmatch(text)
    if not parts:
        raise QuantityError(f"`{text}` is not a derivation: write `12000 yuan x 50%`")
    left, right = parse_quantity(parts[1]), parse_quantity(parts[3])
    if parts[2] in "+-":
        return _sum(left, right, 1 if parts[2] == "+" else -1)
    return _product(left, right)

"""Values of a case: each is read, or refused with the place where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

from config.errors import InvalidInput
from config.money import format_yuan, parse_yuan

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence


@contextmanager
def at_place(place: str) -> Iterator[None]:
    """Mark a mistake with the place where it was met, the outer place first."""
    try:
        yield
    except InvalidInput as mistake:
        inner = f": {mistake.field}" if mistake.field else ""
        raise mistake.at(place + inner) from mistake


def read_fen(value: object, *, allow_sign: bool = False) -> int:
    """Money in words with two decimals: `49000.00 yuan`."""
    text = str(value)
    if not text.endswith("yuan"):
        raise InvalidInput("claims.case.bare_amount", text=text)
    return parse_yuan(text.removesuffix("yuan").strip(), allow_sign=allow_sign)


def yuan_text(fen: int) -> str:
    """An amount as a case writes it."""
    return format_yuan(fen) + " yuan"


def read_day(value: object) -> date:
    """A day, written 2022-02-01."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as mistake:
        raise InvalidInput("claims.case.no_day", text=str(value)) from mistake


def day_of(raw: Mapping[str, Any], key: str) -> date:
    """The day that stands under a key."""
    value = needed(raw, key)
    with at_place(key):
        return read_day(value)


def read_whole(value: object) -> int:
    """A whole number, such as a level."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise InvalidInput("claims.case.no_whole_number", text=str(value))


def read_word(value: object, known: Collection[str] | None) -> str:
    """A word of a vocabulary; None where only the region knows its words."""
    if known is not None and value not in known:
        raise InvalidInput("claims.case.unknown_word", text=str(value), known=", ".join(known))
    return str(value)


def read_mapping(raw: object) -> Mapping[str, Any]:
    """Keys with values."""
    if not isinstance(raw, Mapping):
        raise InvalidInput("claims.case.no_mapping", text=str(raw))
    return raw


def read_sequence(raw: object, key: str) -> Sequence[object]:
    """A list under a key."""
    if not isinstance(raw, list | tuple):
        raise InvalidInput("claims.case.no_list_here", field=key, text=str(raw))
    return raw


def only_keys(raw: object, known: set[str]) -> Mapping[str, Any]:
    """The mapping, where it has no other keys than the known ones."""
    keys = read_mapping(raw)
    unknown = sorted(set(map(str, keys)) - known)
    if unknown:
        raise InvalidInput("claims.case.unknown_key", keys=", ".join(unknown))
    return keys


def needed(raw: Mapping[str, Any], key: str) -> Any:
    """The value of a key that must stand."""
    if key not in raw:
        raise InvalidInput("claims.case.missing_key", key=key)
    return raw[key]

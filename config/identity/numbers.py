"""Resident ID numbers (居民身份证号): what may be typed, what it says, what is wrong with it.

Follows GB 11643: region, date of birth, order and a check character. The region code is only a
warning: numbers were issued under codes that were changed or did not exist yet at birth. Nothing
here repeats the number: an error says what is wrong, never with which digits.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from config.errors import InvalidInput

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
FIRST_BIRTH_YEAR = 1850
PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ]
)
AREA_UNKNOWN = "identity.number.area_unknown"
RESIDENT = "resident"
FOREIGN_PERMANENT_RESIDENT = "foreign_permanent_resident"
MALE, FEMALE = "male", "female"

# Blanks, dashes and apostrophes people and spreadsheets put in; they carry no meaning.
_LITTER = re.compile(r"[\s\-‐‑–—'’`\u200b\ufeff]")
_SHAPE = re.compile(r"[0-9]{17}[0-9X]")
_OLD_SHAPE = re.compile(r"[0-9]{15}")


@dataclass(frozen=True)
class IdNumber:
    """A number that may exist.

    Attributes:
        number: 18 characters, upper case; an old number of 15 digits is written out.
        kind: `resident`, or `foreign_permanent_resident` for a first digit 9.
        born_on: date of birth.
        sex: `male` for an odd 17th digit, else `female`.
        was_old: typed with 15 digits.
        warnings: codes of what a person should look at; they stop nothing.
    """

    number: str
    kind: str
    born_on: date
    sex: str
    was_old: bool
    warnings: tuple[str, ...]

    def __repr__(self) -> str:
        """Show nothing of the number, so that logs and tracebacks cannot."""
        return f"IdNumber(kind={self.kind})"


def normalise(text: str) -> str:
    """Return a number without what carries no meaning: width, case, blanks, dashes, apostrophes."""
    return _LITTER.sub("", unicodedata.normalize("NFKC", text)).upper()


def check_character(first_17: str) -> str:
    """Return the last character that belongs to 17 digits (ISO 7064 MOD 11-2)."""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, first_17, strict=True))
    return CHECK_CHARACTERS[total % 11]


def read_id_number(text: str, *, today: date, sex: str = "") -> IdNumber:
    """Read what was typed or imported.

    Args:
        text: as typed.
        today: no one is born after it.
        sex: `male` or `female` as stated on the form; empty where it is not asked.

    Raises:
        InvalidInput: `identity.number.empty`, `.length`, `.characters`, `.birth_date`,
            `.check_character`, `.sex_differs`.
    """
    typed = normalise(text)
    if not typed:
        raise InvalidInput("identity.number.empty")
    if len(typed) not in {15, 18}:
        raise InvalidInput("identity.number.length", length=len(typed))
    was_old = len(typed) == 15
    if not (_OLD_SHAPE if was_old else _SHAPE).fullmatch(typed):
        raise InvalidInput("identity.number.characters")
    number = _written_out(typed) if was_old else typed
    born_on = _born_on(number, today)
    if number[-1] != check_character(number[:17]):
        raise InvalidInput("identity.number.check_character")
    said = MALE if int(number[16]) % 2 else FEMALE
    if sex and sex != said:
        raise InvalidInput("identity.number.sex_differs")
    kind = FOREIGN_PERMANENT_RESIDENT if number[0] == "9" else RESIDENT
    is_odd_area = kind == RESIDENT and number[:2] not in PROVINCES
    return IdNumber(
        number, kind, born_on, said, was_old, warnings=(AREA_UNKNOWN,) if is_odd_area else ()
    )


def _written_out(old: str) -> str:
    first_17 = old[:6] + "19" + old[6:]
    return first_17 + check_character(first_17)


def _born_on(number: str, today: date) -> date:
    try:
        born_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise InvalidInput("identity.number.birth_date") from None
    if born_on.year < FIRST_BIRTH_YEAR or born_on > today:
        raise InvalidInput("identity.number.birth_date")
    return born_on

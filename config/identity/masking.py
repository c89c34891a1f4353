"""What of a resident ID number (居民身份证号) or telephone number may be shown.

A list shows a name, the last four characters and the year of birth. Never the region digits and
never the full date of birth beside the last four: together they are the number, and region with
last four leaves about three thousand candidates.
"""

import re

HIDDEN = "****"


def last_four(number: str) -> str:
    """Return the last four characters; of anything shorter than eight, nothing."""
    return number[-4:] if len(number) >= 8 else ""


def mask_id(number: str) -> str:
    """Return `****` and the last four characters of an ID number."""
    return HIDDEN + last_four(number)


def mask_last_four(tail: str) -> str:
    """Return the same mask from a stored tail, where the number itself is not at hand."""
    return HIDDEN + tail


def mask_phone(number: str) -> str:
    """Return `****` and the last four digits of a telephone number."""
    return HIDDEN + last_four(number)


def reversible_combination(text: str, number: str) -> list[str]:
    """Return what in a text makes a number again, beside its last four.

    Last four with region and birth date is the number; with the region alone about three
    thousand candidates remain, with the birth date a few more. A text without the last four, or
    with them alone, gives nothing back.

    Args:
        text: a page, a file or a log, as it is shown.
        number: the whole number of 18 characters of somebody it may show.

    Returns:
        Out of `number`, `region`, `birth`; empty where nothing can be undone.
    """
    region, born, tail = number[:6], number[6:14], number[-4:]
    if number in text:
        return ["number"]
    if not re.search(rf"(?<![0-9]){tail}(?![0-9])", text):
        return []
    year, month, day = born[:4], born[4:6], born[6:]
    births = rf"{year}[-/.年]?\s?0?{int(month)}[-/.月]?\s?0?{int(day)}日?|{born}"
    found = {
        "region": rf"(?<![0-9]){region}(?![0-9])",
        "birth": rf"(?<![0-9])(?:{births})(?![0-9])",
    }
    return [name for name, pattern in found.items() if re.search(pattern, text)]

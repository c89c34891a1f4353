"""What of a resident ID number (居民身份证号) or telephone number may be shown.

A list shows a name, the last four characters and the year of birth. Never the region digits and
never the full date of birth beside the last four: together they are the number, and region with
last four leaves about three thousand candidates.
"""

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

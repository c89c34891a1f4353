"""The QR code of a seed, as the path of an inline drawing: no image, no script, no markup."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

import segno

QUIET = 4


@dataclass(frozen=True)
class Drawing:
    """A square of `side` modules; `path` draws the dark ones."""

    side: int
    path: str


def address_of(username: str, issuer: str, seed: str) -> str:
    """Return what a program on a telephone reads: the address of a key by time."""
    label = quote(f"{issuer}:{username}")
    facts = {"secret": seed, "issuer": issuer, "algorithm": "SHA1", "digits": 6, "period": 30}
    return f"otpauth://totp/{label}?{urlencode(facts, quote_via=quote)}"


def drawing_of(text: str) -> Drawing:
    """Return the QR code of a text."""
    rows = [bytes(row) for row in segno.make(text, micro=False).matrix_iter(border=QUIET)]
    dark = (
        f"M{column} {line}h1v1h-1z"
        for line, row in enumerate(rows)
        for column, module in enumerate(row)
        if module
    )
    return Drawing(len(rows), "".join(dark))

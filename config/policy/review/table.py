"""Tables in plain text, aligned also where Chinese characters take two places."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import east_asian_width


def width(text: str) -> int:
    """Return the places a text takes on a terminal."""
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Print rows under a head, columns aligned, two spaces apart."""
    lines = [list(head), *(list(row) for row in rows)]
    widths = [max(width(line[place]) for line in lines) for place in range(len(head))]
    lines.insert(1, ["-" * wide for wide in widths])
    printed = []
    for line in lines:
        cells = (cell + " " * (wide - width(cell)) for cell, wide in zip(line, widths, strict=True))
        printed.append("  ".join(cells).rstrip())
    return "\n".join(printed)

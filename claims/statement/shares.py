"""Shares in percent for people to read: two decimals, half up, in integers only."""

from __future__ import annotations


def percent_text(part_fen: int, whole_fen: int) -> str:
    """Return a share in percent: `52.13%`; a dash where there is no whole.

    Args:
        part_fen: not below zero.
        whole_fen: not below zero; two amounts below zero are a red-letter sheet and give the
            share of their opposites.
    """
    part, whole = abs(part_fen), abs(whole_fen)
    if not whole:
        return "—"
    hundredths = (part * 10_000 * 2 + whole) // (whole * 2)
    units, decimals = divmod(hundredths, 100)
    return f"{units}.{decimals:02d}%"

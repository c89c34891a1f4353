"""The limits left after a bill, in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from claims.statement.limits import LimitLeft, limits_left
from claims.statement.stored import StoredSettlement
from claims.statement.tier_rows import tier_names
from config.money import format_yuan


@dataclass(frozen=True)
class LimitLine:
    """One limit of the year: its name, what it is, what was used and what is left."""

    id: str
    label: str
    limit: str
    used: str
    left: str


def limit_lines(stored: StoredSettlement) -> tuple[LimitLine, ...]:
    """Return the limits a bill draws on; none where the platform settled it or nothing was paid."""
    if not stored.has_trace or stored.figures["outcome"] != "paid":
        return ()
    kind = stored.fen("assistance_kind")
    found = limits_left(stored.book, stored.facts, stored.closing, kind)
    return tuple(_line(limit) for limit in found)


def _line(limit: LimitLeft) -> LimitLine:
    names = tier_names()
    tiers = _(" and ").join(names[tier] for tier in limit.tiers)
    label = _("%(tiers)s, limit of this kind of care") if limit.is_item else _("%(tiers)s, year")
    return LimitLine(
        limit.id,
        label % {"tiers": tiers},
        _("No limit") if limit.limit_fen is None else format_yuan(limit.limit_fen),
        format_yuan(limit.used_fen),
        _("No limit") if limit.left_fen is None else format_yuan(limit.left_fen),
    )

"""The table of tiers: what each pays, on which base, by which rule and clause."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from claims.statement.footnotes import Footnote, Footnotes
from claims.statement.stored import FUNDS, StoredSettlement, sentence_of
from config.money import format_yuan

BASES = {
    "basic": "in_scope",
    "catastrophic": "catastrophic_base",
    "assistance": "assistance_base",
    "supplementary": "supplementary_base",
}


@dataclass(frozen=True)
class Sentence:
    """One step in words, with the footnotes of its clauses."""

    text: str
    footnotes: tuple[Footnote, ...] = ()


@dataclass(frozen=True)
class TierRow:
    """One tier of the table."""

    code: str
    label: str
    sentences: tuple[Sentence, ...]
    base: str
    amount: str


def tier_names() -> dict[str, str]:
    """Return the tiers by code, in the active language."""
    return {
        "basic": _("Basic insurance"),
        "catastrophic": _("Catastrophic insurance"),
        "assistance": _("Medical assistance"),
        "supplementary": _("Supplementary assistance"),
    }


def tier_rows(stored: StoredSettlement, footnotes: Footnotes) -> tuple[TierRow, ...]:
    """Return the four tiers in their order; a tier that had nothing to do says so."""
    return tuple(
        TierRow(
            tier,
            name,
            _sentences(stored, tier, footnotes),
            format_yuan(stored.fen(BASES[tier])) if stored.has_trace else "—",
            format_yuan(stored.fen(tier)),
        )
        for tier, name in tier_names().items()
    )


def red_letter_rows(stored: StoredSettlement) -> tuple[TierRow, ...]:
    """Return what each tier takes back, as amounts below zero."""
    return tuple(
        TierRow(
            tier,
            tier_names()[tier],
            (Sentence(_("Takes back what was paid")),) if stored.fen(tier) else (),
            "—",
            format_yuan(-stored.fen(tier)),
        )
        for tier in FUNDS
    )


def _sentences(stored: StoredSettlement, tier: str, footnotes: Footnotes) -> tuple[Sentence, ...]:
    """Return the steps of a tier; the closing one only repeats the amount of the row."""
    steps = [step for step in stored.steps if step.tier == tier and step.code != tier]
    if not steps:
        text = _("Nothing to pay here") if stored.has_trace else _("As the platform settled it")
        return (Sentence(text),)
    return tuple(Sentence(sentence_of(step), footnotes.of(step.citations)) for step in steps)

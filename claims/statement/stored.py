"""One stored settlement with everything its pages are made from: figures, facts, rules, steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language

from claims.models import Origin, Settlement
from claims.selectors.facts import stored_facts
from claims.selectors.rule_books import book_of, kernel_accumulators
from claims.settlement.columns import PARTS, TRACE
from claims.settlement.explain import Step, explain
from claims.settlement.facts import BillFacts
from claims.settlement.rules import RuleBook

Figures = dict[str, int | str]
FUNDS = ("basic", "catastrophic", "assistance", "supplementary")


@dataclass(frozen=True)
class StoredSettlement:
    """A version as the pages need it; nothing in it is computed again.

    Attributes:
        figures: outcome, reason, and every part and intermediate in fen.
        steps: the calculation in order; empty where the platform settled the bill.
        closing: accumulators after the bill, by id.
        has_trace: whether this office computed it.
    """

    facts: BillFacts
    figures: Figures
    book: RuleBook
    steps: tuple[Step, ...]
    closing: Mapping[str, int | str]
    has_trace: bool

    def fen(self, name: str) -> int:
        """Return one part or intermediate."""
        return int(self.figures.get(name, 0))

    @property
    def funds_fen(self) -> int:
        """Return what the funds pay together."""
        return sum(self.fen(name) for name in FUNDS)

    def steps_of(self, *codes: str) -> tuple[Step, ...]:
        """Return the steps with these codes, in order."""
        return tuple(step for step in self.steps if step.code in codes)


def stored_settlement(version: Settlement) -> StoredSettlement:
    """Return a stored version, ready to be printed or explained.

    Args:
        version: paid or refused, with `bill_version` at hand.
    """
    facts = stored_facts(version)
    book = book_of([version.release_id])
    figures = figures_of_version(version)
    has_trace = version.origin == Origin.OFFICE
    opening = kernel_accumulators(book, version.opening)
    steps = tuple(explain(book, facts, figures, opening)) if has_trace else ()
    return StoredSettlement(facts, figures, book, steps, version.closing, has_trace)


def figures_of_version(version: Settlement) -> Figures:
    """Return parts and trace of a version under the names of the kernel."""
    figures: Figures = {"outcome": version.outcome, "reason": version.reason_code}
    figures.update({name: getattr(version, f"{name}_fen") for name in PARTS})
    figures.update(zip(TRACE, version.trace_fen, strict=False))
    return figures


def sentence_of(step: Step) -> str:
    """Return the sentence of a step in the active language."""
    return in_active_language(step.sentence_zh, step.sentence_en)


def in_active_language(chinese: str, english: str) -> str:
    """Return one of two texts that come in both languages already."""
    return chinese if (get_language() or "").startswith("zh") else english

"""What the desk shows of a settlement: tiers with rule, base, amount and clause, shares, steps.

Everything comes from the figures and steps of the kernel; the widths of the bar are the only
numbers made here, and nobody is paid by them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from claims.models import Settlement
from claims.selectors.facts import stored_facts
from claims.selectors.rule_books import book_of, kernel_accumulators
from claims.services.preview import Preview
from claims.settlement.explain import Step, explain
from claims.settlement.facts import BillFacts
from claims.settlement.reasons import REASON_ROW, REASONS
from claims.settlement.rules import RuleBook
from claims.statement.footnotes import citation_text
from claims.statement.shares import percent_text
from claims.statement.stored import figures_of_version
from config.policy.citation import Citation
from config.policy.origin_words import why_not_known
from config.policy.tree import PolicyTree

# Tier, its name, the step that states its rule, the figure that is its base.
TIERS = (
    ("basic", _("Basic insurance"), ("bands", "rate", "fixed_sum"), "in_scope"),
    (
        "catastrophic",
        _("Catastrophic insurance"),
        ("catastrophic_scale",),
        "catastrophic_base",
    ),
    ("assistance", _("Medical assistance"), ("assistance_rate",), "assistance_base"),
    (
        "supplementary",
        _("Supplementary assistance"),
        ("supplementary_rate",),
        "supplementary_base",
    ),
)
SEGMENTS = (
    ("basic", _("Basic insurance")),
    ("catastrophic", _("Catastrophic insurance")),
    ("assistance", _("Medical assistance")),
    ("supplementary", _("Supplementary assistance")),
    ("other_aid", _("Other aid")),
    ("hospital_part", _("Borne by the hospital")),
    ("own_share", _("Own share")),
)
STEP_HEADINGS = {
    "cost": _("Parts of the cost"),
    "share": _("Own share"),
    **{code: name for code, name, _steps, _base in TIERS},
}
BAR_WIDTH = 1000


@dataclass(frozen=True)
class Clause:
    """Where a value comes from, as the desk prints it."""

    text: str
    quote: str
    is_unverified: bool


@dataclass(frozen=True)
class TierRow:
    """One line of the table of tiers."""

    code: str
    name: Any
    rule: str
    base_fen: int
    amount_fen: int
    clauses: tuple[Clause, ...]


@dataclass(frozen=True)
class Segment:
    """One payer's piece of the bar."""

    code: str
    name: Any
    amount_fen: int
    percent: str
    x: int
    width: int


@dataclass(frozen=True)
class StepGroup:
    """Steps of one tier."""

    name: Any
    steps: list[tuple[str, tuple[Clause, ...]]]


@dataclass(frozen=True)
class Shown:
    """A settlement as the desk shows it.

    Attributes:
        outcome: `paid`, `held`, `refused` or `reversed`.
        reason: number of the reason; empty where paid.
        reason_sentence: the reason in the reader's language.
        clauses: what the reason rests on.
        figures: parts and intermediates by name, in fen.
    """

    outcome: str
    reason: str
    reason_sentence: str
    clauses: tuple[Clause, ...]
    figures: Mapping[str, int | str]
    tiers: list[TierRow] = field(default_factory=list)
    segments: list[Segment] = field(default_factory=list)
    groups: list[StepGroup] = field(default_factory=list)

    @property
    def fund_fen(self) -> int:
        """What the funds pay together."""
        return sum(int(self.figures[code]) for code, *_rest in TIERS)

    @property
    def is_decided(self) -> bool:
        """Paid or refused: there are figures to show."""
        return self.outcome in {"paid", "refused"}

    @property
    def has_unverified(self) -> bool:
        """Whether a value of the calculation comes from outside the notices."""
        return any(each.is_unverified for row in self.tiers for each in row.clauses)


def shown_preview(preview: Preview) -> Shown:
    """Return a preview as the desk shows it."""
    decided = preview.decided
    return _shown(preview.book, preview.facts, decided.figures, decided.opening)


def shown_version(version: Settlement) -> Shown:
    """Return a stored version as the desk shows it, from its trace; nothing is computed again."""
    figures = figures_of_version(version)
    if version.outcome == "reversed":
        return Shown("reversed", "", "", (), figures)
    book = book_of([version.release_id])
    return _shown(book, stored_facts(version), figures, version.opening)


def _shown(
    book: RuleBook,
    facts: BillFacts,
    figures: Mapping[str, int | str],
    opening: Mapping[str, int | str],
) -> Shown:
    outcome, reason = str(figures["outcome"]), str(figures["reason"])
    is_chinese = (get_language() or "").startswith("zh")
    tree = book.trees[facts.release]
    clauses = _reason_clauses(tree, book, facts, reason) if reason else ()
    if outcome == "held":
        return Shown(outcome, reason, reason_sentence(reason), clauses, figures)
    steps = explain(book, facts, dict(figures), kernel_accumulators(book, opening))
    return Shown(
        outcome,
        reason,
        reason_sentence(reason) if reason else "",
        clauses,
        figures,
        [_tier_row(tier, steps, figures, is_chinese) for tier in TIERS],
        segments_of(figures),
        _groups(steps, is_chinese),
    )


def reason_sentence(code: str) -> str:
    """Return the sentence of a numbered reason in the reader's language."""
    reason = REASONS[REASON_ROW[code]]
    is_chinese = (get_language() or "").startswith("zh")
    return reason.sentence_zh if is_chinese else reason.sentence_en


def segments_of(figures: Mapping[str, int | str]) -> list[Segment]:
    """Return the pieces of the bar, left to right; who pays nothing has none."""
    total = int(figures["total"])
    segments, before = [], 0
    for code, name in SEGMENTS:
        amount = int(figures[code])
        if amount == 0 or total == 0:
            continue
        start = before * BAR_WIDTH // total
        before += amount
        width = before * BAR_WIDTH // total - start
        segments.append(Segment(code, name, amount, percent_text(amount, total), start, width))
    return segments


def _tier_row(
    tier: tuple[str, Any, tuple[str, ...], str],
    steps: list[Step],
    figures: Mapping[str, int | str],
    is_chinese: bool,
) -> TierRow:
    code, name, rule_steps, base = tier
    own = [step for step in steps if step.tier == code]
    rule = next((step for step in own if step.code in rule_steps), None)
    cited = _clauses(each for step in own for each in step.citations)
    text = "" if rule is None else (rule.sentence_zh if is_chinese else rule.sentence_en)
    return TierRow(code, name, text, int(figures.get(base, 0)), int(figures[code]), cited)


def _groups(steps: list[Step], is_chinese: bool) -> list[StepGroup]:
    groups: dict[str, StepGroup] = {}
    for step in steps:
        group = groups.setdefault(step.tier, StepGroup(STEP_HEADINGS[step.tier], []))
        text = step.sentence_zh if is_chinese else step.sentence_en
        group.steps.append((text, _clauses(step.citations)))
    return list(groups.values())


def _reason_clauses(
    tree: PolicyTree, book: RuleBook, facts: BillFacts, reason: str
) -> tuple[Clause, ...]:
    """Return the clauses a reason rests on, where the rules (and not the records) decide it."""
    if reason == "H04":
        known = tree.region.known
        days = {"first": known.first.isoformat(), "last": known.last.isoformat()}
        text = gettext("The rules are recorded from %(first)s through %(last)s.") % days
        return (Clause(text, "", False),)
    if book.combination(facts) is None:
        return ()
    selectors = {
        "care_type": facts.care_type,
        "level": facts.level,
        "grade": facts.grade,
        "off_area": facts.off_area,
        "age_group": facts.age_group,
        "disease": facts.disease,
        "category": facts.category_basic,
    }
    found = []
    for key in _KEYS_OF_REASON.get(reason, ()):
        answer = tree.ask(key, facts.discharged_on, **selectors)
        if answer is not None and (reason != "H05" or answer.status == "not_known"):
            found.append(answer.citation)
    return _clauses(found)


def _clauses(citations: Iterable[Citation]) -> tuple[Clause, ...]:
    """Return what is printed under a value; two that print the same are one."""
    found: dict[str, Clause] = {}
    for each in citations:
        text = why_not_known(each) if each.kind == "not_known" else citation_text(each)
        found.setdefault(text, Clause(text, each.quote, each.is_unverified))
    return tuple(found.values())


_KEYS_OF_REASON = {
    "H05": ("basic.rate", "basic.deductible", "basic.fixed_sum", "basic.off_area_rate"),
    "H06": ("coverage.paper_deadline",),
    "R03": ("basic.rate", "basic.fixed_sum"),
}

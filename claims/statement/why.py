"""Why is my share so high: the own share cause by cause, in plain sentences, with clauses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.statement.amounts import Amount, own_purses, own_scope
from claims.statement.causes import STEPS, Cause, causes_of
from claims.statement.footnotes import Footnote, Footnotes
from claims.statement.sheet import refusal_text
from claims.statement.stored import FUNDS, StoredSettlement, sentence_of
from claims.statement.tier_rows import Sentence
from config.money import format_ppm, format_yuan

BAR_WIDTH = 1000
NARROWEST = 3
# Title and sentence of each cause. Amounts are in yuan.
SENTENCES: dict[str, tuple[str | Promise, str | Promise]] = {
    "fully_self_paid": (
        gettext_lazy("Outside the catalogue"),
        gettext_lazy("Items the insurance does not cover at all cost %(amount)s."),
    ),
    "over_limit_price": (
        gettext_lazy("Over the price limit"),
        gettext_lazy("Prices above the limit the insurance accepts come to %(amount)s."),
    ),
    "self_pay_first": (
        gettext_lazy("First share of class B items"),
        gettext_lazy(
            "Of class B items the person pays a share before the insurance counts: %(amount)s."
        ),
    ),
    "deductible": (
        gettext_lazy("Deductible"),
        gettext_lazy("The first %(amount)s of the covered cost is the deductible of this bill."),
    ),
    "copayment": (
        gettext_lazy("Co-payment"),
        gettext_lazy(
            "Above the deductible basic insurance pays %(rate)s; the rest comes to %(amount)s."
        ),
    ),
    "copayment_by_bands": (
        gettext_lazy("Co-payment"),
        gettext_lazy(
            "Above the deductible basic insurance pays a share that rises by bands;"
            " the rest comes to %(amount)s."
        ),
    ),
    "above_fixed_sum": (
        gettext_lazy("Above the fixed sum"),
        gettext_lazy(
            "Basic insurance pays a fixed sum for this care; what it cost above that is %(amount)s."
        ),
    ),
    "item_excess": (
        gettext_lazy("Above the limit of this kind of care"),
        gettext_lazy("The limit for this kind of care cuts the payment by %(amount)s."),
    ),
    "above_cap": (
        gettext_lazy("Above the yearly limit"),
        gettext_lazy("The yearly limit of basic insurance is used up; it cuts %(amount)s."),
    ),
    "unfiled": (
        gettext_lazy("Care away from home was not filed"),
        gettext_lazy("Without filing basic insurance pays %(amount)s less than it would have."),
    ),
    "refused": (
        gettext_lazy("Nothing is paid for this bill"),
        gettext_lazy("The covered cost of %(amount)s stays with the person. %(refusal)s"),
    ),
    "no_fund": (
        gettext_lazy("Old outpatient balance"),
        gettext_lazy("This care is paid from the person's own balance; no fund pays %(amount)s."),
    ),
    "catastrophic": (
        gettext_lazy("Catastrophic insurance"),
        gettext_lazy("Catastrophic insurance takes over %(amount)s."),
    ),
    "assistance": (
        gettext_lazy("Medical assistance"),
        gettext_lazy("Medical assistance takes over %(amount)s."),
    ),
    "supplementary": (
        gettext_lazy("Supplementary assistance"),
        gettext_lazy("Supplementary assistance takes over %(amount)s."),
    ),
    "other_aid": (
        gettext_lazy("Other aid"),
        gettext_lazy("Another payer takes over %(amount)s."),
    ),
    "hospital_part": (
        gettext_lazy("Borne by the hospital"),
        gettext_lazy("The hospital bears %(amount)s."),
    ),
}
NOTHING: dict[str, str | Promise] = {
    "catastrophic": gettext_lazy("Catastrophic insurance takes over nothing of this bill."),
    "assistance": gettext_lazy("Medical assistance takes over nothing of this bill."),
    "supplementary": gettext_lazy("Supplementary assistance takes over nothing of this bill."),
}


@dataclass(frozen=True)
class WhyLine:
    """One cause as the page shows it.

    Attributes:
        amount: signed; what it adds to the own share, or takes off.
        left: what the person would pay after this line.
        details: the steps of the calculation behind it.
        bar_start, bar_width: of a bar of `BAR_WIDTH` units.
    """

    code: str
    title: str
    text: str
    amount: str
    left: str
    is_taken_over: bool
    details: tuple[Sentence, ...]
    bar_start: int
    bar_width: int


@dataclass(frozen=True)
class Why:
    """The whole page."""

    lines: tuple[WhyLine, ...]
    own_share: str
    total: str
    blocks: tuple[tuple[Amount, ...], ...]
    footnotes: tuple[Footnote, ...]
    has_unverified: bool


def why_of(stored: StoredSettlement) -> Why:
    """Return the causes of the own share of a paid or refused version, ready to be placed."""
    causes = _with_silent_tiers(
        causes_of(stored.figures, stored.facts.care_type), stored.figures["outcome"] == "paid"
    )
    footnotes = Footnotes()
    lines, left, most = [], 0, _most(causes)
    for cause in causes:
        before, left = left, left + cause.amount_fen
        lines.append(_line(stored, cause, footnotes, (before, left, most)))
    return Why(
        lines=tuple(lines),
        own_share=format_yuan(stored.fen("own_share")),
        total=format_yuan(stored.fen("total")),
        blocks=(own_scope(stored), own_purses(stored)),
        footnotes=tuple(footnotes.notes),
        has_unverified=footnotes.has_unverified,
    )


def _with_silent_tiers(causes: tuple[Cause, ...], is_paid: bool) -> tuple[Cause, ...]:
    """Add the later tiers that pay nothing: people ask for them."""
    if not is_paid or any(cause.code == "no_fund" for cause in causes):
        return causes
    later = {cause.code: cause for cause in causes if cause.is_taken_over}
    first = tuple(cause for cause in causes if not cause.is_taken_over)
    tiers = tuple(later.pop(tier, Cause(tier, 0)) for tier in FUNDS[1:])
    return (*first, *tiers, *later.values())


def _most(causes: Sequence[Cause]) -> int:
    return max(sum(cause.amount_fen for cause in causes if cause.amount_fen > 0), 1)


def _line(
    stored: StoredSettlement, cause: Cause, footnotes: Footnotes, place: tuple[int, int, int]
) -> WhyLine:
    before, left, most = place
    code = _told_as(stored, cause)
    title, text = SENTENCES[code]
    if not cause.amount_fen:
        text = NOTHING[code]
    facts = {
        "amount": format_yuan(abs(cause.amount_fen)),
        "rate": format_ppm(stored.fen("rate_ppm")),
        "refusal": refusal_text(str(stored.figures["reason"])) if code == "refused" else "",
    }
    sentence = str(text) % facts
    if cause.whole_fen is not None:
        sentence += " " + _("(%(whole)s in all; the rest is told under missing filing.)") % {
            "whole": format_yuan(cause.whole_fen)
        }
    details = tuple(
        Sentence(sentence_of(step), footnotes.of(step.citations))
        for step in stored.steps_of(*STEPS.get(code, STEPS.get(cause.code, ())))
    )
    start, width = min(before, left), abs(cause.amount_fen)
    return WhyLine(
        code=code,
        title=str(title),
        text=sentence,
        amount=format_yuan(cause.amount_fen),
        left=format_yuan(left),
        is_taken_over=cause.is_taken_over,
        details=details,
        bar_start=start * BAR_WIDTH // most,
        bar_width=max(width * BAR_WIDTH // most, NARROWEST) if width else 0,
    )


def _told_as(stored: StoredSettlement, cause: Cause) -> str:
    """Return the sentence of a cause; a co-payment is told as the rule computed it."""
    if cause.code != "copayment":
        return cause.code
    if stored.steps_of("fixed_sum"):
        return "above_fixed_sum"
    return "copayment_by_bands" if stored.steps_of("bands") else "copayment"

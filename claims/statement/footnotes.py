"""Clauses as numbered footnotes: each printed once, in the order in which it is first used."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from config.policy.citation import Citation
from config.policy.origin_words import source_in_words

UNVERIFIED = "※"


@dataclass(frozen=True)
class Footnote:
    """One numbered line under the table.

    Attributes:
        number: as printed beside the sentence.
        text: document and clause, or the source.
        is_unverified: the value comes from outside the notices.
    """

    number: int
    text: str
    is_unverified: bool

    @property
    def mark(self) -> str:
        """What stands beside a sentence: the number, with ※ where nothing verified it."""
        return f"{self.number}{UNVERIFIED if self.is_unverified else ''}"


@dataclass
class Footnotes:
    """Collects the footnotes of one page."""

    notes: list[Footnote] = field(default_factory=list)

    def of(self, citations: Iterable[Citation]) -> tuple[Footnote, ...]:
        """Return the footnotes of some citations; two that print the same are one."""
        texts = dict.fromkeys((citation_text(each), each.is_unverified) for each in citations)
        return tuple(sorted((self._note(*text) for text in texts), key=lambda note: note.number))

    @property
    def has_unverified(self) -> bool:
        """Whether the page needs the sentence that says what ※ means."""
        return any(note.is_unverified for note in self.notes)

    def _note(self, text: str, is_unverified: bool) -> Footnote:
        for note in self.notes:
            if (note.text, note.is_unverified) == (text, is_unverified):
                return note
        note = Footnote(len(self.notes) + 1, text, is_unverified)
        self.notes.append(note)
        return note


def citation_text(citation: Citation) -> str:
    """Return the origin of a value in one line of the active language."""
    if citation.kind == "source":
        if citation.where == "demonstration":
            return _("Demonstration value, invented")
        return source_in_words(citation)
    clause = " ".join(
        part for part in (citation.number or citation.notice, citation.clause) if part
    )
    if citation.kind != "interpretation":
        return clause
    reading = _("reading %(id)s") % {"id": citation.interpretation}
    return f"{clause} ({reading})" if clause else reading

"""Where a value comes from: notices, their clauses, and the citation of one value.

Each value has exactly one origin: a clause of a notice, an interpretation of an unclear
clause, or a source outside the notices, which is shown as unverified everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

STATEMENT_KINDS = ("mandate", "floor", "guidance", "fact")
"""What a statement does. Only a `floor` is compared with regional values, and only warns."""


@dataclass(frozen=True)
class Statement:
    """One thing a clause says.

    Attributes:
        kind: one of `STATEMENT_KINDS`.
        says: what it says, in English.
        quote: the words that say it.
        key: the policy key it is about; empty where none fits.
        number: its amount or rate in fen or ppm; None where it gives none.
        start: first day for which it speaks; None where it names none.
        through: last day, inclusive; None where it names none.
        selectors: for whom it speaks, as in the `for` of a value.
    """

    kind: str
    says: str
    quote: str
    key: str = ""
    number: int | None = None
    start: date | None = None
    through: date | None = None
    selectors: Mapping[str, tuple[str | int, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Clause:
    """One numbered clause (条款) of a notice, as the notice numbers it: `二.1`, `(七)`."""

    id: str
    topic: str
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class Notice:
    """One notice (通知).

    Attributes:
        id: file name without its ending: `jiamusi-2021`.
        number: number of the document, or what names it where it has none.
        title_zh: title in Chinese.
        title_en: title in English.
        issuers: issuing bodies, in the order of the signature.
        issued_on: day of issue; None where the text does not say it.
        clauses: clauses by id; empty in a pack rebuilt from its content.
    """

    id: str
    number: str
    title_zh: str
    title_en: str
    issuers: tuple[str, ...]
    issued_on: date | None
    clauses: Mapping[str, Clause] = field(default_factory=dict)


@dataclass(frozen=True)
class Interpretation:
    """A recorded reading of an unclear clause.

    Attributes:
        id: as values name it.
        notice: notice that is read; empty where no notice speaks.
        clause: clause that is read.
        question: what the text leaves open.
        reading: how we read it.
        other_reading: what else it could mean.
        decided_by: the document of the pool, or this project until there is one.
        decided_on: day of the decision.
        cases: names of cases that fail under the other reading.
    """

    id: str
    notice: str
    clause: str
    question: str
    reading: str
    other_reading: str
    decided_by: str
    decided_on: date
    cases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Citation:
    """The origin of one value, ready to be printed under it.

    Attributes:
        kind: `cite`, `interpretation`, `source` or `not_known`.
        notice: notice id; empty for a source.
        number: number of that document.
        clause: clause of the notice.
        quote: the words that say the value.
        interpretation: id of the interpretation.
        where: for a source, where the value was found.
        note: for a source, what to know about it.
        why: for `not_known`, why no value is given.
        derived_from: how the value follows from others.
        verified_on: day on which somebody last compared it with the text.
    """

    kind: str
    notice: str = ""
    number: str = ""
    clause: str = ""
    quote: str = ""
    interpretation: str = ""
    where: str = ""
    note: str = ""
    why: str = ""
    derived_from: str = ""
    verified_on: date | None = None

    @property
    def is_unverified(self) -> bool:
        """Whether the value comes from outside the notices."""
        return self.kind == "source"

    def text(self) -> str:
        """Return one line that names the origin."""
        if self.kind == "source":
            return f"{self.where} ({self.note})" if self.note else self.where
        if self.kind == "not_known":
            return f"not known: {self.why}"
        clause = " ".join(part for part in (self.number or self.notice, self.clause) if part)
        if self.kind == "interpretation":
            return f"{clause} [{self.interpretation}]" if clause else f"[{self.interpretation}]"
        return clause

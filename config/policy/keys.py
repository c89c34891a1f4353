"""The keys of a pack and their dated values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from config.calendar import DaySpan
from config.policy.answers import Answer

Word = str | int


@dataclass(frozen=True)
class Origin:
    """Where a value stands in the files."""

    file: str
    line: int


@dataclass(frozen=True)
class Value:
    """One value of a key: for whom, on which days, what, and why.

    Attributes:
        selectors: facts it names; each matches any of its words.
        span: days on which it holds.
        answer: what it says.
        origin: file and line; None in a pack rebuilt from its content.
    """

    selectors: Mapping[str, tuple[Word, ...]]
    span: DaySpan
    answer: Answer
    origin: Origin | None = field(default=None, compare=False)

    def matches(self, facts: Mapping[str, object]) -> bool:
        """Say whether every fact it names holds."""
        return all(facts[name] in words for name, words in self.selectors.items())


@dataclass(frozen=True)
class PolicyKey:
    """All values of one key.

    Attributes:
        name: `basic.rate`, `limits.basic_cap`.
        subject: subject whose categories its `for` means.
        unit: what one unit of it is, for readers.
        accumulator_id: id on the key.
        role: of a limit.
        values: as written.
    """

    name: str
    subject: str
    unit: str
    accumulator_id: str | None
    role: str | None
    values: tuple[Value, ...]
    origin: Origin | None = field(default=None, compare=False)

    @cached_property
    def selectors(self) -> tuple[str, ...]:
        """The selectors that at least one value names, sorted."""
        return tuple(sorted({name for value in self.values for name in value.selectors}))

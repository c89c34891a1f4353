"""A region pack (统筹地区政策包) in memory, and its canonical content.

The content is plain JSON: a release stores it, a process rebuilds the pack from it, and
its digest tells whether two processes hold the same rules.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from config.calendar import DaySpan
from config.policy.answers import Answer
from config.policy.citation import Interpretation, Notice
from config.policy.region import Region

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

    def matches(self, facts: Mapping[str, Word]) -> bool:
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


@dataclass(frozen=True)
class RegionPack:
    """Everything one region answers with.

    Attributes:
        region: the region and its vocabularies.
        keys: values by key, `limits.<id>` among them.
        notices: the notices the region may cite, without their full text.
        interpretations: recorded readings by id.
    """

    region: Region
    keys: Mapping[str, PolicyKey]
    notices: Mapping[str, Notice]
    interpretations: Mapping[str, Interpretation]

    def content(self) -> dict[str, Any]:
        """Return the canonical content, plain JSON."""
        from config.policy.content import content_of  # the two describe each other

        return content_of(self)

    @classmethod
    def from_content(cls, content: Mapping[str, Any]) -> RegionPack:
        """Rebuild a pack from its canonical content, without its files."""
        from config.policy.content import pack_of

        return pack_of(content)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the canonical content, hexadecimal."""
        text = json.dumps(self.content(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def accumulator_ids(self) -> tuple[str, ...]:
        """Every id money accumulates under: limits, yearly deductibles, thresholds."""
        ids = {value.answer.accumulator_id for key in self.keys.values() for value in key.values}
        ids |= {key.accumulator_id for key in self.keys.values()}
        return tuple(sorted(found for found in ids if found is not None))

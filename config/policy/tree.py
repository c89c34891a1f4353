"""The policy of one region, asked by key, day and facts.

`PolicyTree` answers with the value that names most of the facts on that day. It refuses
days outside the pack and unknown keys; it never fills a gap. It does not know what day
it is, and it settles nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from config.errors import NotKnown, PolicyNotKnown
from config.policy.answers import Answer, Condition, Content, Step
from config.policy.citation import Citation
from config.policy.keys import PolicyKey, Value
from config.policy.pack import RegionPack
from config.policy.reading.problems import nearest_word
from config.policy.region import Region
from config.policy.schema import LIMITS, SELECTORS, SUBJECTS
from config.policy.spans import boundaries, change_days, winners
from config.policy.text import answer_text, selector_text

__all__ = ["Answer", "Citation", "Condition", "Content", "Entry", "PolicyTree", "Step"]


class Entry(NamedTuple):
    """One value as the read-only browser lists it."""

    key: str
    selectors: str
    start: date
    last: date
    text: str
    unit: str
    citation: Citation


class _Asked:
    """One key, ready to be asked many times."""

    def __init__(self, key: PolicyKey, region: Region) -> None:
        self.key = key
        self.selectors = key.selectors
        self.starts = boundaries(key.values, region.known_span)
        self.cache: dict[tuple[object, ...], Answer | None] = {}

    def ask(self, day: date, facts: Mapping[str, object]) -> Answer | None:
        place = (bisect_right(self.starts, day), *(facts[name] for name in self.selectors))
        if place not in self.cache:
            self.cache[place] = self._find(day, facts)
        return self.cache[place]

    def _find(self, day: date, facts: Mapping[str, object]) -> Answer | None:
        best = winners((value for value in self.key.values if value.matches(facts)), day)
        if len(best) > 1:
            raise ValueError(f"{self.key.name} is ambiguous on {day} for {facts}")
        return best[0].answer if best else None


class PolicyTree:
    """Answers for one region pack.

    Args:
        pack: a pack that was loaded, or rebuilt from its content.
    """

    region: Region
    accumulator_ids: tuple[str, ...]

    def __init__(self, pack: RegionPack) -> None:
        """Prepare every key for asking."""
        self.pack = pack
        self.region = pack.region
        self.accumulator_ids = pack.accumulator_ids
        self._asked = {name: _Asked(key, pack.region) for name, key in pack.keys.items()}
        self._silent = {
            spec.full_name for specs in SUBJECTS.values() for spec in specs.values()
        } - set(pack.keys)

    def ask(self, key: str, day: date, **selectors: object) -> Answer | None:
        """Answer what a key says for a combination of facts on a day.

        Args:
            key: `basic.rate`, or `limits.<id>`.
            day: a known day.
            selectors: facts by selector; at least those that a value of the key names.
                Facts that the key does not depend on are ignored.

        Returns:
            The answer; None where an optional key is silent and its neutral holds.

        Raises:
            PolicyNotKnown: the day lies outside the pack.
            NotKnown: there is no such key.
            ValueError: a selector that does not exist, or a fact is missing.
        """
        if not self.region.known.first <= day <= self.region.known.last:
            raise PolicyNotKnown(self.region.id, day, *self.region.known)
        if not selectors.keys() <= _SELECTORS:
            unknown = ", ".join(sorted(selectors.keys() - _SELECTORS))
            raise ValueError(f"no such selector: {unknown}")
        asked = self._asked.get(key)
        if asked is None:
            self._check_silent(key)
            return None
        try:
            return asked.ask(day, selectors)
        except KeyError as error:
            raise ValueError(f"{key} depends on {error.args[0]}, which is not given") from error

    def _check_silent(self, key: str) -> None:
        if key not in self._silent:
            nearest = nearest_word(key, [*self._asked, *self._silent])
            raise NotKnown("policy.key_unknown", key=key, nearest=nearest)

    def selectors(self, key: str) -> tuple[str, ...]:
        """Return the selectors on which the answers to a key depend; () for a silent key."""
        asked = self._asked.get(key)
        if asked is None:
            self._check_silent(key)
            return ()
        return asked.selectors

    def subject_of(self, key: str) -> str:
        """Return the subject whose categories a key means; for a limit, the one that defines it."""
        found = self.pack.keys.get(key)
        return key.partition(".")[0] if found is None else found.subject

    @property
    def limit_ids(self) -> tuple[str, ...]:
        """The ids of all limits, sorted."""
        prefix = f"{LIMITS}."
        return tuple(
            sorted(name.removeprefix(prefix) for name in self.pack.keys if name.startswith(prefix))
        )

    def change_days(self, *keys: str) -> tuple[date, ...]:
        """Return the first days of the periods in which nothing changes.

        Args:
            keys: keys to look at; none looks at all.

        Returns:
            Sorted days, the first known day first; a change is one of value or citation.
        """
        days = {self.region.known.first}
        for name in keys or tuple(self.pack.keys):
            found = self.pack.keys.get(name)
            if found is None:
                self._check_silent(name)
            else:
                days.update(change_days(found.values, self.region.known_span))
        return tuple(sorted(days))

    def age_group(self, born_on: date, day: date) -> str:
        """Return the age group of a person on a day."""
        return self.region.age_group(born_on, day)

    def category(self, use: str, held: Iterable[str]) -> str:
        """Return the category that counts for a use, or `none`."""
        return self.region.category(use, held)

    def entries(self) -> list[Entry]:
        """List every value with its clause, in the order of keys and days."""
        return [_entry(key, value) for key in self.pack.keys.values() for value in key.values]


_SELECTORS = frozenset(SELECTORS)


def _entry(key: PolicyKey, value: Value) -> Entry:
    answer = value.answer
    last = value.span.last or value.span.start
    return Entry(
        key.name,
        selector_text(value.selectors),
        value.span.start,
        last,
        answer_text(key.name, answer),
        key.unit,
        answer.citation,
    )

"""Values on days: which one wins, on which days the set of values changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from config.calendar import DaySpan
from config.policy.keys import Value


def boundaries(values: Iterable[Value], known: DaySpan) -> list[date]:
    """Return the first days of the periods between which no value begins or ends.

    Args:
        values: values whose spans lie in `known`.
        known: the known days; its first day is always returned, its end never.
    """
    days = {known.start}
    for value in values:
        days.add(value.span.start)
        if value.span.end is not None:
            days.add(value.span.end)
    return sorted(day for day in days if day in known)


def periods(values: Iterable[Value], known: DaySpan) -> Iterator[DaySpan]:
    """Yield the periods between which no value begins or ends, in order, without holes."""
    starts = boundaries(values, known)
    for place, start in enumerate(starts):
        yield DaySpan(start, starts[place + 1] if place + 1 < len(starts) else known.end)


def winners(values: Iterable[Value], day: date) -> list[Value]:
    """Return the values of a day that name most selectors.

    Args:
        values: values that match the facts.
        day: a known day.

    Returns:
        No value where the key is silent, one where it answers, more where it is ambiguous.
    """
    in_force = [value for value in values if day in value.span]
    most = max((len(value.selectors) for value in in_force), default=0)
    return [value for value in in_force if len(value.selectors) == most]


def change_days(values: Sequence[Value], known: DaySpan) -> list[date]:
    """Return the days on which what is in force changes, the first known day first.

    A value that is followed by an equal one with the same citation is no change.
    """
    changed: list[date] = []
    before: frozenset[object] | None = None
    for day in boundaries(values, known):
        in_force = frozenset(
            (tuple(sorted(value.selectors.items())), value.answer)
            for value in values
            if day in value.span
        )
        if in_force != before:
            changed.append(day)
        before = in_force
    return changed

"""Two packs, or one pack on two days, value by value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from config.calendar import DaySpan
from config.errors import PolicyNotKnown
from config.policy.keys import PolicyKey, Value, Word
from config.policy.pack import RegionPack
from config.policy.region import Region
from config.policy.spans import change_days
from config.policy.text import answer_text, selector_text

ADDED = "added"
REMOVED = "removed"
CHANGED = "changed"
CITED_ANEW = "cited anew"

Selection = tuple[tuple[str, tuple[Word, ...]], ...]


@dataclass(frozen=True)
class Change:
    """One value that differs.

    Attributes:
        key: key it stands in.
        selectors: for whom it holds, in words.
        kind: added, removed, changed, or only cited anew.
        before: what it said; empty where it was not there.
        after: what it says; empty where it is gone.
        citation_before: clause before.
        citation_after: clause after.
    """

    key: str
    selectors: str
    kind: str
    before: str
    after: str
    citation_before: str
    citation_after: str


def _in_force(key: PolicyKey | None, day: date) -> dict[Selection, Value]:
    """Return the values of a day; a value for a list of words counts once per list."""
    values = key.values if key else ()
    return {tuple(sorted(value.selectors.items())): value for value in values if day in value.span}


def _kind(before: Value | None, after: Value | None) -> str:
    if before is None:
        return ADDED
    if after is None:
        return REMOVED
    one, other = before.answer, after.answer
    is_same = (one.status, one.value, one.is_unlimited, one.accumulator_id, one.role) == (
        other.status,
        other.value,
        other.is_unlimited,
        other.accumulator_id,
        other.role,
    )
    if not is_same:
        return CHANGED
    return "" if one.citation == other.citation else CITED_ANEW


def _printed(name: str, value: Value | None) -> tuple[str, str]:
    return (
        ("", "")
        if value is None
        else (answer_text(name, value.answer), value.answer.citation.text())
    )


def _check_known(region: Region, day: date) -> None:
    if not region.known.first <= day <= region.known.last:
        raise PolicyNotKnown(region.id, day, *region.known)


def compare(pack_a: RegionPack, day_a: date, pack_b: RegionPack, day_b: date) -> list[Change]:
    """Compare what is in force on a day of one pack with a day of another, or of the same.

    Args:
        pack_a: the pack before.
        day_a: a known day of it.
        pack_b: the pack after.
        day_b: a known day of it.

    Returns:
        The values that differ, sorted by key.

    Raises:
        PolicyNotKnown: a day lies outside its pack.
    """
    _check_known(pack_a.region, day_a)
    _check_known(pack_b.region, day_b)
    changes = []
    for name in sorted({*pack_a.keys, *pack_b.keys}):
        before, after = (
            _in_force(pack_a.keys.get(name), day_a),
            _in_force(pack_b.keys.get(name), day_b),
        )
        for selection in sorted({*before, *after}, key=str):
            one, other = before.get(selection), after.get(selection)
            kind = _kind(one, other)
            if kind:
                texts, others = _printed(name, one), _printed(name, other)
                selectors = selector_text(dict(selection))
                changes.append(
                    Change(name, selectors, kind, texts[0], others[0], texts[1], others[1])
                )
    return changes


def compare_packs(pack_a: RegionPack, pack_b: RegionPack) -> list[tuple[DaySpan, list[Change]]]:
    """Compare two packs of a region on every day both know.

    Returns:
        Spans in which the same values differ, with these values, in order; days without
        a difference are left out.
    """
    known = pack_a.region.known_span.overlap(pack_b.region.known_span)
    if known is None:
        return []
    starts = {known.start}
    for pack in (pack_a, pack_b):
        for key in pack.keys.values():
            starts.update(
                day for day in change_days(key.values, pack.region.known_span) if day in known
            )
    ordered = sorted(starts)
    found: list[tuple[DaySpan, list[Change]]] = []
    for place, start in enumerate(ordered):
        span = DaySpan(start, ordered[place + 1] if place + 1 < len(ordered) else known.end)
        changes = compare(pack_a, start, pack_b, start)
        if found and found[-1][1] == changes and found[-1][0].end == start:
            found[-1] = (DaySpan(found[-1][0].start, span.end), changes)
        elif changes:
            found.append((span, changes))
    return found

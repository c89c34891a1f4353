"""Rule books of the kernel for stored releases, and accumulators as they are stored.

A book is made once per set of releases and shared by all requests of a process. Stored
accumulators are named, because the order of a book depends on the releases in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from claims.settlement.columns import CATEGORY_FIRST, CATEGORY_LAST
from claims.settlement.rules import RuleBook
from config.policy.selectors import known_tree, release_digests
from config.policy.tree import PolicyTree

_CATEGORY_CODES = (CATEGORY_FIRST, CATEGORY_LAST)

Stored = dict[str, int | str]


def book_of(release_ids: Iterable[int], known: Mapping[int, str] | None = None) -> RuleBook:
    """Return the book of the releases with these ids; their keys in it are the ids as text.

    Args:
        release_ids: releases the bills are settled under.
        known: digests the caller has read already; the database is asked for the others.
    """
    wanted = sorted(set(release_ids))
    digests = dict(known or {})
    missing = [release_id for release_id in wanted if release_id not in digests]
    if missing:
        digests |= release_digests(missing)
    return _book(tuple((str(each), known_tree(each, digests[each])) for each in wanted))


@lru_cache(maxsize=32)
def _book(trees: tuple[tuple[str, PolicyTree], ...]) -> RuleBook:
    return RuleBook(dict(trees))


def stored_accumulators(book: RuleBook, values: Mapping[str, int]) -> Stored:
    """Return accumulators as stored: what is zero is left out, category codes become words."""
    stored: Stored = {name: value for name, value in sorted(values.items()) if value}
    for name in _CATEGORY_CODES:
        if values.get(name, 0) > 0:
            stored[name] = book.categories[values[name] - 1]
    return stored


def kernel_accumulators(book: RuleBook, stored: Mapping[str, int | str]) -> dict[str, int]:
    """Return stored accumulators as the kernel counts them; the opposite of the above."""
    values = {name: value for name, value in stored.items() if isinstance(value, int)}
    for name in _CATEGORY_CODES:
        if name in stored:
            values[name] = book.categories.index(str(stored[name])) + 1
    return values

"""Which invariants there are: what the packages listed in `settings.SWEEP_INVARIANTS` say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.conf import settings
from django.utils.module_loading import import_string

from config.sweep.invariants import Invariant, NotBuilt

# Stays listed, so that nobody takes its silence for a verdict.
NOT_BUILT = (
    NotBuilt("I7", "per recalculation run, adjustments are new minus old", "F, recalculation"),
    NotBuilt("I8", "per file, every row received is accounted for", "C, files"),
    NotBuilt("I9", "per person, scheme and year, one effective contribution", "C, contributions"),
    NotBuilt("I10", "each difference is in at most one payment batch", "D, payment"),
    NotBuilt("I15", "one open alert per household, rule and year", "E, monitoring"),
    NotBuilt("I16", "payments are explained by settlement differences", "D, payment"),
)


def invariants() -> list[Invariant]:
    """Return every invariant there is, by number.

    `settings.SWEEP_INVARIANTS` lists dotted paths of lists of invariants: a package that has
    tables to watch adds a module and one line there.
    """
    found = [one for path in settings.SWEEP_INVARIANTS for one in import_string(path)]
    return sorted(found, key=lambda one: order(one.code))


def not_built() -> Iterator[NotBuilt]:
    """Return the invariants that nothing checks yet, because their tables do not exist."""
    checked = {one.code for one in invariants()}
    return (one for one in NOT_BUILT if one.code not in checked)


def order(code: str) -> tuple[str, int]:
    """Return what codes are sorted by: `I9` before `I10`."""
    letters, digits = re.fullmatch(r"([A-Z]+)(\d+)", code).groups()
    return letters, int(digits)

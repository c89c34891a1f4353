"""The sweep of the product after a fault: what the offline checker says in its own words.

The checker believes nothing and knows no service; the sweep is what the offices will run. A fault
test asks both.
"""

from __future__ import annotations

from config.sweep.invariants import Finding
from config.sweep.services import as_system, sweep_run


def sweep_findings() -> list[str]:
    """Sweep everything; returns each finding, and each check that broke, as a line."""
    with as_system("test:fault"):
        results = list(sweep_run().results.all())
    lines = [
        f"{each.code}: could not be checked: {each.failure}" for each in results if each.failure
    ]
    for each in results:
        lines += [f"{each.code}: {Finding(**first).line()}" for first in each.first_findings]
    return lines


def sweep_is_clean() -> bool:
    """Tell whether a sweep finds nothing; prints what it finds."""
    lines = sweep_findings()
    print(*lines[:20], sep="\n")
    return not lines

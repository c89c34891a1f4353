"""Which row of the reliability bar a test proves, how much it tried, and from which seed.

A test names its row with `@pytest.mark.row("A4")`. It counts what it tried through the fixture
`tried`; a test that does not, tried one thing. The last lines of a run print, per row: tests,
tried, failures and the seed. `--randomly-seed` with that seed alone repeats every drawing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from zlib import crc32

import pytest


class Tried:
    """What one test tried; a number beside the verdict, never a verdict."""

    def __init__(self, item: pytest.Item) -> None:
        self._item = item

    def __call__(self, count: int) -> None:
        """Add what was tried."""
        self._item.user_properties.append(("tried", count))


@pytest.fixture
def tried(request: pytest.FixtureRequest) -> Tried:
    return Tried(request.node)


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """Return the seed of this test: drawn from the seed of the run and the test's own name."""
    base = request.config.getoption("randomly_seed", 0)
    return (base + crc32(request.node.nodeid.encode())) % 2**32


def name_rows(items: list[pytest.Item]) -> None:
    """Write the row of each test where its report finds it, in whichever process it runs."""
    for item in items:
        for mark in item.iter_markers("row"):
            item.user_properties += [("row", name) for name in mark.args]


@dataclass
class _Row:
    tests: int = 0
    tried: int = 0
    failed: int = 0


def print_rows(terminal: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print what the run says of each row it touched."""
    rows: dict[str, _Row] = defaultdict(_Row)
    for outcome in ("passed", "failed", "error", "skipped"):
        for report in terminal.stats.get(outcome, []):
            properties = getattr(report, "user_properties", [])
            count = sum(value for name, value in properties if name == "tried") or 1
            for row in {value for name, value in properties if name == "row"}:
                rows[row].tests += 1
                rows[row].tried += count if outcome == "passed" else 0
                rows[row].failed += outcome != "passed"
    if not rows:
        return
    terminal.write_sep(
        "=", f"rows of the reliability bar, seed {config.getoption('randomly_seed', 0)}"
    )
    terminal.write_line(f"{'row':<8}{'tests':>7}{'tried':>10}{'failed':>8}")
    for name in sorted(rows, key=_order):
        row = rows[name]
        terminal.write_line(f"{name:<8}{row.tests:>7}{row.tried:>10}{row.failed:>8}")


def _order(name: str) -> tuple[str, int]:
    digits = "".join(character for character in name if character.isdigit())
    return name.rstrip("0123456789"), int(digits or 0)

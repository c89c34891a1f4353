"""`docs/duties.md` holds every duty of the notices once, and names only tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "duties.md"
NOT_COVERED = "not covered yet"
EXPECTED = {
    "S19": "01-14 16-19 21-23 26-27 29-31 33 35-36 38-39 41-42 46-47 49-51 54",
    "CQ": "01-06 08-12 14-25 27 29-30 32 44 50-51 53-56 58-66 68 70 73 76-77 79",
    "S21": "01-04 06-07 09-12 14-16 18-19 21-25 41 45 47-48 50-51 56-62 65-67",
    "JM": "01-15 19-21 23-24 33-35 42-45 47-49 53",
    "S22": "01-03 05-18 22 43-44 46-51 55-57",
}
"""Numbers of the duties per notice, spans inclusive."""

_ROW = re.compile(r"\| ((?:S19|CQ|S21|JM|S22)-\d\d) \|(.*)\|")
_HEADING = re.compile(r"## .*: (\d+) duties")


def _expected_ids() -> list[str]:
    ids = []
    for notice, spans in EXPECTED.items():
        for span in spans.split():
            first, _, last = span.partition("-")
            ids += [
                f"{notice}-{number:02d}" for number in range(int(first), int(last or first) + 1)
            ]
    return ids


def _rows() -> dict[str, tuple[str, ...]]:
    rows = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        match = _ROW.fullmatch(line)
        if match:
            assert match[1] not in rows, f"{match[1]} stands twice"
            rows[match[1]] = tuple(cell.strip() for cell in match[2].split(" | "))
    return rows


def test_every_duty_stands_once_and_in_order() -> None:
    assert list(_rows()) == _expected_ids()


def test_headings_count_their_rows() -> None:
    counts = [int(count) for count in _HEADING.findall(PAGE.read_text(encoding="utf-8"))]
    ids = _expected_ids()
    assert counts == [sum(each.startswith(f"{notice}-") for each in ids) for notice in EXPECTED]


@pytest.mark.parametrize("duty", sorted(_rows()))
def test_a_duty_has_screen_and_existing_test_or_neither(duty: str) -> None:
    cells = _rows()[duty]
    assert len(cells) == 4, f"{duty} needs clause, duty, screen and test"
    *_, screen, test = cells
    if NOT_COVERED in (screen, test):
        assert screen == test == NOT_COVERED
        return
    assert screen
    paths = re.findall(r"`(tests/[^`:]+)(?:::[^`]+)?`", test)
    assert paths, f"{duty} names no test"
    for path in paths:
        assert (ROOT / path).is_file(), f"{duty} names {path}, which does not exist"

"""Every invariant finds the row that was broken by hand, and finds nothing before."""

from __future__ import annotations

import pytest

from claims.sweep.registry import INVARIANTS
from config.sweep.registry import invariants
from config.sweep.services import as_system, sweep_run
from tests.claims.sweep.breaks import BREAKS, IT, Break
from tests.tampering import without_fences

pytestmark = pytest.mark.django_db(transaction=True)
CODES = sorted({each.code for each in BREAKS})
# What follows a bill in its account, where it is the one that no longer stands on what came before.
AFTER = {"third": "last", "platform": "after_platform"}


def sweep(*codes: str):
    """Sweep as the system; returns the results by code."""
    with as_system("test"):
        return {result.code: result for result in sweep_run(codes).results.all()}


def statement_of(broken: Break, ledger) -> str:
    statement = broken.statement.replace(":it", IT)
    statement = statement.replace(":bill", str(getattr(ledger, broken.bill).pk))
    return statement.replace(":elsewhere", str(ledger.desk.offices.west.pk))


def told_of(broken: Break, ledger) -> str:
    word, _, name = broken.told.partition(" ")
    if word == ":after":
        return getattr(ledger, AFTER[name]).number
    return broken.told or getattr(ledger, broken.bill).number


def tells(finding: dict, broken: Break, ledger) -> bool:
    said = f"{finding['rule']} {finding['facts']}"
    return broken.rule in said and told_of(broken, ledger) in finding["row"]


@pytest.mark.parametrize(
    "code", [pytest.param(code, marks=pytest.mark.row(code)) for code in CODES]
)
def test_a_row_broken_by_hand_is_reported_by_its_invariant_and_its_number(ledger, code, tried):
    breaks = [each for each in BREAKS if each.code == code]
    unseen = []
    with without_fences(*sorted({each.table for each in breaks})) as tampering:
        for broken in breaks:
            assert tampering.change(statement_of(broken, ledger)) != 0, broken
            result = sweep(code)[code]
            if not any(tells(finding, broken, ledger) for finding in result.first_findings):
                unseen.append((broken, result.failure, result.first_findings))
            if broken.undone:
                tampering.change(broken.undone)
            tampering.restore()
        remaining = sweep(code)[code].first_findings
    tried(len(breaks))
    assert unseen == []
    # Only the fences themselves are still away.
    assert {each["rule"] for each in remaining} <= {"a table of offices takes no row without one"}


@pytest.mark.row(*CODES)
def test_a_ledger_as_it_should_be_is_clean_by_every_invariant(ledger):
    results = sweep()
    found = {code: result.first_findings for code, result in results.items()}
    assert {code: first for code, first in found.items() if first} == {}
    assert {code for code, result in results.items() if result.failure} == set()
    assert {code for code in CODES if not results[code].rows_read} == set()
    assert list(results) == [one.code for one in invariants()]


def test_every_invariant_of_the_ledger_has_a_control():
    assert {one.code for one in INVARIANTS} == set(CODES)

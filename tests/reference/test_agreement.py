"""Kernel and reference agree on every figure of many random bills under random packs.

`AGREEMENT_BILLS` sets how many (200,000 when unset, 1,000,000 at night), `AGREEMENT_SEED` where to
start.
"""

import os

import pytest

from tests.reference.agreement import SHOWN_AT_MOST, Agreement, compare_pack

BILLS = int(os.environ.get("AGREEMENT_BILLS", "200000"))
SEED = int(os.environ.get("AGREEMENT_SEED", "20220101"))
NIGHTLY_BILLS = 1_000_000
BILLS_PER_PACK = 4000


@pytest.mark.row("A10")
@pytest.mark.parametrize("bills", [BILLS, pytest.param(NIGHTLY_BILLS, marks=pytest.mark.nightly)])
def test_the_kernel_agrees_with_the_reference(tmp_path, tried, bills):
    result = Agreement()
    # The night goes on where the day begins: the same packs, and then others.
    seed = SEED
    while result.bills < bills and len(result.departures) < SHOWN_AT_MOST:
        wanted = min(BILLS_PER_PACK, bills - result.bills)
        compare_pack(seed, wanted, tmp_path, result)
        seed += 1
    print(f"{result.bills} bills under packs {SEED} to {seed - 1}: {result.outcomes}")
    print(f"figures above nothing: {result.exercised}")
    tried(result.bills)
    assert result.bills >= bills or result.departures
    assert not result.departures, "\n\n".join(result.departures[:SHOWN_AT_MOST])

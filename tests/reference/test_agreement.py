"""Kernel and reference agree on every figure of many random bills under random packs.

`AGREEMENT_BILLS` sets how many (200,000 when unset), `AGREEMENT_SEED` where to start.
"""

import os

from tests.reference.agreement import SHOWN_AT_MOST, Agreement, compare_pack

BILLS = int(os.environ.get("AGREEMENT_BILLS", "200000"))
SEED = int(os.environ.get("AGREEMENT_SEED", "20220101"))
BILLS_PER_PACK = 4000


def test_the_kernel_agrees_with_the_reference(tmp_path):
    result = Agreement()
    seed = SEED
    while result.bills < BILLS and len(result.departures) < SHOWN_AT_MOST:
        wanted = min(BILLS_PER_PACK, BILLS - result.bills)
        compare_pack(seed, wanted, tmp_path, result)
        seed += 1
    print(f"{result.bills} bills under packs {SEED} to {seed - 1}: {result.outcomes}")
    print(f"figures above nothing: {result.exercised}")
    assert not result.departures, "\n\n".join(result.departures[:SHOWN_AT_MOST])

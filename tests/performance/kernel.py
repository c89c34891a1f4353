"""The kernel with every switch of the demonstration pack against the scalar integer loop."""

import numpy as np

from claims.settlement.accumulators import Accumulators
from claims.settlement.batch import settle_batch
from claims.settlement.columns import ClaimColumns
from claims.settlement.rules import RuleBook
from tests.performance.bills import demonstration_book, million_bills, sample_facts
from tests.performance.measure import Row, median_seconds, peak_mebibytes
from tests.performance.scalar import ScalarSettlement

BILLS, PEOPLE = 1_000_000, 300_000
SCALAR_BILLS = 100_000
COMPARED = ("basic", "catastrophic", "assistance", "supplementary", "own_share")


class Disagreement(AssertionError):
    """The two ways do not agree to the fen; the figures of the benchmark would mean nothing."""


def measure_kernel(bills: int = BILLS, people: int = PEOPLE) -> list[Row]:
    """Bulk: `bills` bills of `people` people; and one bill at the desk."""
    book = demonstration_book()
    claims = million_bills(book, bills, people)
    opening = Accumulators.empty(book.accumulator_names, people)
    seconds = median_seconds(lambda: settle_batch(claims, book.table, opening))
    scalar_seconds = _scalar_seconds(book, claims, opening) * (bills / SCALAR_BILLS)
    bulk = Row(
        "kernel, every switch",
        f"{bills:,} bills",
        seconds,
        scalar_seconds,
        "reach >= 8x",
        f"{bills / seconds:,.0f} bills/s",
    )
    return [bulk, _one_bill(book)]


def _scalar_seconds(book: RuleBook, claims: ClaimColumns, opening: Accumulators) -> float:
    """Time the loop on the first bills and compare every one of them with the kernel."""
    part = claims.take(np.arange(SCALAR_BILLS))
    loop = ScalarSettlement(book.table)
    seconds = median_seconds(lambda: loop.run(part), times=3)
    expected = loop.run(part)
    results, _ = settle_batch(part, book.table, opening)
    got = np.where(results.outcome == 0, np.stack([results.column(name) for name in COMPARED]), 0).T
    wrong = np.flatnonzero((got != np.array(expected)).any(axis=1))
    if len(wrong):
        raise Disagreement(
            f"{len(wrong)} bills, first {wrong[0]}: {expected[wrong[0]]}, kernel {got[wrong[0]].tolist()}"
        )
    return seconds


def _one_bill(book: RuleBook) -> Row:
    facts = sample_facts(book, 50)
    state = Accumulators.empty(book.accumulator_names, 1)

    def settle_all() -> None:
        for bill in facts:
            settle_batch(book.claims([bill], np.zeros(1, dtype=np.int64)), book.table, state)

    seconds = median_seconds(settle_all, times=9) / len(facts)
    return Row(
        "one bill through the kernel",
        "1 bill",
        seconds,
        None,
        "reach <= 1 ms",
        f"peak {peak_mebibytes():.0f} MiB",
    )

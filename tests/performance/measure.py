"""Timing and printing: one line per row, warm-up once, median of at least three."""

import resource
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple


class Row(NamedTuple):
    """One line of the benchmark: seconds, those of the baseline, and the ratio to reach."""

    name: str
    size: str
    seconds: float
    baseline_seconds: float | None
    reach: str
    note: str = ""

    def line(self) -> str:
        """Print as one line; the ratio is how many times faster or slower than the baseline."""
        baseline, ratio = "", ""
        if self.baseline_seconds is not None:
            faster = self.baseline_seconds / self.seconds
            baseline = seconds_text(self.baseline_seconds)
            ratio = f"{faster:.1f}x" if self.reach.startswith("reach >=") else f"{1 / faster:.1f}x"
        return f"{self.name:<34}{self.size:>18}{seconds_text(self.seconds):>12}{baseline:>12}{ratio:>8}  {self.reach:<18}{self.note}"


HEADER = f"{'what':<34}{'size':>18}{'seconds':>12}{'baseline':>12}{'ratio':>8}  {'goal':<18}"


def seconds_text(seconds: float) -> str:
    """Seconds, or milliseconds below a tenth of a second."""
    return f"{seconds * 1000:.2f} ms" if seconds < 0.1 else f"{seconds:.2f} s"


def median_seconds(work: Callable[[], object], times: int = 3) -> float:
    """Run once to warm up, then the median of `times` runs."""
    work()
    runs = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        runs.append(time.perf_counter() - start)
    return statistics.median(runs)


def percentile(values: list[float], share: int) -> float:
    """The value below which `share` per cent of the values lie."""
    return statistics.quantiles(values, n=100, method="inclusive")[share - 1]


def peak_mebibytes() -> float:
    """Peak resident memory of this process."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

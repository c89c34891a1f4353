"""Run the benchmarks and print one line per row: `make bench`."""

import sys

from tests.performance.kernel import measure_kernel
from tests.performance.measure import HEADER


def main() -> None:
    """Print every row as it is measured."""
    sys.stdout.write(HEADER + "\n")
    for row in measure_kernel():
        sys.stdout.write(row.line() + "\n")


if __name__ == "__main__":
    main()

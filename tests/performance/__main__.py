"""Run the benchmarks and print one line per row: `make bench`."""

import logging
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
django.setup()
logging.disable(logging.INFO)

# The settings must stand before anything of the product is imported.
from tests.performance.desk import measure_desk  # noqa: E402
from tests.performance.kernel import measure_kernel  # noqa: E402
from tests.performance.ledger import measure_ledger  # noqa: E402
from tests.performance.measure import HEADER  # noqa: E402


def main() -> None:
    """Print every row as it is measured."""
    sys.stdout.write(HEADER + "\n")
    for measure in (measure_kernel, measure_desk, measure_ledger):
        for row in measure():
            sys.stdout.write(row.line() + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()

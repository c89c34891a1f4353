"""Try a sample of mutants: `python -m tests.mutation --sample 200 --seed 1`.

Ends with 1 where fewer than 90 % die, or where one survives without an explanation.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter

from tests.mutation.explained import EXPLAINED, SAME
from tests.mutation.mutants import ROOT, SOURCES, Mutant, mutants_of
from tests.mutation.trial import finished, prepare, start

GOAL = 90


def main() -> int:
    chosen = _chosen(_arguments())
    prepare()
    if _survivors([None], 1):
        began = time.monotonic()
        survivors = _survivors(chosen.sample, chosen.processes)
        return _report(chosen.sample, survivors, time.monotonic() - began)
    print("The tests fail on the source as it is: nothing can be told from mutants.")
    return 2


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=0, help="how many; 0 tries all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--file", action="append", default=[], help="only these files")
    parser.add_argument("--processes", type=int, default=2)
    return parser.parse_args()


def _chosen(arguments: argparse.Namespace) -> argparse.Namespace:
    """Draw the sample, from every file alike."""
    every = [
        mutant
        for path in SOURCES
        if not arguments.file or path.relative_to(ROOT).as_posix() in arguments.file
        for mutant in mutants_of(path)
    ]
    size = min(arguments.sample or len(every), len(every))
    arguments.sample = random.Random(arguments.seed).sample(every, size)
    print(f"{size} of {len(every)} mutants, seed {arguments.seed}", flush=True)
    return arguments


def _survivors(sample: list[Mutant | None], processes: int) -> list[Mutant | None]:
    waiting, running, survivors = list(sample), {}, []
    while waiting or running:
        while waiting and len(running) < processes:
            mutant = waiting.pop(0)
            running[start(mutant)] = (mutant, time.monotonic())
        for child, (mutant, began) in list(running.items()):
            failed = finished(child, began)
            if failed is None:
                continue
            del running[child]
            if not failed:
                survivors.append(mutant)
                if mutant is not None:
                    print(f"survived: {mutant.name} (line {mutant.line})", flush=True)
        time.sleep(0.05)
    return survivors


def _report(sample: list[Mutant], survivors: list[Mutant], seconds: float) -> int:
    by_file = Counter(mutant.path for mutant in sample)
    alive = Counter(mutant.path for mutant in survivors)
    for path in sorted(by_file):
        print(f"{path:<45} {by_file[path] - alive[path]:>5} of {by_file[path]:>5} killed")
    unexplained = [mutant for mutant in survivors if mutant.name not in EXPLAINED]
    same = [mutant for mutant in survivors if mutant.name in SAME]
    tried, killed = len(sample) - len(same), len(sample) - len(survivors)
    print(
        f"A10: {killed} of {tried} mutants killed ({100 * killed / max(tried, 1):.1f} %), beside"
        f" {len(same)} that compute the same; {len(survivors) - len(same)} survive,"
        f" {len(unexplained)} without an explanation, {seconds:.0f} s"
    )
    return int(100 * killed < GOAL * tried or bool(unexplained))


if __name__ == "__main__":
    sys.exit(main())

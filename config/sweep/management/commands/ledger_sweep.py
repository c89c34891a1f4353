"""Check every invariant of the ledger; ends with a code other than 0 if one is broken."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.error_sentences import sentence
from config.errors import DomainError
from config.sweep.invariants import Finding
from config.sweep.models import SweepResult
from config.sweep.registry import invariants, not_built
from config.sweep.services import as_system, sweep_run

SHOWN = 10


class Command(BaseCommand):
    help = "Check every invariant of the ledger over one instant of the database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--only", nargs="+", default=[], metavar="I5", help="these invariants")

    def handle(self, *_args: Any, **options: Any) -> None:
        said = {one.code: one.sentence for one in invariants()}
        try:
            with as_system("command:ledger_sweep"):
                run = sweep_run(options["only"])
                results = list(run.results.all())
        except DomainError as error:
            raise CommandError(sentence(error)) from error
        for result in results:
            self._print(result, said[result.code])
        for each in not_built():
            self.stdout.write(f"{each.code:<4} not built yet ({each.added_with}): {each.sentence}")
        if not run.is_clean:
            raise CommandError(f"{run.findings} findings, {run.failures} not checked")
        self.stdout.write("clean")

    def _print(self, result: SweepResult, said: str) -> None:
        verdict = result.failure or f"{result.findings} findings"
        self.stdout.write(
            f"{result.code:<4} {result.rows_read:>11,} rows {verdict:>14}"
            f" {result.milliseconds / 1000:>8.1f} s  {said}"
        )
        for first in result.first_findings[:SHOWN]:
            self.stdout.write(f"     {Finding(**first).line()}")

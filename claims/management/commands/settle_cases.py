"""Settle published examples through the kernel and compare them, without a database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from claims.settlement.cases import Case, Failure, check_case, figure_texts, read_case, settle_cases
from config.error_sentences import sentence
from config.errors import InvalidInput
from config.policy.loader import PolicyErrors, find_packs, load_notices, load_pack, notice_folders
from config.policy.tree import PolicyTree

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from claims.settlement.ledger import LedgerPerson


class Command(BaseCommand):
    """`settle_cases FILE... [--packs DIR] [--format json|table]`."""

    help = "Settle cases through the kernel; exits with 1 where an expectation fails."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare files, packs and format."""
        parser.add_argument("files", nargs="+", type=Path, help="YAML or JSON files of cases")
        parser.add_argument(
            "--packs", default=settings.POLICY_PACKS, help="folders of further packs"
        )
        parser.add_argument("--format", choices=("json", "table"), default="table", dest="shape")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Read, settle, print, compare."""
        try:
            cases = [case for file in options["files"] for case in read_cases(file)]
            people = settle_cases(
                load_trees(options["packs"], {case.region for case in cases}), cases
            )
        except InvalidInput as mistake:
            place = f"{mistake.field}: " if mistake.field else ""
            raise CommandError(place + sentence(mistake)) from mistake
        except (PolicyErrors, OSError, UnicodeDecodeError, yaml.YAMLError) as mistake:
            raise CommandError(str(mistake)) from mistake
        failures = [
            failure
            for case, person in zip(cases, people, strict=True)
            for failure in check_case(case, person)
        ]
        if options["shape"] == "json":
            self.stdout.write(
                json.dumps(report(cases, people, failures), ensure_ascii=False, indent=1)
            )
        else:
            self._print_table(cases, people)
        checked = sum(
            len(names)
            for case in cases
            for expectation in case.expectations
            for names in expectation.of.values()
        )
        for failure in failures:
            self.stderr.write(str(failure))
        summary = f"{len(cases)} cases, {checked} expectations, {len(failures)} failed"
        if failures:
            raise CommandError(summary)
        self.stderr.write(summary)

    def _print_table(self, cases: list[Case], people: list[LedgerPerson]) -> None:
        for case, person in zip(cases, people, strict=True):
            self.stdout.write(f"\n{case.name} [{case.region}]")
            for bill, figures in person.current.items():
                self.stdout.write(f"  bill {bill}")
                for name, text in figure_texts(figures).items():
                    if text not in ("0.00 yuan", ""):
                        self.stdout.write(f"    {name:<26}{text:>24}")


def read_cases(file: Path) -> list[Case]:
    """Read the cases of one file; JSON is YAML.

    Raises:
        InvalidInput: the file holds no list of cases, or a case cannot be read.
    """
    with file.open(encoding="utf-8") as stream:  # a stream has a name, which mistakes of YAML print
        loaded = yaml.safe_load(stream)
    if not isinstance(loaded, list):
        raise InvalidInput("claims.case.no_list", file=str(file))
    return [read_case(raw) for raw in loaded]


def load_trees(packs: str, regions: set[str]) -> dict[str, PolicyTree]:
    """Policy trees of the regions the cases name, from the product and from `packs`."""
    notices = load_notices(notice_folders(packs))
    return {
        region: PolicyTree(load_pack(folder, notices))
        for region, folder in find_packs(packs).items()
        if region in regions
    }


def report(
    cases: list[Case], people: list[LedgerPerson], failures: list[Failure]
) -> list[dict[str, Any]]:
    """Every bill of every case with all figures, and the failures of the case."""
    return [
        {
            "case": case.name,
            "region": case.region,
            "bills": {bill: figure_texts(figures) for bill, figures in person.current.items()},
            "failures": [str(failure) for failure in failures if failure.case == case.name],
        }
        for case, person in zip(cases, people, strict=True)
    ]

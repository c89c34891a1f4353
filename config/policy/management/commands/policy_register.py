"""Register the rules of a region from the files, and put them in force if asked."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.error_sentences import sentence
from config.errors import DomainError
from config.offices.acting import run_in_office
from config.offices.models import Office
from config.policy.models import PolicyDocument
from config.policy.services import policy_release_activate, policy_release_register


class Command(BaseCommand):
    help = "Register the policy pack of a region as a release; --activate puts it in force."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("region")
        parser.add_argument("--activate", type=date.fromisoformat, metavar="FROM_DAY")
        parser.add_argument("--document", metavar="NUMBER", help="number of a recorded document")

    def handle(self, *_args: Any, **options: Any) -> None:
        region = options["region"]
        pool = Office.objects.filter(kind=Office.Kind.POOL, region=region).first()
        if pool is None:
            raise CommandError(f"no pool settles by region {region}")
        try:
            with run_in_office(pool, agent="command:policy_register"):
                self._register(region, options["activate"], options["document"])
        except DomainError as error:
            raise CommandError(sentence(error)) from error

    def _register(self, region: str, from_day: date | None, number: str | None) -> None:
        release = policy_release_register(region)
        self.stdout.write(f"registered {region} {release.digest[:12]}")
        if from_day is None or release.activations.filter(active_from=from_day).exists():
            return
        document = PolicyDocument.objects.filter(number=number).first() if number else None
        if number and document is None:
            raise CommandError(f"document {number} is not recorded")
        policy_release_activate(release, from_day, document)
        self.stdout.write(f"in force from {from_day}")

"""Make a token of the machine interface for a facility at an office; shown once."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.selectors.facts import facility_of
from claims.services.api_token import api_token_create
from config.error_sentences import sentence
from config.errors import DomainError
from config.offices.acting import run_in_office
from config.offices.models import Office


class Command(BaseCommand):
    help = "Make a token of the machine interface. Its text is printed now and never again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("office", help="code of the office")
        parser.add_argument("facility", help="national code of the facility")
        parser.add_argument("name", help="which system of the facility will hold it")
        parser.add_argument("--through", type=date.fromisoformat, metavar="DAY", help="last day")

    def handle(self, *_args: Any, **options: Any) -> None:
        office = Office.objects.filter(code=options["office"]).first()
        if office is None:
            raise CommandError(f"no office has the code {options['office']}")
        try:
            with run_in_office(office, agent="command:api_token_create"):
                facility = facility_of(options["facility"])
                token, text = api_token_create(facility, options["name"], options["through"])
        except DomainError as error:
            raise CommandError(sentence(error)) from error
        self.stderr.write(f"{token} · {facility} · {office}")
        self.stdout.write(text)

"""`manage.py backup`: one verified, encrypted base backup; or the second place alone."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.backup.services import backup_make, copy_to_second_place
from config.error_sentences import sentence
from config.errors import DomainError


class Command(BaseCommand):
    help = "Back up the cluster, verify the backup; --second-place copies what is missing there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--second-place", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            if options["second_place"]:
                self.stdout.write(f"copied {copy_to_second_place()} files")
                return
            made = backup_make()
        except DomainError as error:
            raise CommandError(sentence(error)) from error
        self.stdout.write(f"{made.label}: {made.plain_bytes:,} bytes, verified")

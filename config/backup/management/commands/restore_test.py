"""`manage.py restore_test`: restore into a scratch cluster, let it be judged, remove it."""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.backup.services import restore_test
from config.error_sentences import sentence
from config.errors import DomainError


class Command(BaseCommand):
    help = "Restore the newest backup into a scratch cluster and check what came back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--at", type=datetime.fromisoformat, metavar="INSTANT")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            backup = restore_test(options["at"])
        except DomainError as error:
            raise CommandError(sentence(error)) from error
        self.stdout.write(
            f"{backup.label}: restored, paused, keys open, sweep clean, sign-in works"
        )

"""`manage.py restore`: make a data folder that comes back to an instant. Needs no database."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.backup.restoring import chosen_backup, prepare
from config.backup.services import backup_shelf
from config.error_sentences import sentence
from config.errors import DomainError

NEXT_STEPS = """
Restored into {folder}. Next (docs/operations.md, "database restore"):
  1. Give the folder and {folder}.log_of_changes to the account that runs PostgreSQL;
     compare postgresql.conf and pg_hba.conf.
  2. Start PostgreSQL; when it is up, remove {folder}.log_of_changes: it is not encrypted.
  3. Start the product. It is paused until two people of the pool confirm on the health page."""


class Command(BaseCommand):
    help = "Unpack and verify a backup into a new folder, set up to come forward to an instant."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="NEW_DATA_FOLDER")
        parser.add_argument(
            "--at",
            type=datetime.fromisoformat,
            metavar="INSTANT",
            help="last moment that comes back, with its time zone: 2026-11-25T10:00:00+08:00",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        instant = options["at"]
        if instant is not None and instant.tzinfo is None:
            raise CommandError("Name the time zone of the instant: 2026-11-25T10:00:00+08:00")
        try:
            shelf = backup_shelf()
            backup = chosen_backup(shelf, instant)
            prepare(shelf, backup, options["folder"], settings.POSTGRES_PROGRAMS, instant)
        except DomainError as error:
            raise CommandError(sentence(error)) from error
        self.stdout.write(NEXT_STEPS.format(folder=options["folder"]))

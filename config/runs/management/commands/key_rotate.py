"""Plan the rotation of the keys, or tell what is still sealed with an older one."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.error_sentences import sentence
from config.errors import DomainError
from config.identity.keys import key_ring
from config.offices import scope
from config.offices.acting import run_in_office
from config.offices.models import Office, User
from config.offices.selectors import scope_of_system
from config.runs.key_rotation import stale_counts
from config.runs.services import run_plan


class Command(BaseCommand):
    help = (
        "Plan the run that seals everything with the first key of ID_NUMBER_KEYS. Another"
        " administrator or security officer of the pool approves it on the page of runs. --check only counts what an"
        " older key still holds, and ends with 1 while there is any."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")
        parser.add_argument(
            "--by", default="", help="username of an administrator or security officer of the pool"
        )
        parser.add_argument("--reason", default="")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["check"]:
            self._check()
            return
        user = User.objects.filter(username=options["by"]).first()
        pool = Office.objects.filter(kind=Office.Kind.POOL).first()
        if user is None or pool is None:
            raise CommandError("Name an administrator or security officer of the pool with --by.")
        try:
            with run_in_office(pool, user, agent="command:key_rotate"):
                run = run_plan("key_rotation", options["reason"], to_key=key_ring().current.key_id)
        except DomainError as error:
            raise CommandError(sentence(error)) from None
        self.stdout.write(
            f"Run {run.public_id} is planned: {run.rows_planned} rows. Another administrator or"
            " security officer of the pool approves it on the page of runs."
        )

    def _check(self) -> None:
        with scope.enter_or_leave(scope_of_system("command:key_rotate")):
            found = stale_counts() if scope.current_or_none() else {}
        for part, count in found.items():
            self.stdout.write(f"{part}: {count} rows are not sealed with the first key")
        if found:
            raise CommandError("Keep the older keys listed.")
        self.stdout.write("Everything is sealed with the first key. The older ones may go.")

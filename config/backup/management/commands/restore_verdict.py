"""`manage.py restore_verdict`: judge the database it is pointed at as a restored one."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config.backup.verdict import problems


class Command(BaseCommand):
    help = "Say what is wrong with a restored database; run by restore_test on its scratch cluster."

    def handle(self, *_args: Any, **_options: Any) -> None:
        found = problems()
        if found:
            raise CommandError("; ".join(found))
        for name in settings.RESTORE_VERDICTS:
            call_command(name, stdout=self.stdout)
        self.stdout.write("well")

"""`manage.py health`: for monitors. Exit 0 well, 1 an alarm, 2 not ready to serve."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from config.health.facts import read_facts
from config.health.readiness import unready

WELL, ALARM, NOT_READY = 0, 1, 2


class Command(BaseCommand):
    help = "Say as JSON whether this installation is ready; --deep reads every fact."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--deep", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        missing = unready()
        facts = read_facts() if options["deep"] else []
        said: dict[str, Any] = {"ready": not missing, "missing": missing}
        if options["deep"]:
            said["facts"] = [
                {"name": fact.name, "state": fact.state, "said": str(fact.said)} for fact in facts
            ]
        self.stdout.write(json.dumps(said, ensure_ascii=False, indent=2))
        if missing:
            sys.exit(NOT_READY)
        if any(fact.is_alarm for fact in facts):
            sys.exit(ALARM)

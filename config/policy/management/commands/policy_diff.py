"""`manage.py policy_diff REGION DATE DATE`: what differs between two days."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.errors import PolicyNotKnown
from config.policy.management.pack_choice import chosen_pack, day_argument
from config.policy.review.comparison import compare
from config.policy.review.table import table


class Command(BaseCommand):
    help = "Show which values of a region differ between two days, with their clauses."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "region", help="id, division code or name: 230800_jiamusi, 230800 or jiamusi"
        )
        parser.add_argument("before", help="a day such as 2021-12-31")
        parser.add_argument("after", help="a day such as 2022-01-01")

    def handle(self, *_args: Any, **options: Any) -> None:
        pack = chosen_pack(options["region"])
        before, after = day_argument(options["before"]), day_argument(options["after"])
        try:
            changes = compare(pack, before, pack, after)
        except PolicyNotKnown as error:
            known = pack.region.known
            day = error.facts["day"]
            raise CommandError(
                f"{pack.region.id} is known from {known.first} through {known.last}, not on {day}"
            ) from error
        self.stdout.write(f"{pack.region.id} {pack.region.name_zh}: {before} against {after}")
        if not changes:
            self.stdout.write("nothing differs")
            return
        rows = [
            (
                change.key,
                change.selectors or "everyone",
                change.kind,
                change.before,
                change.after,
                change.citation_after or change.citation_before,
            )
            for change in changes
        ]
        self.stdout.write(table(("key", "for", "change", "before", "after", "clause"), rows))

"""`manage.py policy_show REGION DATE [KEY]`: what is in force on a day, with its clauses."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.policy.management.pack_choice import chosen_pack, day_argument
from config.policy.reading.problems import nearest_word
from config.policy.review.table import table
from config.policy.tree import PolicyTree


class Command(BaseCommand):
    help = "Show the values of a region that are in force on a day, each with its clause."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "region", help="id, division code or name: 230800_jiamusi, 230800 or jiamusi"
        )
        parser.add_argument("date", help="a day such as 2022-01-31")
        parser.add_argument(
            "key", nargs="?", default="", help="a key or its beginning: catastrophic, basic.rate"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        pack, day, wanted = (
            chosen_pack(options["region"]),
            day_argument(options["date"]),
            options["key"],
        )
        known = pack.region.known
        if not known.first <= day <= known.last:
            raise CommandError(
                f"{pack.region.id} is known from {known.first} through {known.last}, not on {day}"
            )
        names = [name for name in pack.keys if f"{name}.".startswith(f"{wanted}.") or not wanted]
        if not names:
            near = nearest_word(wanted, pack.keys)
            raise CommandError(
                f"there is no key {wanted}" + (f"; did you mean {near}?" if near else "")
            )
        rows = [
            (
                entry.key,
                entry.selectors or "everyone",
                entry.text,
                str(entry.start),
                str(entry.last),
                ("unverified: " if entry.citation.is_unverified else "") + entry.citation.text(),
            )
            for entry in PolicyTree(pack).entries()
            if entry.key in names and entry.start <= day <= entry.last
        ]
        self.stdout.write(f"{pack.region.id} {pack.region.name_zh} on {day}")
        self.stdout.write(table(("key", "for", "value", "from", "through", "clause"), rows))

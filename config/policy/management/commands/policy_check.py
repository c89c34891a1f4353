"""`manage.py policy_check`: load every pack, print what is wrong, odd or not known."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.calendar import today
from config.policy.loader import PolicyErrors, find_packs, load_notices, load_pack, notice_folders
from config.policy.pack import RegionPack
from config.policy.review.lint import lint, unknown_spans
from config.policy.review.table import table


class Command(BaseCommand):
    help = "Check the policy packs: errors (exit 1), warnings, and what they say they do not know."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--packs",
            metavar="DIR",
            type=Path,
            action="append",
            default=[],
            help="a further folder of packs, besides those of POLICY_PACKS; may be repeated",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        extra = [*settings.POLICY_PACKS, *options["packs"]]
        for folder in options["packs"]:
            if not folder.is_dir():
                raise CommandError(f"there is no folder {folder}")
        try:
            notices = load_notices(notice_folders(extra))
        except PolicyErrors as error:
            self.stdout.write(str(error))
            raise CommandError(f"{len(error.problems)} errors in notices") from error
        self.stdout.write(f"{len(notices)} notices")
        wrong, problems = 0, 0
        for region, folder in find_packs(extra).items():
            try:
                self._show(load_pack(folder, notices))
            except PolicyErrors as error:
                wrong, problems = wrong + 1, problems + len(error.problems)
                self.stdout.write(f"\n{region}: {len(error.problems)} errors")
                self.stdout.write(str(error))
        if wrong:
            raise CommandError(f"{problems} errors in {wrong} packs")

    def _show(self, pack: RegionPack) -> None:
        region, count = pack.region, sum(len(key.values) for key in pack.keys.values())
        self.stdout.write(
            f"\n{region.id} {region.name_zh} ({region.kind}): {count} values, "
            f"{region.known.first} through {region.known.last}, digest {pack.digest}"
        )
        for oddity in lint(pack, today()):
            self.stdout.write(f"  warning: {oddity}")
        rows = [
            (
                "  " + unknown.key,
                unknown.selectors,
                f"{unknown.span.start}",
                f"{unknown.span.last}",
                unknown.why,
            )
            for unknown in unknown_spans(pack)
        ]
        if rows:
            self.stdout.write("  not known:")
            self.stdout.write(table(("  key", "for", "from", "through", "why"), rows))

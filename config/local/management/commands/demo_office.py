"""`manage.py demo_office`: fill an empty database with the invented pool."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.local.demo_office.build import SEED, build


class Command(BaseCommand):
    help = "Make an invented pool with two county offices, once; repeat it safely."

    def add_arguments(self, parser):
        parser.add_argument("--seed", type=int, default=SEED)

    def handle(self, *_args, **options):
        if not settings.IS_DEMONSTRATION:
            raise CommandError("This database is not a demonstration (IS_DEMONSTRATION is not 1).")
        path = settings.VAR_DIR / "sign-ins.txt"
        text = build(path, options["seed"])
        self.stdout.write(text or "The invented offices are there already.")

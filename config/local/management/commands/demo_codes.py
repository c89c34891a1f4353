"""`manage.py demo_codes`: the codes the devices of the demonstration show now."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.sign_in.models import TotpDevice


class Command(BaseCommand):
    help = "Print the next code of each account of a demonstration; refused anywhere else."

    def handle(self, *_args, **_options):
        if not settings.IS_DEMONSTRATION:
            raise CommandError("This database is not a demonstration (IS_DEMONSTRATION is not 1).")
        devices = TotpDevice.objects.filter(ended_at=None).select_related("user")
        for device in devices.order_by("user__username"):
            code = device.next_code() or "wait half a minute"
            self.stdout.write(f"{device.user.username:<28} {code}")

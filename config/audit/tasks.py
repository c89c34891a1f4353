"""The sealer: on the timetable, apart from every act."""

from celery import shared_task
from django.conf import settings

from config import calendar
from config.audit.anchors import anchor_days
from config.audit.seals import seal_events


@shared_task
def audit_seal() -> None:
    """Seal what has ended, and anchor the days that have. It sees every office by itself."""
    seal_events()
    anchor_days(settings.AUDIT_ANCHOR_FILE, calendar.today())

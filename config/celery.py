"""The queue of background work. Settings begin with CELERY_ in the Django settings."""

import os

from celery import Celery
from celery.signals import beat_init, worker_init
from django.core.exceptions import ImproperlyConfigured

from config.database_safety import refuse_at_start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

app = Celery("medical_insurance_desk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def refuse_unsafe_database(**_signal: object) -> None:
    """End a process of a deployment that would work on an unsafe database."""
    try:
        refuse_at_start()
    except ImproperlyConfigured as unsafe:
        # An error in here would be logged and passed over.
        raise SystemExit(str(unsafe)) from None

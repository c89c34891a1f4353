"""The queue of background work. Settings begin with CELERY_ in the Django settings."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

app = Celery("medical_insurance_desk")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

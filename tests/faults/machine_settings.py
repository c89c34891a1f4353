"""Settings of the processes of a fault test: those of the tests, with a broker that is real."""

from config.settings.test import *  # noqa: F403
from config.settings.test import INSTALLED_APPS, REDIS_URL

CELERY_BROKER_URL = REDIS_URL
# Controls: a broken variant of the product, only where FAULT_PATCH names one.
INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.patches.PatchesConfig"]

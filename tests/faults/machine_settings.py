"""Settings of the processes of a fault test: those of the tests, with a broker that is real."""

from config.settings.test import *  # noqa: F403
from config.settings.test import REDIS_URL

CELERY_BROKER_URL = REDIS_URL

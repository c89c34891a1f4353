"""Settings of the processes of a fault test: those of the tests, with a broker that is real."""

from config.settings.test import *  # noqa: F403
from config.settings.test import INSTALLED_APPS, OUTBOX_CONSUMERS, REDIS_URL, RUN_KINDS

CELERY_BROKER_URL = REDIS_URL
# Controls: a broken variant of the product, only where FAULT_PATCH names one.
INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.patches.PatchesConfig"]
# Fault tests count by thousands; how the interface is limited is proven elsewhere.
API_USES_PER_HOUR = {"coverage": 10**6, "person": 10**6}
RUN_KINDS = {**RUN_KINDS, "probe": "tests.config.runs.probe.Probe"}
OUTBOX_CONSUMERS = {**OUTBOX_CONSUMERS, "test.effect": "tests.faults.effects.consume"}

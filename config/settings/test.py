"""Settings of the test run.

The connections name no server yet: `tests/database.py` starts one when the first test asks for
the database, so tests of pure code need none. Processes started by a test find the test
database in the environment.
"""

import os

NOT_STARTED = "postgresql://not_started@127.0.0.1:1/not_started"
os.environ.setdefault("DATABASE_URL", NOT_STARTED)
os.environ.setdefault("OWNER_DATABASE_URL", NOT_STARTED)
# Openly invented: they protect nothing but rows that tests make.
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "0" * 40)
os.environ.setdefault("ID_NUMBER_KEYS", "test:" + "A" * 43 + "=")

from config.local.catalogue import compile_catalogues  # noqa: E402
from config.settings.base import *  # noqa: E402, F403  the environment must be complete before

# Before Django reads a catalogue: it reads each one once in the life of a process.
compile_catalogues()

INSTALLED_APPS = [*INSTALLED_APPS, "config.local"]  # noqa: F405  as on a machine of `make demo`
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_BROKER_URL = "memory://"

# A look past the limit waits a moment; tests do not.
READING_SLOW_DOWN_S = 0.0

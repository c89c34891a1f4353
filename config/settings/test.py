"""Settings of the test run. The conftest names the test server in the environment first."""

import os

# Openly invented: they protect nothing but rows that tests make.
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "0" * 40)
os.environ.setdefault("ID_NUMBER_KEYS", "test:" + "A" * 43 + "=")

from config.settings.base import *  # noqa: F403  the environment must be complete before

ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_BROKER_URL = "memory://"

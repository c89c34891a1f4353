"""Settings of one machine: reads what `make demo` wrote to `var/`, where the environment is silent."""

import os

from config.local.environment import LOCAL_FACTS, read_facts

for _name, _value in read_facts(LOCAL_FACTS).items():
    os.environ.setdefault(_name, _value)

os.environ.setdefault("IS_DEMONSTRATION", "1")

from config.settings.base import *  # noqa: E402, F403  the environment must be complete before

DEBUG = os.environ.get("DEBUG", "") == "1"
INSTALLED_APPS = [*INSTALLED_APPS, "config.local"]  # noqa: F405  the command that invents the demo
# Served straight from the packages: nothing to collect on a single machine.
WHITENOISE_USE_FINDERS = True
STATIC_ROOT = None
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]

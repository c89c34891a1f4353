"""What the processes of a fault run have imported before they are forked: the product, set up.

They are forked from a server process that has no thread and no connection yet. Forked from the
test run itself, a process could inherit a lock that a thread of the browser held for ever.
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.test")
django.setup()

import tests.faults.operations  # noqa: E402, F401  needs the settings above

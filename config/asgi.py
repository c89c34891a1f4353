"""Entry of an asynchronous web server."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

application = get_asgi_application()

import config.celery  # noqa: E402, F401  tasks sent by a web process use the configured queue
from config.database_safety import refuse_at_start  # noqa: E402  needs what stands above

refuse_at_start()

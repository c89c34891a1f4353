"""Entry of the web server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.production")

application = get_wsgi_application()

import config.celery  # noqa: E402, F401  tasks sent by a web process use the configured queue
from config.database_safety import refuse_at_start  # noqa: E402  needs what stands above

refuse_at_start()

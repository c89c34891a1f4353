"""Settings of a deployment. Refuses to start while a fact it cannot invent is missing."""

import os

from django.core.exceptions import ImproperlyConfigured

REQUIRED = {
    "DATABASE_URL": "the application's role, postgresql://desk_app:...@host:port/name",
    "REDIS_URL": "the broker of background work, redis://host:port/0",
    "SECRET_KEY": "50 or more random characters, the same on every process",
    "ID_NUMBER_KEYS": "keys that protect ID numbers, <key id>:<32 bytes in URL-safe base64>, newest first",
    "ALLOWED_HOSTS": "host names of this site, separated by commas",
}
SHORTEST_SECRET_KEY = 50

_missing = [name for name in REQUIRED if not os.environ.get(name)]
if _missing:
    _lines = "\n".join(f"  {name}: {REQUIRED[name]}" for name in _missing)
    raise ImproperlyConfigured(f"Set these environment variables first:\n{_lines}")
if len(os.environ["SECRET_KEY"]) < SHORTEST_SECRET_KEY:
    raise ImproperlyConfigured(f"SECRET_KEY needs {SHORTEST_SECRET_KEY} or more characters.")

from config.settings.base import *  # noqa: E402, F403  nothing is read before the facts are there

SECURE_SSL_REDIRECT = os.environ.get("SECURE_SSL_REDIRECT", "1") == "1"
SECURE_HSTS_SECONDS = 31_536_000
# Other hosts under an office's domain are not ours to bind to TLS.
SILENCED_SYSTEM_CHECKS = [*SILENCED_SYSTEM_CHECKS, "security.W005", "security.W021"]  # noqa: F405
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if os.environ.get("BEHIND_TLS_PROXY") == "1" else None
)
REFUSE_UNSAFE_DATABASE = True
# Monitors ask from inside, by plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^health/(live|ready)$", r"^metrics$"]
LOGGING["handlers"]["console"]["formatter"] = "json"  # noqa: F405
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# The prefix binds a cookie to this host, this path and TLS: no other host can plant one.
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
KNOWN_DESK_COOKIE_NAME = "__Host-known_desk"
STORAGES = {
    "default": {"BACKEND": "config.identity.file_storage.SealedStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

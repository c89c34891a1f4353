"""Turn a database URL into Django's connection settings.

PostgreSQL is the only engine. The role in the URL decides what the connection may do, so each
alias has its own URL.
"""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg

CONNECT_TIMEOUT_S = 5
LOCK_TIMEOUT_S = 3
IDLE_IN_TRANSACTION_TIMEOUT_S = 60


class DatabaseUrlError(ValueError):
    """The URL does not name a PostgreSQL database. Never repeats the URL: it holds a password."""


def database_from_url(url: str, *, statement_timeout_s: int) -> dict[str, Any]:
    """Return Django's settings of one connection.

    Args:
        url: `postgresql://role:password@host:port/name`; further options of libpq as a query,
            such as `?sslmode=verify-full`. A socket folder is given as `?host=/folder`.
        statement_timeout_s: seconds one statement may take; 0 for no bound.

    Raises:
        DatabaseUrlError: another scheme, or no database name.
    """
    parts = urlsplit(url)
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in {"postgresql", "postgres"} or not name:
        msg = "a database URL reads postgresql://role:password@host:port/name"
        raise DatabaseUrlError(msg)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", parts.hostname or "")
    options.update(
        connect_timeout=CONNECT_TIMEOUT_S,
        isolation_level=psycopg.IsolationLevel.READ_COMMITTED,
        options=(
            f"-c statement_timeout={statement_timeout_s}s"
            f" -c lock_timeout={LOCK_TIMEOUT_S}s"
            f" -c idle_in_transaction_session_timeout={IDLE_IN_TRANSACTION_TIMEOUT_S}s"
        ),
    )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }

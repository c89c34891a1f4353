"""Do once more what the database gave up because two acts stood in each other's way.

Locks are taken in one order (claims/README.md), so this is rare. Where it happens all the same,
the whole act is done again in a new transaction: by the middleware for a request, by the service
itself outside of one. Nobody who waits for an answer sees it. A lock that is merely held too long
is no collision: waiting for it once more would only make the wait longer.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection
from psycopg.errors import DeadlockDetected, SerializationFailure

P = ParamSpec("P")
T = TypeVar("T")

MOST_REPEATS = 3
FIRST_PAUSE_S = 0.02

logger = logging.getLogger(__name__)


def is_collision(error: BaseException | None) -> bool:
    """Tell whether the database gave a transaction up in favour of another one."""
    cause = getattr(error, "__cause__", None)
    return isinstance(error, OperationalError) and isinstance(
        cause, DeadlockDetected | SerializationFailure
    )


def pause(repeats: int) -> None:
    """Wait a random moment before the next try, longer each time; log that it is one.

    Args:
        repeats: how often the act was done again before.
    """
    logger.warning("a transaction collided and is done again, repeat %d", repeats + 1)
    time.sleep(random.uniform(0.5, 1.5) * FIRST_PAUSE_S * 2**repeats)  # noqa: S311  only spreads


def repeated(act: Callable[P, T]) -> Callable[P, T]:
    """Repeat an act that owns its transaction when that collides, up to three times.

    Inside a transaction that somebody else began, the act is not repeated: whoever began it
    has to begin it again.
    """

    @wraps(act)
    def tried(*args: P.args, **kwargs: P.kwargs) -> T:
        if connection.in_atomic_block:
            return act(*args, **kwargs)
        for repeats in range(MOST_REPEATS):
            try:
                return act(*args, **kwargs)
            except OperationalError as error:
                if not is_collision(error):
                    raise
            pause(repeats)
        return act(*args, **kwargs)

    return tried

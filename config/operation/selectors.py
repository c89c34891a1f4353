"""Whether the system may move on, or waits for two people after a restore."""

from __future__ import annotations

from typing import NamedTuple

from django.db import connection
from django.db.backends.utils import CursorWrapper

PEOPLE_NEEDED = 2
# The timeline of the control file is that of the last checkpoint; the name of the segment that
# is written now is the truth.
_STANDING = """
WITH copy AS (
    SELECT (SELECT system_identifier FROM pg_control_system()) AS cluster,
        ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::bigint AS timeline
)
SELECT copy.cluster, copy.timeline,
    count(*) FILTER (WHERE c.kind = 'installed') AS installed,
    array_remove(array_agg(c.actor_id ORDER BY c.id), NULL) AS people
FROM copy LEFT JOIN operation_copyconfirmation c
    ON c.cluster = copy.cluster AND c.timeline = copy.timeline
GROUP BY copy.cluster, copy.timeline
"""


class CopyStanding(NamedTuple):
    """The copy we work with, and who stands for it."""

    cluster: int
    timeline: int
    is_installed: bool
    people: tuple[int, ...]

    @property
    def is_paused(self) -> bool:
        """Whether the copy was restored and not yet confirmed by enough people."""
        return not self.is_installed and len(self.people) < PEOPLE_NEEDED


def copy_standing() -> CopyStanding:
    """Return which copy of the database this is and who confirmed it; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING)
        return _read(cursor)


def with_standing(statement: str) -> str:
    """Return a statement and, behind it in one message, the question of the copy.

    For acts a person waits for: one trip to the server instead of two. `standing_behind` reads it.
    """
    return f"{statement};\n{_STANDING}"


def standing_behind(cursor: CursorWrapper) -> CopyStanding:
    """Return the answer that follows the one of the statement given to `with_standing`."""
    cursor.nextset()
    return _read(cursor)


def _read(cursor: CursorWrapper) -> CopyStanding:
    cluster, timeline, installed, people = cursor.fetchone()
    return CopyStanding(cluster, timeline, bool(installed), tuple(people or ()))


def is_paused() -> bool:
    """Tell whether the system waits after a restore."""
    return copy_standing().is_paused

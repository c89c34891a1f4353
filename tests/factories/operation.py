"""A database that looks restored: the rows of before, another identity of the copy."""

import pytest

from config.operation import selectors

TIMELINE = "::bit(32)::bigint AS timeline"
CLUSTER = "pg_control_system()) AS cluster"


def look_restored(monkeypatch: pytest.MonkeyPatch, *, elsewhere: bool = False) -> None:
    """Answer as PostgreSQL does after a restore to an instant, or of a dump loaded elsewhere."""
    told = selectors._STANDING
    if elsewhere:
        changed = told.replace(CLUSTER, "pg_control_system()) + 1 AS cluster")
    else:
        changed = told.replace(TIMELINE, "::bit(32)::bigint + 1 AS timeline")
    assert changed != told
    monkeypatch.setattr(selectors, "_STANDING", changed)

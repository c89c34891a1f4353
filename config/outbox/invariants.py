"""I13: work that is due for five minutes is done or visibly failed; an effect counts once."""

from __future__ import annotations

from config.outbox.services import ATTEMPTS
from config.sweep.invariants import SqlRule, holds_in_sql

_LEFT = """
SELECT 'work ' || id, kind, attempts
FROM outbox_outboxevent
WHERE state = 'waiting' AND due_at < statement_timestamp() - interval '5 minutes'
"""
_TWICE = """
SELECT 'work ' || min(id), min(kind) AS kind, count(*) AS rows
FROM outbox_outboxevent GROUP BY effect_key HAVING count(*) > 1
"""
_GIVEN_UP_EARLY = """
SELECT 'work ' || id, kind, attempts, state
FROM outbox_outboxevent
WHERE (state = 'failed' AND attempts < %(attempts)s)
    OR (state = 'waiting') IS DISTINCT FROM (finished_at IS NULL)
"""

I13 = holds_in_sql(
    "I13",
    "work that is due for five minutes is done or visibly failed; every effect key is unique",
    ["outbox_outboxevent"],
    SqlRule("work that is due for five minutes is done or has failed", _LEFT),
    SqlRule("an effect key stands once", _TWICE),
    SqlRule(
        "work fails after its last attempt and says when it ended",
        _GIVEN_UP_EARLY,
        {"attempts": ATTEMPTS},
    ),
)
INVARIANTS = (I13,)

"""I11: every row of money says who, where, on which request and release, and left one event."""

from __future__ import annotations

from claims.sweep.rows import NAME, each_version
from config.sweep.invariants import SqlRule, holds_in_sql

# A version without a person was written by a machine, and its event must name it.
_EVENTS = """
SELECT event.target_id, count(*) AS events, min(event.agent) AS agent
FROM audit_auditevent event
WHERE event.outcome = 'done' AND event.verb IN {verbs}
GROUP BY event.target_id
"""
_VERSION_EVENTS = _EVENTS.format(
    verbs="('settlement.confirmed', 'settlement.reversed', 'settlement.resettled')"
)
# A correction writes two versions, the zero and the new one, and leaves one event on the bill.
_CORRECTED = """
SELECT event.target_id, (event.payload ->> 'version')::int AS figures, count(*) AS events,
    min(event.agent) AS agent
FROM audit_auditevent event
WHERE event.outcome = 'done' AND event.verb = 'bill.corrected'
GROUP BY 1, 2
"""
_IS_CORRECTED = """EXISTS (
    SELECT FROM claims_settlement new WHERE new.supersedes_id = s.id AND new.act = 'correct'
        AND new.request_key = s.request_key
)"""
_NO_EVENT = f"""
SELECT {NAME}, COALESCE(found.events, 0) AS events
FROM claims_settlement s
LEFT JOIN ({_VERSION_EVENTS}) found ON found.target_id = s.public_id::text
WHERE s.act <> 'correct'
    AND (found.events IS DISTINCT FROM 1 OR (s.actor_id IS NULL AND found.agent = ''))
    AND NOT (s.act = 'reverse' AND found.events IS NULL AND {_IS_CORRECTED})
"""  # noqa: S608  constants
_NO_CORRECTION_EVENT = f"""
SELECT {NAME}, COALESCE(found.events, 0) AS events
FROM claims_settlement s
JOIN claims_bill bill ON bill.id = s.bill_id
JOIN claims_billversion figures ON figures.id = s.bill_version_id
LEFT JOIN ({_CORRECTED}) found
    ON found.target_id = bill.public_id::text AND found.figures = figures.version
WHERE s.act = 'correct'
    AND (found.events IS DISTINCT FROM 1 OR (s.actor_id IS NULL AND found.agent = ''))
"""  # noqa: S608  constants
_NO_ENTRY_EVENT = f"""
SELECT 'entry ' || entry.id, COALESCE(found.events, 0) AS events
FROM claims_accountentry entry
LEFT JOIN ({_EVENTS.format(verbs="('account.posted')")}) found
    ON found.target_id = entry.id::text
WHERE found.events IS DISTINCT FROM 1
    OR entry.request_key = '' OR (entry.actor_id IS NULL AND found.agent = '')
"""  # noqa: S608  constants
_NO_RELEASE_EVENT = f"""
SELECT {NAME}, COALESCE(found.events, 0) AS events
FROM claims_settlementrelease release
LEFT JOIN claims_settlement s ON s.id = release.settlement_id
LEFT JOIN ({_EVENTS.format(verbs="('settlement.released')")}) found
    ON found.target_id = s.public_id::text
WHERE release.kind = 'person' AND (
    found.events IS DISTINCT FROM 1 OR release.request_key = '' OR release.actor_id IS NULL
    OR release.actor_id = release.maker_id OR release.maker_id IS DISTINCT FROM s.actor_id
)
"""  # noqa: S608  constants
_LEG_UNNAMED = f"""
SELECT {NAME}, leg.payer AS payer
FROM claims_adjustment leg
LEFT JOIN claims_settlement s ON s.id = leg.to_settlement_id
WHERE leg.request_key = '' OR leg.request_key IS DISTINCT FROM s.request_key
    OR leg.actor_id IS DISTINCT FROM s.actor_id
"""  # noqa: S608  constants
_NOBODY = f"""
SELECT {NAME}, s.actor_id AS actor, s.release_id AS release
FROM claims_settlement s
LEFT JOIN offices_user actor ON actor.id = s.actor_id
LEFT JOIN policy_policyrelease release ON release.id = s.release_id
    AND release.region = s.region
WHERE release.id IS NULL OR (s.actor_id IS NOT NULL AND actor.id IS NULL)
"""  # noqa: S608  constants

I11 = holds_in_sql(
    "I11",
    "every money row has actor, office, request key, policy release and exactly one event",
    [
        "claims_settlement",
        "claims_accountentry",
        "claims_adjustment",
        "claims_settlementrelease",
        "audit_auditevent",
    ],
    each_version("a version names its request", {"there is a request key": "s.request_key <> ''"}),
    SqlRule("actor and release of a version exist", _NOBODY),
    SqlRule("a version left exactly one event", _NO_EVENT),
    SqlRule("a correction left exactly one event", _NO_CORRECTION_EVENT),
    SqlRule("an entry names who posted it and left exactly one event", _NO_ENTRY_EVENT),
    SqlRule(
        "a release by a person is by another one and left exactly one event", _NO_RELEASE_EVENT
    ),
    SqlRule("a leg names the act of its version", _LEG_UNNAMED),
)

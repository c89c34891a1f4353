"""I4: what stood before a version is what came before it in its account.

Most versions stand on the closing of the version before them, so first the hashes of both are
compared in one pass over narrow rows. What is left - accounts with entries or with bills of the
platform, and whatever is broken - is folded exactly: the closing of the last version of ours,
the entries no version has counted yet, and what each bill of the platform moved.
"""

from __future__ import annotations

from claims.settlement.columns import CATEGORY_FIRST, CATEGORY_LAST, OFFSET_MET, PERIOD_LAST
from claims.sweep.rows import LIVE, NAME
from config.sweep.invariants import SqlRule, holds_in_sql

# Of these the platform's version says the last value; the others are sums.
_LAST_SEEN = f"('{CATEGORY_LAST}', '{PERIOD_LAST}')"

# `counted`: the last entry any version before it counted. `ours`: the last version of ours before.
_PLACED = f"""
SELECT s.id, s.bill_id, s.version, s.account_id, s.sequence, s.origin, s.entries_through,
    s.opened, lag(s.closed) OVER place AS before, lag(s.origin) OVER place AS origin_before,
    COALESCE(max(s.entries_through) OVER earlier, 0) AS counted,
    max(s.sequence) FILTER (WHERE s.origin = 'office') OVER earlier AS ours
FROM (
    SELECT s.id, s.bill_id, s.version, s.account_id, s.sequence, s.origin, s.entries_through,
        jsonb_hash_extended(s.opening, 0) AS opened, jsonb_hash_extended(s.closing, 0) AS closed
    FROM claims_settlement s WHERE {LIVE}
) s
WINDOW place AS (PARTITION BY s.account_id ORDER BY s.sequence),
    earlier AS (
        PARTITION BY s.account_id ORDER BY s.sequence
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    )
"""  # noqa: S608  constants

_STANDS = f"""
WITH suspect AS MATERIALIZED (
    SELECT * FROM ({_PLACED}) placed
    WHERE placed.origin = 'office' AND (
        COALESCE(placed.before, jsonb_hash_extended('{{}}', 0)) <> placed.opened
        OR placed.origin_before = 'platform' OR placed.entries_through <> placed.counted
    )
),
moved AS (
    SELECT suspect.id, kept.key AS name, kept.value, 0 AS step, true AS is_ours
    FROM suspect
    JOIN claims_settlement base ON base.account_id = suspect.account_id
        AND base.sequence = suspect.ours AND base.outcome <> 'reversed'
        AND NOT EXISTS (SELECT FROM claims_settlement later WHERE later.supersedes_id = base.id)
    CROSS JOIN LATERAL jsonb_each(base.closing) kept
    UNION ALL
    SELECT suspect.id, posted.key, posted.value, 0, true
    FROM suspect
    JOIN claims_accountentry entry ON entry.account_id = suspect.account_id
        AND entry.id > COALESCE((
            SELECT max(earlier.entries_through) FROM claims_settlement earlier
            WHERE earlier.account_id = suspect.account_id AND earlier.sequence <= suspect.ours
                AND earlier.outcome <> 'reversed' AND NOT EXISTS (
                    SELECT FROM claims_settlement later WHERE later.supersedes_id = earlier.id
                )
        ), 0)
        AND entry.id <= GREATEST(suspect.entries_through, suspect.counted)
    CROSS JOIN LATERAL jsonb_each(entry.amounts) posted
    UNION ALL
    SELECT suspect.id, seen.name,
        CASE WHEN seen.name IN {_LAST_SEEN} OR seen.name = '{CATEGORY_FIRST}'
                OR seen.name = '{OFFSET_MET}'
            THEN COALESCE(received.closing -> seen.name, '0')
            ELSE to_jsonb(COALESCE((received.closing -> seen.name)::bigint, 0)
                - COALESCE((received.opening -> seen.name)::bigint, 0))
        END, received.sequence, false
    FROM suspect
    JOIN claims_settlement received ON received.account_id = suspect.account_id
        AND received.sequence > COALESCE(suspect.ours, 0)
        AND received.sequence < suspect.sequence
        AND received.origin = 'platform' AND received.outcome <> 'reversed'
        AND NOT EXISTS (
            SELECT FROM claims_settlement later WHERE later.supersedes_id = received.id
        )
    CROSS JOIN LATERAL (
        SELECT jsonb_object_keys(received.opening || received.closing) AS name
    ) seen
),
expected AS (
    SELECT moved.id, moved.name,
        CASE
            WHEN moved.name = '{CATEGORY_FIRST}' THEN (array_agg(moved.value ORDER BY moved.step))[1]
            WHEN moved.name IN {_LAST_SEEN}
                THEN (array_agg(moved.value ORDER BY moved.step DESC))[1]
            WHEN moved.name = '{OFFSET_MET}' THEN to_jsonb(max(
                CASE WHEN jsonb_typeof(moved.value) = 'number' THEN moved.value::bigint END
            ))
            ELSE to_jsonb(sum(
                CASE WHEN jsonb_typeof(moved.value) = 'number' THEN moved.value::bigint END
            )::bigint)
        END AS value
    FROM moved GROUP BY moved.id, moved.name
),
stored AS (
    SELECT suspect.id, opened.key AS name, opened.value
    FROM suspect JOIN claims_settlement s ON s.id = suspect.id
    CROSS JOIN LATERAL jsonb_each(s.opening) opened
),
differs AS (
    SELECT COALESCE(expected.id, stored.id) AS id,
        string_agg(COALESCE(expected.name, stored.name), ', '
            ORDER BY COALESCE(expected.name, stored.name)) AS fields
    FROM (SELECT * FROM expected WHERE expected.value <> '0') expected
    FULL JOIN stored ON stored.id = expected.id AND stored.name = expected.name
    WHERE expected.value IS DISTINCT FROM stored.value
    GROUP BY 1
)
SELECT {NAME}, differs.fields AS fields
FROM differs JOIN claims_settlement s ON s.id = differs.id
"""  # noqa: S608  constants

I4 = holds_in_sql(
    "I4",
    "each opening is the fold of the current versions and entries before it in its account",
    ["claims_settlement", "claims_accountentry"],
    SqlRule("what stood before is what came before", _STANDS),
)

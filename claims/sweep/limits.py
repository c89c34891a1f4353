"""I3: what the current versions of an account draw on a limit stays within the limit in force.

Which benefits count into which limit, and how much it is, stands in the rules: each combination
of facts names them once (`RuleKeys`), and the sums are made in SQL from what was paid, not from
the accumulators that are stored beside it. The limit in force is that of the last bill that drew
on it; a bill of the platform stands as received.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from psycopg import sql

from claims.settlement.columns import TRACE
from claims.settlement.table import RuleTable
from claims.sweep.rows import LIVE, NAME
from claims.sweep.rule_keys import RuleKeys
from config.sweep.invariants import Checked, Invariant, SqlRule
from config.sweep.reader import Reader

TIERS = ("basic", "catastrophic", "assistance", "supplementary")
_RULE = "what bills of a year draw on a limit stays within it"
_KIND = f"s.trace_fen[{TRACE.index('assistance_kind') + 1}]"

_EXAMPLES = """
SELECT {key}, min(s.id) FROM claims_settlement s
JOIN claims_billversion figures ON figures.id = s.bill_version_id
WHERE s.region = {region} AND s.outcome = 'paid' AND s.release_id = ANY({releases}) AND {live}
GROUP BY 1
"""
# Of the platform's versions what they moved is taken as received.
_DRAWN = """
SELECT s.id, s.account_id, s.sequence, s.origin, s.entries_through, drawn.slot, drawn.limit_fen,
    CASE WHEN s.origin = 'office' THEN
        CASE WHEN drawn.basic THEN s.basic_fen ELSE 0 END
        + CASE WHEN drawn.catastrophic THEN s.catastrophic_fen ELSE 0 END
        + CASE WHEN drawn.assistance THEN s.assistance_fen ELSE 0 END
        + CASE WHEN drawn.supplementary THEN s.supplementary_fen ELSE 0 END
    ELSE COALESCE((s.closing -> drawn.name)::bigint, 0)
        - COALESCE((s.opening -> drawn.name)::bigint, 0)
    END AS paid_fen
FROM claims_settlement s
JOIN claims_billversion figures ON figures.id = s.bill_version_id
JOIN unnest({keys}::bigint[], {kinds}::bigint[], {slots}::int[], {names}::text[],
    {limits}::bigint[], {basic}::bool[], {catastrophic}::bool[], {assistance}::bool[],
    {supplementary}::bool[])
    AS drawn (key, kind, slot, name, limit_fen, basic, catastrophic, assistance, supplementary)
    ON drawn.key = {key} AND drawn.kind = {kind}
WHERE s.region = {region} AND s.outcome = 'paid' AND s.release_id = ANY({releases}) AND {live}
"""
# Most accounts are far below the lowest limit any of their bills had.
_SUSPECTS = """
SELECT DISTINCT account_id FROM (
    SELECT account_id FROM ({drawn}) drawn
    GROUP BY account_id, slot HAVING sum(paid_fen) > min(limit_fen)
    UNION ALL
    SELECT account_id FROM claims_accountentry
) suspect
"""
_OVER = """
SELECT {name}, over.accumulator AS accumulator, over.limit_fen AS limit_fen, over.used_fen AS used_fen
FROM (
    SELECT last.id, ({accumulators}::text[])[last.slot + 1] AS accumulator, last.limit_fen,
        last.paid_fen + COALESCE((
            SELECT sum((entry.amounts -> ({accumulators}::text[])[last.slot + 1])::bigint)
            FROM claims_accountentry entry
            WHERE entry.account_id = last.account_id AND entry.id <= last.through
        ), 0) AS used_fen
    FROM (
        SELECT account_id, slot, sum(paid_fen) AS paid_fen, max(entries_through) AS through,
            (array_agg(limit_fen ORDER BY sequence DESC))[1] AS limit_fen,
            (array_agg(origin ORDER BY sequence DESC))[1] AS origin,
            (array_agg(id ORDER BY sequence DESC))[1] AS id
        FROM ({drawn}) drawn WHERE account_id = ANY({suspects}) AND paid_fen > 0
        GROUP BY account_id, slot
    ) last
    WHERE last.origin = 'office'
) over
JOIN claims_settlement s ON s.id = over.id
WHERE over.used_fen > over.limit_fen
"""


def check(reader: Reader) -> Checked:
    """Check every account of every region."""
    found = Checked(reader.count("claims_settlement"))
    regions = reader.rows("SELECT DISTINCT region FROM claims_benefityearaccount ORDER BY 1")
    for (region,) in regions:
        found += _of_region(reader, region)
    return found


def _of_region(reader: Reader, region: str) -> Checked:
    keys = RuleKeys(region)
    given = {
        "key": keys.key,
        "kind": sql.SQL(_KIND),
        "region": sql.Literal(region),
        "releases": sql.Literal(keys.releases),
        "live": sql.SQL(LIVE),
    }
    examples = reader.rows(sql.SQL(_EXAMPLES).format(**given))
    if not examples:
        return Checked(0)
    known, ids = (np.array(column, dtype=np.int64) for column in zip(*examples, strict=True))
    listed = _listed(known, keys.rule_rows(known, ids), keys.book.table)
    given |= {name: sql.Literal(values) for name, values in listed.items()}
    drawn = sql.SQL(_DRAWN).format(**given)
    suspects = [row[0] for row in reader.rows(sql.SQL(_SUSPECTS).format(drawn=drawn))]
    if not suspects:
        return Checked(0)
    over = sql.SQL(_OVER).format(
        name=sql.SQL(NAME),
        accumulators=sql.Literal(list(keys.book.accumulator_names)),
        drawn=drawn,
        suspects=sql.Literal(suspects),
    )
    return SqlRule(_RULE, over).broken(reader)


def _listed(keys: Any, rows: Any, table: RuleTable) -> dict[str, list[Any]]:
    """Return the limits of each key and kind of assistance as columns; without a limit, null."""
    found: dict[tuple[int, int, int], dict[str, Any]] = {}
    for key, row in zip(keys.tolist(), rows.tolist(), strict=True):
        if not row:
            continue
        for kind in range(table.kinds):
            for tier in TIERS:
                for slot, limit in _limits(table, tier, kind, row):
                    entry = found.setdefault((key, kind, slot), {"limit": limit, "tiers": set()})
                    entry["tiers"].add(tier)
    return {
        "keys": [key for key, _, _ in found],
        "kinds": [kind for _, kind, _ in found],
        "slots": [slot for _, _, slot in found],
        "names": [table.accumulator_names[slot] for _, _, slot in found],
        "limits": [each["limit"] for each in found.values()],
        **{tier: [tier in each["tiers"] for each in found.values()] for tier in TIERS},
    }


def _limits(table: RuleTable, tier: str, kind: int, row: int) -> list[tuple[int, int | None]]:
    """Return accumulator and limit of every limit a tier counts into under a rule row."""
    by_kind = (kind,) if tier in {"assistance", "supplementary"} else ()
    found = []
    for number in range(table.limits[tier]):
        at = (number, *by_kind, row)
        slot = int(table.rules[f"{tier}_limit_slot"][at])
        if slot >= 0:
            is_open = bool(table.rules[f"{tier}_limit_open"][at])
            found.append((slot, None if is_open else int(table.rules[f"{tier}_limit_fen"][at])))
    return found


I3 = Invariant(
    "I3", "what the current versions of an account draw on a limit is at most that limit", check
)

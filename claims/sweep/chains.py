"""I5 and I7: versions of a bill form one chain, places are held once, differences are legs."""

from __future__ import annotations

from claims.models.settlement import FUND_PARTS
from claims.sweep.rows import LIVE, NAME
from config.sweep.invariants import SqlRule, holds_in_sql

_CHAIN = f"""
SELECT {NAME}, s.place AS counted, s.supersedes_id AS supersedes, s.before AS expected
FROM (
    SELECT id, bill_id, version, supersedes_id,
        row_number() OVER chain AS place, lag(id) OVER chain AS before
    FROM claims_settlement
    WINDOW chain AS (PARTITION BY bill_id ORDER BY version, id)
) s
WHERE s.version <> s.place OR s.supersedes_id IS DISTINCT FROM s.before
"""  # noqa: S608  constants
_CURRENT_ONCE = f"""
SELECT {NAME}, s.currents AS currents
FROM (
    SELECT max(s.id) AS id, s.bill_id, max(s.version) AS version,
        count(*) FILTER (WHERE later.supersedes_id IS NULL) AS currents
    FROM claims_settlement s
    LEFT JOIN claims_settlement later ON later.supersedes_id = s.id
    GROUP BY s.bill_id
) s
WHERE s.currents <> 1
"""  # noqa: S608  constants
_FIGURES_CHAIN = """
SELECT office.code || ' ' || bill.number || ' figures ' || v.version,
    v.supersedes_id AS supersedes, v.before AS expected
FROM (
    SELECT id, bill_id, version, supersedes_id,
        row_number() OVER chain AS place, lag(id) OVER chain AS before
    FROM claims_billversion
    WINDOW chain AS (PARTITION BY bill_id ORDER BY version, id)
) v
JOIN claims_bill bill ON bill.id = v.bill_id
JOIN offices_office office ON office.id = bill.office_id
WHERE v.version <> v.place OR v.supersedes_id IS DISTINCT FROM v.before
"""
_PLACES = f"""
SELECT {NAME}, s.sequence AS place, s.account_id AS account
FROM (
    SELECT s.id, s.bill_id, s.version, s.account_id, s.sequence,
        count(*) OVER (PARTITION BY s.account_id, s.sequence) AS holders
    FROM claims_settlement s WHERE {LIVE}
) s
LEFT JOIN claims_benefityearaccount account ON account.id = s.account_id
WHERE s.holders > 1 OR (s.sequence < account.next_sequence) IS NOT TRUE
"""  # noqa: S608  constants

I5 = holds_in_sql(
    "I5",
    "versions of a bill are 1 to n, each supersedes the one before, one is current",
    ["claims_settlement", "claims_billversion"],
    SqlRule("versions are counted without a gap and supersede the one before", _CHAIN),
    SqlRule("exactly one version of a bill is current", _CURRENT_ONCE),
    SqlRule("figures are counted without a gap and supersede those before", _FIGURES_CHAIN),
    SqlRule("each place of an account is held once, below the next one", _PLACES),
)

_LEGS = ", ".join(
    f"('{column.removesuffix('_fen')}', s.{column} - before.{column})" for column in FUND_PARTS
)
_DIFFERENCES = f"""
SELECT {NAME}, leg.payer AS payer, leg.difference AS difference, leg.adjusted AS adjusted
FROM (
    SELECT COALESCE(wanted.id, written.id) AS id, COALESCE(wanted.payer, written.payer) AS payer,
        COALESCE(wanted.difference, 0) AS difference, COALESCE(written.adjusted, 0) AS adjusted
    FROM (
        SELECT s.id, leg.payer, leg.difference
        FROM claims_settlement s
        JOIN claims_settlement before ON before.id = s.supersedes_id
        CROSS JOIN LATERAL (VALUES {_LEGS}) leg (payer, difference)
        WHERE leg.difference <> 0
    ) wanted
    FULL JOIN (
        SELECT to_settlement_id AS id, payer, sum(amount_fen)::bigint AS adjusted
        FROM claims_adjustment GROUP BY 1, 2
    ) written ON written.id = wanted.id AND written.payer = wanted.payer
) leg
LEFT JOIN claims_settlement s ON s.id = leg.id
WHERE leg.difference <> leg.adjusted
"""  # noqa: S608  constants
_BETWEEN = f"""
SELECT {NAME}, leg.payer AS payer
FROM claims_adjustment leg
LEFT JOIN claims_settlement s ON s.id = leg.to_settlement_id
WHERE s.supersedes_id IS DISTINCT FROM leg.from_settlement_id
"""  # noqa: S608  constants

I7 = holds_in_sql(
    "I7",
    "adjustments are the new version minus the old one, per payer (per run: with recalculation)",
    ["claims_settlement", "claims_adjustment"],
    SqlRule("the adjustments of a version are its difference", _DIFFERENCES),
    SqlRule("an adjustment stands between a version and the one it supersedes", _BETWEEN),
)

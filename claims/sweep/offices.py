"""I12: every row of an office has one, and a row belongs to the office of what it hangs on.

Row-level security hides a row without an office, or of one that does not exist, from everybody
who does not own the tables. So the tables themselves are asked: where the column may not be
empty, and the reference to offices is enforced and was validated, no such row can be.
"""

from __future__ import annotations

from claims.sweep.rows import NAME
from config.sweep.invariants import SqlRule, holds_in_sql

# What people may do at offices, from which the fence itself is read: no rows of an office.
_RIGHTS = "offices_"
# History is written by triggers, which copy the office of a row that has one.
_IS_HISTORY = """EXISTS (
    SELECT FROM pg_attribute copied WHERE copied.attrelid = c.oid AND copied.attname = 'pgh_id'
)"""
_UNBOUND = f"""
SELECT c.relname::text, a.attnotnull AS never_empty, c.relforcerowsecurity AS fenced,
    count(k.oid) AS references
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'f' AND k.convalidated
    AND k.confrelid = 'offices_office'::regclass AND k.conkey = ARRAY[a.attnum]
WHERE a.attname = 'office_id' AND NOT a.attisdropped AND c.relkind IN ('r', 'p')
    AND c.relnamespace = 'public'::regnamespace AND left(c.relname, {len(_RIGHTS)}) <> '{_RIGHTS}'
    AND NOT {_IS_HISTORY}
GROUP BY c.relname, a.attnotnull, c.relforcerowsecurity
HAVING NOT a.attnotnull OR NOT c.relforcerowsecurity OR count(k.oid) = 0
"""  # noqa: S608  constants
_OUTSIDE_THE_POOL = """
WITH RECURSIVE beneath AS (
    SELECT id FROM offices_office WHERE kind = 'pool' AND parent_id IS NULL
    UNION
    SELECT office.id FROM offices_office office JOIN beneath ON office.parent_id = beneath.id
)
SELECT office.code FROM offices_office office
WHERE office.id NOT IN (SELECT id FROM beneath)
"""
_VERSION_ELSEWHERE = f"""
SELECT {NAME}, s.office_id AS office
FROM claims_settlement s
LEFT JOIN claims_bill bill ON bill.id = s.bill_id
LEFT JOIN claims_billversion figures ON figures.id = s.bill_version_id
LEFT JOIN claims_benefityearaccount account ON account.id = s.account_id
WHERE (
    bill.office_id = s.office_id AND figures.office_id = s.office_id
    AND account.office_id = s.office_id AND figures.bill_id = s.bill_id
    AND account.person_id = bill.person_id AND account.region = s.region
    AND account.scheme = s.scheme AND account.benefit_year = s.benefit_year
) IS NOT TRUE
"""  # noqa: S608  constants
_PIECE_ELSEWHERE = f"""
SELECT {NAME}, piece.kind AS kind
FROM (
    SELECT 'adjustment' AS kind, to_settlement_id AS id, office_id FROM claims_adjustment
    UNION ALL
    SELECT 'release', settlement_id, office_id FROM claims_settlementrelease
) piece
LEFT JOIN claims_settlement s ON s.id = piece.id
WHERE piece.office_id IS DISTINCT FROM s.office_id
"""  # noqa: S608  constants
_ENTRY_ELSEWHERE = """
SELECT 'entry ' || entry.id, entry.office_id AS office
FROM claims_accountentry entry
LEFT JOIN claims_benefityearaccount account ON account.id = entry.account_id
WHERE account.office_id IS DISTINCT FROM entry.office_id
"""
_POOL_TOTAL = """
SELECT 'pool', whole.fund_fen AS pool_fen, parts.fund_fen AS offices_fen
FROM (
    SELECT COALESCE(sum(basic_fen + catastrophic_fen + assistance_fen + supplementary_fen), 0)
        AS fund_fen
    FROM claims_settlement
) whole
CROSS JOIN (
    SELECT COALESCE(sum(paid.fund_fen), 0) AS fund_fen
    FROM offices_office office
    JOIN (
        SELECT bill.office_id,
            sum(s.basic_fen + s.catastrophic_fen + s.assistance_fen + s.supplementary_fen)
                AS fund_fen
        FROM claims_settlement s JOIN claims_bill bill ON bill.id = s.bill_id
        GROUP BY bill.office_id
    ) paid ON paid.office_id = office.id
) parts
WHERE whole.fund_fen <> parts.fund_fen
"""

I12 = holds_in_sql(
    "I12",
    "every scoped row has an office, that of what it hangs on; the pool is the sum of its offices",
    ["offices_office", "claims_settlement", "claims_adjustment", "claims_settlementrelease"],
    SqlRule("a table of offices takes no row without one", _UNBOUND),
    SqlRule("an office stands beneath a pool", _OUTSIDE_THE_POOL),
    SqlRule("a version stands with its bill, its figures and its account", _VERSION_ELSEWHERE),
    SqlRule("a difference and a release stand with their version", _PIECE_ELSEWHERE),
    SqlRule("an entry stands with its account", _ENTRY_ELSEWHERE),
    SqlRule("the pool is the sum of its offices", _POOL_TOTAL),
)

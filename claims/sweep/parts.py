"""I1 and I2: the parts of every version add up, and no tier pays beyond what was left to it."""

from __future__ import annotations

from claims.models.settlement import (
    FUND_PARTS,
    MONEY_COLUMNS,
    PAYER_PARTS,
    SCOPE_PARTS,
)
from claims.sweep.rows import each_version, traced
from config.sweep.invariants import SqlRule, holds_in_sql

_COST = " + ".join(f"s.{name}" for name in SCOPE_PARTS)
_PAYMENT = " + ".join(f"s.{name}" for name in PAYER_PARTS)
_FUNDS = " + ".join(f"s.{name}" for name in FUND_PARTS)
_NOT_MONEY_ENOUGH = """
SELECT format('%s.%s', c.relname, a.attname), format_type(a.atttypid, a.atttypmod) AS type
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
    AND a.attnum > 0 AND NOT a.attisdropped AND right(a.attname, 4) = '_fen'
    AND a.atttypid NOT IN ('bigint'::regtype, 'bigint[]'::regtype)
"""

I1 = holds_in_sql(
    "I1",
    "the parts of each version sum to its total, none is negative, all are whole fen",
    ["claims_settlement"],
    each_version(
        "the parts of a version add up",
        {
            "no part is negative": " AND ".join(f"s.{name} >= 0" for name in MONEY_COLUMNS),
            "parts of the cost are the total": f"{_COST} = s.total_fen",
            "parts of the payment are the total": f"{_PAYMENT} = s.total_fen",
            "own share is within and outside": "s.own_within_fen + s.own_outside_fen = s.own_share_fen",
            "own share is account and cash": "s.account_paid_fen + s.cash_fen = s.own_share_fen",
            "only what is settled pays": f"s.outcome = 'paid' OR {_FUNDS} = 0",
            "what is reversed is nothing": "s.outcome <> 'reversed' OR s.total_fen = 0",
        },
    ),
    SqlRule("money is a whole number of fen", _NOT_MONEY_ENOUGH),
)

# What the platform settled stands as received: of it only what every payer agrees on is asked.
_OF_OURS = "s.origin <> 'office' OR s.outcome <> 'paid' OR "
_LEFT = "s.in_scope_fen - s.basic_fen"
I2 = holds_in_sql(
    "I2",
    "each tier pays at most what the tier before it left",
    ["claims_settlement"],
    each_version(
        "tiers stay within what was left to them",
        {
            "basic stays within scope": "s.basic_fen <= s.in_scope_fen",
            "funds stay within scope": f"{_FUNDS} <= s.in_scope_fen + s.self_pay_first_fen",
            "catastrophic stays within what basic left": (
                f"{_OF_OURS}s.catastrophic_fen <= {_LEFT} + s.self_pay_first_fen"
            ),
            "assistance stays within what was left": (
                f"{_OF_OURS}s.assistance_fen <= GREATEST({_LEFT} - s.catastrophic_fen, 0)"
            ),
            "supplementary stays within what was left": (
                f"{_OF_OURS}s.supplementary_fen"
                f" <= GREATEST({_LEFT} - s.catastrophic_fen - s.assistance_fen, 0)"
            ),
            "assistance stays within its base": (
                f"{_OF_OURS}s.assistance_fen <= {traced('assistance_base')}"
            ),
            "supplementary stays within its base": (
                f"{_OF_OURS}s.supplementary_fen <= {traced('supplementary_base')}"
            ),
            **{
                f"limits only cut what {tier} pays": (
                    f"{_OF_OURS}s.{tier}_fen <= {traced(f'{tier}_uncapped')}"
                )
                for tier in ("basic", "catastrophic", "assistance", "supplementary")
            },
        },
    ),
)

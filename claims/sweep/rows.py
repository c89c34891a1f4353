"""Words of SQL the invariants of the ledger share."""

from __future__ import annotations

from collections.abc import Mapping

from claims.settlement.columns import TRACE
from config.sweep.invariants import SqlRule

# The number staff know a version by: office, bill, version. Asked for broken rows only.
NAME = """COALESCE((
    SELECT office.code || ' ' || bill.number FROM claims_bill bill
    JOIN offices_office office ON office.id = bill.office_id WHERE bill.id = s.bill_id
), 'settlement ' || s.id) || ' / ' || s.version"""
# Current: nothing supersedes it. Live: current, and not reversed.
CURRENT = "NOT EXISTS (SELECT FROM claims_settlement later WHERE later.supersedes_id = s.id)"
LIVE = f"s.outcome <> 'reversed' AND {CURRENT}"


def traced(name: str) -> str:
    """Return the intermediate figure of a version by its name."""
    return f"s.trace_fen[{TRACE.index(name) + 1}]"


def each_version(sentence: str, rules: Mapping[str, str]) -> SqlRule:
    """Return the rule that every version obeys each of several conditions, read in one pass.

    Args:
        sentence: what the conditions say together.
        rules: condition over the version `s` by the sentence it states.
    """
    broken = ", ".join(
        f"CASE WHEN ({condition}) IS NOT TRUE THEN '{said}' END"
        for said, condition in rules.items()
    )
    whole = " AND ".join(f"({condition})" for condition in rules.values())
    return SqlRule(
        sentence,
        f"SELECT {NAME}, concat_ws('; ', {broken}) AS broken FROM claims_settlement s"  # noqa: S608  constants of the model
        f" WHERE ({whole}) IS NOT TRUE",
    )

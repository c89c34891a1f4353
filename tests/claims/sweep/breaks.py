"""The table of hand-broken rows: what is done to them, and which invariant must tell.

`:bill` stands for the bill that is broken, `:it` for its current version, `:elsewhere` for
another office.
"""

from __future__ import annotations

from typing import NamedTuple

IT = (
    "(SELECT s.id FROM claims_settlement s WHERE s.bill_id = :bill ORDER BY s.version DESC LIMIT 1)"
)
VERSIONS = "claims_settlement"


class Break(NamedTuple):
    """One broken row.

    Attributes:
        code: the invariant that must report it.
        rule: words of the sentence it must say.
        statement: what is done, as the owner, without constraints.
        bill: whose bill, by the name it has in the ledger; its number must be told.
        told: what must be told instead of a bill's number.
        table: the table that is changed.
        undone: how a change of a table rather than of its rows is taken back.
    """

    code: str
    rule: str
    statement: str
    bill: str = "third"
    told: str = ""
    table: str = VERSIONS
    undone: str = ""


def changed(where: str = "id = :it", **columns: str) -> str:
    """Return the statement that sets columns of a version, the current one unless said otherwise."""
    values = ", ".join(f"{name} = {value}" for name, value in columns.items())
    return f"UPDATE claims_settlement SET {values} WHERE {where}"  # noqa: S608


def of(table: str, what: str, where: str = "to_settlement_id = :it") -> dict[str, str]:
    """Return statement and table of a change to something else than a version."""
    name = f"claims_{table}"
    statement = f"DELETE FROM {name}" if what == "DELETE" else f"UPDATE {name} SET {what}"  # noqa: S608
    return {"statement": f"{statement} WHERE {where}", "table": name}


_EVENT = "audit_auditevent"
_EVENT_AGAIN = """
INSERT INTO audit_auditevent
    (office_id, agent, roles, verb, target_kind, target_id, outcome, reason, payload, request_id, address)
SELECT office_id, '', '', 'settlement.confirmed', 'claims.settlement', public_id::text, 'done', '',
    '{}', gen_random_uuid(), ''
FROM claims_settlement WHERE id = :it
"""
_ITS_EVENT = "target_id = (SELECT public_id::text FROM claims_settlement WHERE id = :it)"
_LEFT = "in_scope_fen - basic_fen"
_STANDS = "what stood before is what came before"
_WITH_ITS_BILL = "a version stands with its bill"

BREAKS = (
    # I1
    Break("I1", "no part is negative", changed(other_aid_fen="-1")),
    Break("I1", "parts of the cost are the total", changed(in_scope_fen="in_scope_fen + 1")),
    Break("I1", "parts of the payment are the total", changed(basic_fen="basic_fen - 1")),
    Break("I1", "own share is within and outside", changed(own_within_fen="own_within_fen + 1")),
    Break("I1", "own share is account and cash", changed(cash_fen="cash_fen - 1")),
    Break("I1", "only what is settled pays", changed(outcome="'refused'")),
    Break("I1", "what is reversed is nothing", changed(outcome="'reversed'")),
    Break(
        "I1",
        "money is a whole number of fen",
        "ALTER TABLE claims_billitem ALTER amount_fen TYPE numeric(12, 1)",
        told="claims_billitem.amount_fen",
        table="claims_billitem",
        undone="ALTER TABLE claims_billitem ALTER amount_fen TYPE bigint",
    ),
    # I2
    Break("I2", "basic stays within scope", changed(basic_fen="in_scope_fen + 1")),
    Break("I2", "funds stay within scope", changed(supplementary_fen="in_scope_fen")),
    Break(
        "I2",
        "catastrophic stays within what basic left",
        changed(catastrophic_fen=f"{_LEFT} + self_pay_first_fen + 1"),
    ),
    Break(
        "I2",
        "assistance stays within what was left",
        changed(assistance_fen=f"{_LEFT} - catastrophic_fen + 1"),
    ),
    Break(
        "I2",
        "supplementary stays within what was left",
        changed(supplementary_fen=f"{_LEFT} - catastrophic_fen + 1"),
    ),
    Break(
        "I2", "assistance stays within its base", changed(assistance_fen="assistance_fen + 9999999")
    ),
    Break("I2", "supplementary stays within its base", changed(supplementary_fen="9999999")),
    *(
        Break(
            "I2",
            f"limits only cut what {tier} pays",
            changed(**{f"{tier}_fen": f"{tier}_fen + 9999999"}),
        )
        for tier in ("basic", "catastrophic", "assistance", "supplementary")
    ),
    # I3
    Break(
        "I3",
        "what bills of a year draw on a limit stays within it",
        changed(basic_fen="basic_fen + 25000000"),
        bill="last",
    ),
    # I4
    Break("I4", _STANDS, changed(opening="'{}'")),
    Break("I4", _STANDS, changed(opening="'{}'"), bill="last"),
    Break("I4", _STANDS, changed(opening="'{}'"), bill="after_platform"),
    Break("I4", _STANDS, changed(opening="jsonb_set(opening, '{admissions}', '9')")),
    Break("I4", _STANDS, changed(entries_through="0"), bill="last"),
    Break("I4", _STANDS, changed(closing="closing || '{\"admissions\": 9}'"), told=":after third"),
    Break(
        "I4",
        _STANDS,
        changed(closing="closing || '{\"admissions\": 9}'"),
        bill="platform",
        told=":after platform",
    ),
    Break(
        "I4",
        _STANDS,
        **of("accountentry", "amounts = '{\"ordinary_limit\": 10001}'", "true"),
        bill="last",
    ),
    # I5
    Break("I5", "versions are counted without a gap", changed(version="version + 1")),
    Break("I5", "versions are counted without a gap", changed(supersedes_id="NULL"), bill="first"),
    Break(
        "I5",
        "exactly one version of a bill is current",
        changed(supersedes_id="NULL"),
        bill="first",
    ),
    Break(
        "I5",
        "figures are counted without a gap",
        **of("billversion", "version = 3", "bill_id = :bill AND version = 2"),
        bill="first",
    ),
    Break("I5", "each place of an account is held once", changed(sequence="1")),
    Break("I5", "each place of an account is held once", changed(sequence="99")),
    # I6
    Break("I6", "the replay gives the stored version", changed(basic_fen="basic_fen - 1")),
    Break(
        "I6",
        "the replay gives the stored version",
        changed(trace_fen="trace_fen[1:23] || 7::bigint"),
    ),
    Break("I6", "the replay gives the stored version", changed(outcome="'refused'")),
    Break("I6", "the replay gives the stored version", changed(category_assistance="'none'")),
    Break(
        "I6",
        "the replay gives the stored version",
        changed(closing="jsonb_set(closing, '{admissions}', '9')"),
        bill="last",
    ),
    Break(
        "I6",
        "the replay gives the stored version",
        **of("billversion", "total_fen = total_fen + 100", "bill_id = :bill"),
    ),
    Break(
        "I6",
        "the replay gives the stored version",
        **of("accountentry", "amounts = '{\"ordinary_limit\": 10001}'", "true"),
        bill="last",
    ),
    # I7
    Break(
        "I7",
        "the adjustments of a version are its difference",
        **of(
            "adjustment",
            "amount_fen = amount_fen + 1",
            "payer = 'basic' AND to_settlement_id = :it",
        ),
        bill="first",
    ),
    Break(
        "I7",
        "the adjustments of a version are its difference",
        **of("adjustment", "DELETE"),
        bill="first",
    ),
    Break(
        "I7",
        "an adjustment stands between a version",
        **of("adjustment", "from_settlement_id = to_settlement_id"),
        bill="first",
    ),
    # I11
    Break("I11", "a version names its request", changed(request_key="''")),
    Break("I11", "actor and release of a version exist", changed(actor_id="987654")),
    Break("I11", "actor and release of a version exist", changed(release_id="987654")),
    Break("I11", "a version left exactly one event", changed(actor_id="NULL")),
    Break(
        "I11",
        "a version left exactly one event",
        f"DELETE FROM {_EVENT} WHERE {_ITS_EVENT}",  # noqa: S608
        table=_EVENT,
    ),
    Break("I11", "a version left exactly one event", _EVENT_AGAIN, table=_EVENT),
    Break(
        "I11",
        "a correction left exactly one event",
        "DELETE FROM audit_auditevent WHERE verb = 'bill.corrected'",
        bill="first",
        table=_EVENT,
    ),
    Break(
        "I11",
        "an entry names who posted it",
        **of("accountentry", "actor_id = NULL", "true"),
        told="entry ",
    ),
    Break(
        "I11",
        "a release by a person is by another one",
        **of("settlementrelease", "actor_id = maker_id", "settlement_id = :it"),
    ),
    Break("I11", "a leg names the act", **of("adjustment", "request_key = 'other'"), bill="first"),
    # I12
    Break("I12", _WITH_ITS_BILL, changed(office_id=":elsewhere")),
    Break("I12", _WITH_ITS_BILL, changed(account_id="0")),
    Break("I12", _WITH_ITS_BILL, changed(benefit_year="2024")),
    Break(
        "I12",
        "a difference and a release stand with their version",
        **of("adjustment", "office_id = :elsewhere"),
        bill="first",
    ),
    Break(
        "I12",
        "an entry stands with its account",
        **of("accountentry", "office_id = :elsewhere", "true"),
        told="entry ",
    ),
    Break(
        "I12",
        "a table of offices takes no row without one",
        changed(office_id="NULL"),
        told="claims_settlement",
    ),
    Break("I12", "the pool is the sum of its offices", changed(bill_id="0"), told="pool"),
    # H6
    Break("H6", "the digest of a version is that of its row", changed(reason="'其他'")),
    Break("H6", "the digest of a version is that of its row", changed(row_digest="md5('')")),
    Break(
        "H6",
        "the digest of a version is that of its row",
        changed(at="at + interval '1 microsecond'"),
    ),
)

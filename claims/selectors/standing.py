"""How an account stands, asked for in one go: what settling one more bill and the check need.

A version has sixty columns, its bill and figures thirty more. Whoever settles the next bill,
or checks the account, needs amounts and accumulators only; pages and acts that settle earlier
bills again read `ledger_of`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.db import connection

from claims.models import BenefitYearAccount
from claims.models.settlement import MONEY_COLUMNS
from claims.selectors.ledger import LedgerFold
from claims.selectors.rule_books import Stored
from config.offices import scope

# Two plain statements in one message: one trip, and half the time of one statement that makes
# lists of both. (The connection binds values itself, as Django does unless told otherwise; with
# `server_side_binding` the server would refuse such a message.) The offices in scope are named
# here as the managers name them; row-level security asks again.
_STANDING = f"""
SELECT version.bill_id, version.sequence, version.origin, version.release_id,
    version.entries_through, version.opening, version.closing,
    {", ".join(f"version.{name}" for name in MONEY_COLUMNS)}
FROM claims_settlement version
WHERE version.account_id = %(account)s AND version.office_id = ANY(%(offices)s)
    AND version.outcome <> 'reversed'
    AND NOT EXISTS (SELECT FROM claims_settlement later WHERE later.supersedes_id = version.id)
ORDER BY version.sequence;

SELECT entry.id, entry.amounts
FROM claims_accountentry entry
WHERE entry.account_id = %(account)s AND entry.office_id = ANY(%(offices)s)
ORDER BY entry.id
"""  # noqa: S608  the columns are constants of the model


@dataclass(frozen=True)
class VersionRow:
    """A live current version: its place, what stood before and after it, its amounts in fen."""

    bill_id: int
    sequence: int
    origin: str
    release_id: int
    entries_through: int
    opening: Stored
    closing: Stored
    amounts: dict[str, int]


@dataclass(frozen=True)
class EntryRow:
    """An entry beside the bills."""

    pk: int
    amounts: dict[str, int]


@dataclass(frozen=True)
class Standing(LedgerFold):
    """The ledger of an account without what only pages show."""

    versions: tuple[VersionRow, ...]
    entries: tuple[EntryRow, ...]


NOTHING_STANDS = Standing((), ())


def standing_of(account: BenefitYearAccount | None) -> Standing:
    """Return how an account stands; an account that does not exist yet is empty."""
    if account is None:
        return NOTHING_STANDS
    offices = list(scope.current().office_ids)
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, {"account": account.pk, "offices": offices})
        versions = tuple(_version(*row) for row in cursor.fetchall())
        cursor.nextset()
        entries = tuple(EntryRow(pk, json.loads(amounts)) for pk, amounts in cursor.fetchall())
    return Standing(versions, entries)


def _version(
    bill_id: int,
    sequence: int,
    origin: str,
    release_id: int,
    entries_through: int,
    opening: str,
    closing: str,
    *amounts: int,
) -> VersionRow:
    """Return one row as read; accumulators come as the text of JSON."""
    return VersionRow(
        bill_id,
        sequence,
        origin,
        release_id,
        entries_through,
        json.loads(opening),
        json.loads(closing),
        dict(zip(MONEY_COLUMNS, amounts, strict=True)),
    )

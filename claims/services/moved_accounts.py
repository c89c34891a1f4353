"""Accounts of a person who moves to another office: closed here, continued there.

Every account of the person, whichever its year, is closed with what it adds up to, and opened at
the other office with an opening balance of exactly that, named by the two people of the transfer.
So caps, deductibles and counts go on, no bill crosses the fence, and neither office can change
what the other counted: a closed account takes no act any more.
"""

from __future__ import annotations

from typing import NamedTuple

from django.db import connection

from claims.models import AccountEntry, BenefitYearAccount, EntryKind
from claims.selectors.ledger import ledger_of
from claims.selectors.lists import held_list, review_list
from claims.selectors.rule_books import Stored
from claims.services.account_lock import AccountKey, lock_accounts
from config import calendar
from config.audit.services import record
from config.errors import Refused
from enrollment.models import Person

REASON = "person_moved"


class Closed(NamedTuple):
    """One account as it was closed."""

    scheme: str
    region: str
    benefit_year: int
    state: Stored


def close(person: Person) -> list[Closed]:
    """Close every account of a person who leaves, and say what each adds up to.

    Raises:
        Refused: `claims.move.bills_held` or `claims.move.release_waits`, with how many: what was
            begun here is finished here first.
    """
    rows = BenefitYearAccount.objects.filter(person=person)
    keys = [AccountKey(person.pk, row.scheme, row.region, row.benefit_year) for row in rows]
    locked = lock_accounts(person, keys)
    _refuse_open_work(person)
    closed = []
    for key in sorted(locked):
        account = locked[key]
        state = ledger_of(account).before()
        closed.append(Closed(account.scheme, account.region, account.benefit_year, state))
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE claims_benefityearaccount SET closed_at = %s WHERE id = %s",
                [calendar.now(), account.pk],
            )
        record("account.closed", account)
    return closed


def open(  # noqa: A001  the two sides of a move are named close and open
    person: Person, closed: list[Closed], two: tuple[int | None, int | None], request_key: str
) -> None:
    """Open the accounts of a person who comes, each with what it was closed at.

    Args:
        person: the new card.
        closed: as `close` returned it.
        two: who accepted the transfer and who proposed it.
        request_key: key of the act.
    """
    for each in closed:
        account = BenefitYearAccount.objects.create(
            office_id=person.office_id,
            person=person,
            scheme=each.scheme,
            region=each.region,
            benefit_year=each.benefit_year,
        )
        if not each.state:
            continue
        entry = AccountEntry.objects.create(
            office_id=person.office_id,
            account=account,
            kind=EntryKind.OPENING,
            amounts=each.state,
            reason_code=REASON,
            document=request_key,
            actor_id=two[0],
            second_actor_id=two[1],
            request_key=request_key,
            at=calendar.now(),
        )
        amounts = {name: fen for name, fen in each.state.items() if isinstance(fen, int)}
        record("account.posted", entry, REASON, kind=EntryKind.OPENING.value, amounts=amounts)


def _refuse_open_work(person: Person) -> None:
    held = held_list().filter(bill__person=person).count()
    if held:
        raise Refused("claims.move.bills_held", count=held)
    waiting = review_list().filter(bill__person=person).count()
    if waiting:
        raise Refused("claims.move.release_waits", count=waiting)

"""The lock of settlement: the account rows, in one order, before the first business read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.db import OperationalError, connection, transaction
from psycopg.errors import LockNotAvailable

from claims.models import BenefitYearAccount
from config.errors import Conflict, DomainError, Refused
from config.offices import scope
from enrollment.models import Person

# Whatever gets hold of the row also says in which isolation it did, so that asking costs nothing.
_COLUMNS = [field.attname for field in BenefitYearAccount._meta.concrete_fields]
_ROW = ", ".join(_COLUMNS) + ", current_setting('transaction_isolation')"
_LOCK = f"""
SELECT {_ROW} FROM claims_benefityearaccount
WHERE person_id = %s AND scheme = %s AND region = %s AND benefit_year = %s
    AND office_id = ANY(%s)
FOR UPDATE
"""  # noqa: S608  the columns are those of the model
_MAKE = f"""
INSERT INTO claims_benefityearaccount
    (person_id, scheme, region, benefit_year, office_id, next_sequence)
SELECT id, %s, %s, %s, %s, 1 FROM enrollment_person
WHERE id = %s AND moved_at IS NULL FOR SHARE
ON CONFLICT DO NOTHING RETURNING {_ROW}
"""  # noqa: S608  the columns are those of the model


class AccountKey(NamedTuple):
    """What an account is found by."""

    person_id: int
    scheme: str
    region: str
    benefit_year: int


@contextmanager
def money_act() -> Iterator[None]:
    """Run an act that moves money: all of it or nothing; a busy account is a plain answer.

    A collision is no answer: `config.offices.collisions.repeated` does the act again.

    Raises:
        Conflict: `claims.account.busy`, somebody else holds the account longer than the lock
            timeout of the connection.
    """
    try:
        with transaction.atomic():
            yield
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise Conflict("claims.account.busy") from error
        raise


def lock_accounts(
    person: Person, keys: Iterable[AccountKey]
) -> dict[AccountKey, BenefitYearAccount]:
    """Make the accounts where they are missing and lock them, in ascending order.

    Every row of an account belongs to the office of the person: whoever sees the account sees
    all of it.

    Args:
        person: whose accounts they are.
        keys: accounts of that person.

    Raises:
        DomainError: `claims.transaction.missing` or `claims.transaction.wrong_isolation`. Under a
            stricter isolation the statement that waits for the lock would fix what is read
            after it, and read it as it was before.
        Conflict: `claims.account.elsewhere`: the account belongs to an office out of sight.
        Refused: `claims.account.moved`: the person moved, the account goes on elsewhere. Read
            under the lock, so that an act which waited for the move sees it.
    """
    if not connection.in_atomic_block:
        raise DomainError("claims.transaction.missing")
    locked = {}
    for key in sorted(set(keys)):
        # Most accounts exist. Where somebody makes this one at the same moment, making it waits
        # for them and makes nothing, and then their row is locked.
        account = lock_row(key) or _make_row(key, person.office_id) or lock_row(key)
        if account is None:
            if Person.objects.filter(pk=key.person_id, moved_at__isnull=False).exists():
                raise Refused("claims.account.moved")
            raise Conflict("claims.account.elsewhere")
        if account.closed_at is not None:
            raise Refused("claims.account.moved")
        locked[key] = account
    return locked


def lock_row(key: AccountKey) -> BenefitYearAccount | None:
    """Lock one account row; the fault tests take this away to prove that they can fail."""
    return _one_row(_LOCK, [*key, list(scope.current().office_ids)])


def place_taken(account: BenefitYearAccount) -> None:
    """Count the place that was just filled; the account is locked."""
    account.next_sequence += 1
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE claims_benefityearaccount SET next_sequence = %s WHERE id = %s",
            [account.next_sequence, account.pk],
        )


def _make_row(key: AccountKey, office_id: int) -> BenefitYearAccount | None:
    """Make an account row, which nobody else can see or lock before the act commits.

    The card of the person is held meanwhile: a move waits, and after a move nothing is made.
    """
    person_id, *rest = key
    return _one_row(_MAKE, [*rest, office_id, person_id])


def _one_row(statement: str, params: list[Any]) -> BenefitYearAccount | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        found = cursor.fetchone()
    if found is None:
        return None
    *columns, isolation = found
    if isolation != "read committed":
        raise DomainError("claims.transaction.wrong_isolation", isolation=isolation)
    return BenefitYearAccount.from_db(connection.alias, _COLUMNS, columns)

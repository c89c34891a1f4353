"""The lock of settlement: the account rows, in one order, before the first business read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.db import OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected, LockNotAvailable

from claims.models import BenefitYearAccount
from config.errors import Conflict, DomainError
from enrollment.models import Person


class AccountKey(NamedTuple):
    """What an account is found by."""

    person_id: int
    scheme: str
    region: str
    benefit_year: int


@contextmanager
def money_act() -> Iterator[None]:
    """Run an act that moves money: all of it or nothing; a busy account is a plain answer.

    Raises:
        Conflict: `claims.account.busy`, somebody else holds the account longer than the lock
            timeout of the connection.
    """
    try:
        with transaction.atomic():
            yield
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable | DeadlockDetected):
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
    """
    assert_read_committed()
    wanted = sorted(set(keys))
    BenefitYearAccount.objects.bulk_create(
        [BenefitYearAccount(office_id=person.office_id, **key._asdict()) for key in wanted],
        ignore_conflicts=True,
    )
    locked = {}
    for key in wanted:
        account = lock_row(key)
        if account is None:
            raise Conflict("claims.account.elsewhere")
        locked[key] = account
    return locked


def lock_row(key: AccountKey) -> BenefitYearAccount | None:
    """Lock one account row; the fault tests take this away to prove that they can fail."""
    return (
        BenefitYearAccount.objects.select_for_update(of=("self",)).filter(**key._asdict()).first()
    )


def assert_read_committed() -> None:
    """Refuse to settle outside a transaction, or in one that does not read what is committed."""
    if not connection.in_atomic_block:
        raise DomainError("claims.transaction.missing")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('transaction_isolation')")
        isolation = cursor.fetchone()[0]
    if isolation != "read committed":
        raise DomainError("claims.transaction.wrong_isolation", isolation=isolation)

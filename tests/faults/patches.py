"""What a control takes away from the product, inside the processes of a fault test only.

`FAULT_PATCH` names a function here; the settings of a machine's processes install this app,
which calls it once everything is loaded. Nothing of the product reads that variable.
"""

import os
import time

from django.apps import AppConfig


class PatchesConfig(AppConfig):
    name = "tests.faults.patches"
    label = "fault_patches"
    path = os.path.dirname(__file__)  # noqa: PTH120  a text, as the framework asks for

    def ready(self) -> None:
        if wanted := os.environ.get("FAULT_PATCH"):
            globals()[wanted]()


def take_the_lock_away() -> None:
    """Read the account instead of locking it."""
    from claims.services import account_lock

    account_lock.lock_row = unlocked_row


def take_lock_and_fences_away() -> None:
    """Also let every act have a place of its own and skip the check before the commit."""
    from claims.services import account_lock, correction, settlement

    def placed_row(key):
        account = unlocked_row(key)
        if account is None:
            return None
        account.next_sequence = time.time_ns() // 1000 % 2_000_000_000
        return account

    # As long as a page takes on a busy machine; without it too many pairs merely miss each other.
    account_lock.lock_row = lambda key: _after_a_pause(placed_row, key)
    account_lock.place_taken = settlement.place_taken = lambda _account: None
    for module in (settlement, correction):
        module.account_check = lambda _account: None


def _after_a_pause(read, key):
    row = read(key)
    pause_s = float(os.environ.get("FAULT_PAUSE_S", "0"))
    time.sleep(pause_s)
    return row


def unlocked_row(key):
    from claims.services import account_lock

    return account_lock.BenefitYearAccount.objects.filter(**key._asdict()).first()

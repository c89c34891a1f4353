"""Twenty desks, the same people: every account equals its replay, whatever interleaves."""

import os
import random
from collections import Counter

import pytest

from claims.services import account_lock
from config.offices.acting import run_in_office
from tests.claims.conftest import make_desk
from tests.factories.enrollment import make_category, make_person
from tests.faults.checker import check
from tests.faults.operations import Workload, run

PROCESSES = 20
pytestmark = pytest.mark.django_db(transaction=True)


def run_and_check(folder, people: int, operations: int, patch=None):
    """Run a workload on fresh people; returns what is wrong, and what was answered."""
    seed = int(os.environ.get("FAULT_SEED") or random.randrange(10**6))
    print(f"FAULT_SEED={seed}")
    desk = make_desk()
    with run_in_office(desk.east, desk.clerk):
        persons = [make_person(desk.east) for _ in range(people)]
        for person in persons[::3]:
            make_category(person, "minimum_living")
    workload = Workload(
        office_id=desk.east.pk,
        clerk_id=desk.clerk.pk,
        reviewer_id=desk.reviewer.pk,
        people=[person.pk for person in persons],
        seed=seed,
        operations=operations,
        processes=PROCESSES,
        log=folder,
        patch=patch,
    )
    log = run(workload)
    with run_in_office(desk.east, desk.clerk):
        problems = check(workload.people, log)
    answered = Counter((line["operation"], line["status"]) for line in log)
    print(sorted(answered.items()))
    return problems, answered


def take_the_lock_away():
    """Read the account instead of locking it."""

    def unlocked(key):
        return account_lock.BenefitYearAccount.objects.filter(**key._asdict()).first()

    account_lock.lock_row = unlocked


def test_a_few_hundred_operations_leave_every_account_as_its_replay(tmp_path):
    problems, answered = run_and_check(tmp_path, people=12, operations=300)
    assert problems == []
    for operation in ("confirm", "reverse", "correct", "release"):
        assert answered[operation, "ok"] > 0, answered


def test_without_the_lock_the_same_run_is_caught(tmp_path):
    """The control: a test that cannot fail does not count."""
    problems, _answered = run_and_check(
        tmp_path, people=3, operations=200, patch=take_the_lock_away
    )
    assert problems


@pytest.mark.faults
def test_thousands_of_operations_leave_every_account_as_its_replay(tmp_path):
    problems, _answered = run_and_check(tmp_path, people=50, operations=5_000)
    assert problems == []

"""Twenty desks, the same people: every account equals its replay, whatever interleaves."""

from collections import Counter

import pytest

from config.offices.acting import run_in_office
from tests.claims.conftest import make_desk
from tests.factories.enrollment import make_category, make_person
from tests.faults.checker import check
from tests.faults.operations import BILLS_ONLY, Workload, run
from tests.faults.patches import take_lock_and_fences_away, take_the_lock_away
from tests.faults.swept import sweep_findings, sweep_is_clean

PROCESSES = 20
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.row("A11")]


def run_and_check(folder, seed: int, people: int, operations: int, patch=None, **facts):
    """Run a workload on fresh people; returns what is wrong, and what was answered."""
    desk = make_desk()
    with run_in_office(desk.east, desk.clerk):
        persons = [make_person(desk.east, covered=bool(n % 6)) for n in range(1, people + 1)]
        for person in persons[::3]:
            make_category(person, "minimum_living")
    workload = Workload(
        office_id=desk.east.pk,
        clerk_id=desk.clerk.pk,
        reviewer_id=desk.reviewer.pk,
        supervisor_id=desk.supervisor.pk,
        people=[person.pk for person in persons],
        seed=seed,
        operations=operations,
        log=folder,
        patch=patch,
        **{"processes": PROCESSES} | facts,
    )
    log = run(workload)
    with run_in_office(desk.east, desk.clerk):
        problems = check(workload.people, log)
    answered = Counter((line["operation"], line["status"]) for line in log)
    answered["repeats"] = sum(line["repeats"] for line in log)
    print(sorted(answered.items(), key=str))
    print(*problems[:20], sep="\n")
    return problems, answered


def test_a_few_hundred_operations_leave_every_account_as_its_replay(tmp_path, seed, tried):
    problems, answered = run_and_check(tmp_path, seed, people=12, operations=300)
    tried(300)
    assert problems == []
    assert sweep_is_clean()
    for operation in ("confirm", "reverse", "correct", "release"):
        assert answered[operation, "ok"] > 0, answered


def test_without_the_lock_the_same_run_is_caught(tmp_path, seed):
    """The control: a test that cannot fail does not count. Constraints still refuse here."""
    problems, _answered = run_and_check(
        tmp_path, seed, people=2, operations=80, patch=take_the_lock_away
    )
    assert any("settlement_place_once" in problem for problem in problems)


def test_without_lock_and_constraints_the_replay_is_caught_out(tmp_path, seed):
    """The control of the checker: wrong money is stored, and it says so."""
    problems, _answered = run_and_check(
        tmp_path, seed, people=2, operations=80, patch=take_lock_and_fences_away, mix=BILLS_ONLY
    )
    assert any("it does not stand on what came before" in problem for problem in problems)
    assert any("the replay differs" in problem for problem in problems)
    assert any("the reference differs" in problem for problem in problems)
    found = {line.partition(":")[0] for line in sweep_findings()}
    assert {"I4", "I6"} <= found


@pytest.mark.faults
def test_thousands_of_operations_leave_every_account_as_its_replay(tmp_path, seed, tried):
    problems, _answered = run_and_check(tmp_path, seed, people=50, operations=5_000)
    tried(5_000)
    assert problems == []
    assert sweep_is_clean()


@pytest.mark.faults
@pytest.mark.row("A8")
def test_eight_clients_of_every_operation_see_no_deadlock(tmp_path, seed, tried):
    problems, answered = run_and_check(tmp_path, seed, people=50, operations=2_400, processes=8)
    tried(2_400)
    # A deadlock or a failed repeat would be "broken", and the checker would tell.
    assert problems == []
    print(f"{answered['repeats']} of 2400 operations were done again")
    assert answered["repeats"] <= 12

"""Clerks at work while the database and the web server are killed: nothing lost, nothing twice.

Eight processes act through the services, two sessions confirm over HTTP, all on the same people.
What each was told is logged as ok, refused or unknown; the offline checker holds the log against
what is stored, and the sweep of the ledger is clean.
"""

import random
import threading
import time
from collections import Counter

import pytest
from django.db import InterfaceError, OperationalError, connections

from config.errors import DomainError
from config.offices.acting import run_in_office
from config.sweep.services import as_system, sweep_run
from enrollment.models import Person
from tests.claims.conftest import make_desk
from tests.factories.claims import bill
from tests.factories.enrollment import make_category, make_person
from tests.factories.offices import make_user
from tests.faults.checker import check
from tests.faults.desk_clients import CONFIRMED, SILENT, attempt, confirm
from tests.faults.operations import Workload, run

PROCESSES, SESSIONS = 8, 2
pytestmark = pytest.mark.row("A11")
STATUS = {CONFIRMED: "ok", SILENT: "unknown"}


def make_people(desk, count):
    with run_in_office(desk.east, desk.clerk):
        people = [make_person(desk.east, covered=bool(n % 6)) for n in range(1, count + 1)]
        for person in people[::3]:
            make_category(person, "minimum_living")
    return [person.pk for person in people]


def at_the_web(machine, desk, user, people, seed, stop, log):
    """Confirm at the desk until told to stop, whatever is killed meanwhile."""
    draw, session = random.Random(seed), machine.browser(user)
    while not stop.is_set():
        try:
            with run_in_office(desk.east, user):
                person = Person.objects.select_related("office").get(pk=draw.choice(people))
                page = attempt(person, bill(total_fen=draw.randrange(5_000_00, 90_000_00)))
        except DomainError:
            continue
        except (OperationalError, InterfaceError):
            connections.close_all()
            time.sleep(0.2)
            continue
        said = confirm(session, page)
        # A page that failed may stand behind a commit that did not.
        status = STATUS.get(said.word, "unknown" if said.word == "broken" else "refused")
        log.append({"operation": "web", "key": page.key, "status": status, "answer": {}})
    connections.close_all()


def killed_inside(machine, folder, seed, tried, *, people, operations, pause_s):
    desk, draw = make_desk(), random.Random(seed)
    ids = make_people(desk, people)
    machine.start_web()
    workload = Workload(
        office_id=desk.east.pk,
        clerk_id=desk.clerk.pk,
        reviewer_id=desk.reviewer.pk,
        supervisor_id=desk.supervisor.pk,
        people=ids,
        seed=seed,
        operations=operations,
        processes=PROCESSES,
        log=folder,
        urls=machine.database.urls,
        is_killed=True,
    )
    answers, web_log, stop = [], [], threading.Event()
    users = [make_user(desk.east, "clerk", username=f"web-{n}") for n in range(SESSIONS)]
    threads = [threading.Thread(target=lambda: answers.extend(run(workload)))]
    threads += [
        threading.Thread(target=at_the_web, args=(machine, desk, user, ids, n, stop, web_log))
        for n, user in enumerate(users)
    ]
    for thread in threads:
        thread.start()
    kills = Counter()
    while not list(folder.glob("*.jsonl")) and threads[0].is_alive():
        time.sleep(0.2)
    while threads[0].is_alive():
        threads[0].join(draw.uniform(0.5, 1.5) * pause_s)
        if not threads[0].is_alive():
            break
        if draw.random() < 0.5:
            machine.database.kill()
            machine.database.restart()
            kills["database"] += 1
        else:
            machine.kill_web_worker(draw)
            kills["web worker"] += 1
    stop.set()
    for thread in threads:
        thread.join(60)
    connections.close_all()
    log = [*answers, *web_log]
    print(dict(kills), sorted(Counter((x["operation"], x["status"]) for x in log).items()))
    tried(len(log))
    assert kills["database"] + kills["web worker"] > 0
    assert len(answers) >= operations // PROCESSES * PROCESSES
    with run_in_office(desk.east, desk.clerk):
        problems = check(ids, log)
    print(*problems[:20], sep="\n")
    assert problems == []
    with as_system("test"):
        swept = sweep_run()
    assert swept.is_clean, list(swept.results.values_list("code", "findings"))


@pytest.mark.faults
def test_what_was_acknowledged_is_there_once_whatever_was_killed(machine, tmp_path, seed, tried):
    killed_inside(machine, tmp_path, seed, tried, people=50, operations=1_200, pause_s=8)


@pytest.mark.nightly
@pytest.mark.parametrize("run_number", range(10))
def test_twenty_thousand_operations_under_kills(machine, tmp_path, seed, tried, run_number):
    killed_inside(
        machine, tmp_path, seed + run_number, tried, people=50, operations=20_000, pause_s=15
    )


@pytest.mark.faults
def test_a_log_that_claims_more_than_is_stored_is_caught(machine, seed):
    """The control of the log: an acknowledged key that is not there, a refused one that is."""
    desk = make_desk()
    people = make_people(desk, 1)
    with run_in_office(desk.east, desk.clerk):
        person = Person.objects.select_related("office").get(pk=people[0])
    machine.start_web()
    with run_in_office(desk.east, desk.clerk):
        page = attempt(person, bill())
    assert confirm(machine.browser(desk.clerk), page).word == CONFIRMED
    lines = [
        {"operation": "web", "key": "never-sent", "status": "ok", "answer": {}},
        {"operation": "web", "key": page.key, "status": "refused", "answer": {}},
    ]
    with run_in_office(desk.east, desk.clerk):
        problems = check(people, lines)
    assert any("never-sent was acknowledged" in problem for problem in problems)
    assert any(f"{page.key} was refused and is there" in problem for problem in problems)

"""The key changes under kills and desk traffic: everybody is found at every moment, nobody twice."""

import base64
import random
import time

import pytest
from django.db import connections

from config.errors import DomainError
from config.identity.keys import key_ring
from config.local.processes import wait_until
from config.offices.acting import run_in_office
from config.runs import key_rotation, services
from config.runs.key_rotation import stale_counts
from config.runs.models import Run
from enrollment.models import Person
from enrollment.selectors.search import person_search
from enrollment.services.person import PersonInput, person_register
from tests.claims.api.conftest import plain_number
from tests.claims.conftest import make_desk
from tests.factories.acts import recorded
from tests.factories.enrollment import make_person
from tests.factories.offices import make_user
from tests.faults.clients import Log

pytestmark = [pytest.mark.row("G9", "B1", "B2", "B4")]
OLD, NEW = (f"{name}:{base64.b64encode(name.encode() * 16).decode()}" for name in ("k1", "k2"))


def make_people(desk, count):
    """Make people of two counties; return their numbers."""
    numbers = {}
    for office in (desk.offices.east, desk.offices.west):
        with run_in_office(office), recorded(office):
            people = [make_person(office, covered=False) for _ in range(count // 2)]
        numbers |= {person.pk: plain_number(person) for person in people}
    return numbers


def rotate(machine, desk, monkeypatch, per_chunk):
    monkeypatch.setattr(key_rotation, "ROWS_PER_CHUNK", per_chunk)
    makers = [
        make_user(desk.offices.pool, "administrator", username=name) for name in ("one", "two")
    ]
    with run_in_office(desk.offices.pool, makers[0]):
        run = services.run_plan("key_rotation", "演练", to_key=key_ring().current.key_id)
    with run_in_office(desk.offices.pool, makers[1]):
        return services.run_approve(run)


def look_and_register(desk, numbers, draw, log):
    """Find somebody by number, and try to register somebody of the other county once more."""
    person, plain = draw.choice(sorted(numbers.items()))
    with run_in_office(desk.offices.pool, roles=["auditor"]):
        found = [each.pk for each in person_search(plain)]
    log.note(plain, "ok" if found == [person] else "missed")
    try:
        with run_in_office(desk.east, desk.clerk):
            person_register(PersonInput("示例", plain))
    except DomainError:
        return  # known in the pool; or asked about the other county too often this hour
    log.note(plain, "doubled")


def kill_something(machine, draw, turn):
    """Kill a pool child, the worker or the database, in turn."""
    if turn % 3 == 0:
        machine.kill_pool_child(draw)
    elif turn % 3 == 1:
        machine.kill(machine.worker)
        machine.start_worker(2)
    else:
        machine.database.kill()
        machine.database.restart()


def rotate_under_kills(machine, settings, monkeypatch, seed, *, people, per_chunk, kills):
    settings.ID_NUMBER_KEYS = [OLD]
    draw, log = random.Random(seed), Log()
    desk = make_desk()
    numbers = make_people(desk, people)
    settings.ID_NUMBER_KEYS = [NEW, OLD]
    machine.environment |= {
        "ID_NUMBER_KEYS": f"{NEW},{OLD}",
        "RUN_LEASE_S": "6",
        "RUN_SWEEP_EVERY_S": "2",
        "OUTBOX_SWEEP_EVERY_S": "1",
    }
    run = rotate(machine, desk, monkeypatch, per_chunk)
    machine.start_worker(2)
    machine.start_beat()
    for turn in range(kills):
        until = time.monotonic() + draw.random()
        while time.monotonic() < until:
            look_and_register(desk, numbers, draw, log)
        kill_something(machine, draw, turn)
        connections.close_all()  # those of before may lead to a server that is gone

    def has_ended():
        look_and_register(desk, numbers, draw, log)
        with run_in_office(desk.offices.pool):
            return Run.objects.get(pk=run.pk).state.startswith("done")

    assert wait_until(has_ended, 240)
    settings.ID_NUMBER_KEYS = [NEW]
    with run_in_office(desk.offices.pool):
        assert Run.objects.get(pk=run.pk).state == "done"
        assert stale_counts() == {}
        stored = {person.pk: person.id_number.plain() for person in Person.objects.all()}
    assert stored == numbers
    assert not log.keys("missed")
    assert not log.keys("doubled")
    return kills


@pytest.mark.faults
def test_the_key_changes_under_kills_and_desk_traffic(machine, settings, monkeypatch, seed, tried):
    tried(
        rotate_under_kills(machine, settings, monkeypatch, seed, people=400, per_chunk=10, kills=6)
    )


@pytest.mark.nightly
def test_the_key_changes_under_fifty_kills(machine, settings, monkeypatch, seed, tried):
    tried(
        rotate_under_kills(
            machine, settings, monkeypatch, seed, people=40_000, per_chunk=20, kills=50
        )
    )

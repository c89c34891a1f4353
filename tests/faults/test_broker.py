"""The broker is stopped, flushed, restarted empty, hung or away: late, never lost; the desk goes on."""

import random
import time

import pytest

from config.local.processes import wait_until
from config.offices.acting import run_in_office
from config.runs import services
from config.runs.models import Run
from tests.config.runs.probe import effects
from tests.factories.offices import PASSWORD, make_user
from tests.faults.clients import Browser, Interface
from tests.faults.desk_traffic import make_traffic
from tests.faults.effects import effects_done, emit_effects

QUICK = {"RUN_LEASE_S": "6", "RUN_SWEEP_EVERY_S": "2", "OUTBOX_SWEEP_EVERY_S": "1"}
PASSWORD_TAKEN = 302
FAULTS = {
    "stopped": (lambda broker: broker.kill(), lambda broker: broker.restart()),
    "flushed": (lambda broker: broker.client.flushall(), lambda broker: None),
    "restarted empty": (lambda broker: broker.restart(empty=True), lambda broker: None),
    "away": (lambda broker: broker.kill(), lambda broker: broker.restart(empty=True)),
    "hung": (lambda broker: broker.freeze(), lambda broker: broker.thaw()),
}


@pytest.fixture
def world(machine, settings):
    settings.RUN_KINDS = {**settings.RUN_KINDS, "probe": "tests.config.runs.probe.Probe"}
    settings.OUTBOX_CONSUMERS = {**settings.OUTBOX_CONSUMERS, "test.effect": "nobody.here"}
    machine.environment |= QUICK
    traffic = make_traffic(machine)
    machine.start_worker(2)
    machine.start_beat()
    return traffic


def plan_run(desk, rows):
    with run_in_office(desk.east, desk.supervisor):
        return services.run_plan("probe", "演练", rows=rows, size=20, pause_ms=5)


def approve_by_page(machine, desk, run):
    """Approve over HTTP: the web process writes the work down and tries to wake the workers."""
    with run_in_office(desk.east, roles=["administrator"]):
        run = Run.objects.get(pk=run.pk)
    browser = machine.browser(desk.second)
    return browser.post(f"/admin/run/{run.public_id}/approve/", {})


def sign_in(machine, user, password=PASSWORD):
    """Give name and password at the first page; the status says whether the code is asked next."""
    browser = Browser(machine.web_port, {})
    browser.get("/admin/login/")
    return browser.post("/admin/login/", {"username": user.username, "password": password})[0]


def all_done(desk, run, numbers):
    with run_in_office(desk.east, desk.supervisor):
        is_done = Run.objects.get(pk=run.pk).state == "done"
        return is_done and effects_done() == dict.fromkeys(numbers, 1)


def live_through(machine, traffic, seed, *, broken_s, rows, bills):
    """Put the broker through every fault during a run and desk traffic; return what was settled."""
    desk = traffic.desk
    draw = random.Random(seed)
    client = Interface(machine.web_port, traffic.hospital.text)
    browser = machine.browser(desk.clerk)
    refused = sign_in(machine, desk.supervisor, "wrong")
    settled = first = 0
    for name, (break_it, mend_it) in FAULTS.items():
        run = plan_run(desk, rows)
        numbers = range(first, first + 20)
        first += 20
        break_it(machine.broker)
        began = time.monotonic()
        assert approve_by_page(machine, desk, run)[0] == 302, name
        with run_in_office(desk.east, desk.clerk):
            emit_effects(numbers)
        while time.monotonic() - began < broken_s or settled < bills:
            assert traffic.settle(client, draw), name
            settled += 1
        assert browser.get("/admin/")[0] == 200, name
        assert sign_in(machine, desk.clerk) == PASSWORD_TAKEN, name
        assert sign_in(machine, desk.supervisor, "wrong") == refused != PASSWORD_TAKEN, name
        mend_it(machine.broker)
        mended = time.monotonic()
        told = range(first)
        assert wait_until(lambda run=run, told=told: all_done(desk, run, told), 300), name
        print(f"{name}: all done {time.monotonic() - mended:.1f} s after the broker was back")
    # Tries were counted all the while: the right password is refused by now.
    assert sign_in(machine, desk.supervisor) == refused
    with run_in_office(desk.east, desk.supervisor):
        assert effects() == dict.fromkeys(range(1, rows + 1), len(FAULTS))
    assert traffic.problems() == []
    return settled


@pytest.fixture
def second_person(world):
    """Somebody who may approve and look after runs."""
    world.desk.second = make_user(world.desk.east, "supervisor", username="second")
    return world


@pytest.mark.faults
@pytest.mark.row("B5")
def test_without_the_broker_the_desk_works_and_work_is_late_not_lost(
    machine, second_person, seed, tried
):
    settled = live_through(machine, second_person, seed, broken_s=4, rows=100, bills=20)
    tried(settled)


@pytest.mark.nightly
@pytest.mark.row("B5")
def test_ten_minutes_without_the_broker(machine, second_person, seed, tried):
    settled = live_through(machine, second_person, seed, broken_s=600, rows=1000, bills=200)
    tried(settled)


def disturb(machine, draw, held):
    """Delete, copy, hold back, put back or turn over messages of the queues; returns how many."""
    queue = machine.broker.client
    name = draw.choice(("bulk", "bulk", "desk"))
    act = draw.choice(("delete", "copy", "hold", "turn", "release"))
    if act == "release":
        if held:
            queue.lpush(*held.pop(draw.randrange(len(held))))
        return 0
    message = queue.rpop(name)
    if message is None:
        return 0
    if act == "copy":
        queue.lpush(name, message, message, message)
    elif act == "hold":
        held.append((name, message))
    elif act == "turn":
        queue.lpush(name, message)
    return 1


def disturb_a_run(machine, traffic, seed, *, rows, times):
    desk = traffic.desk
    draw = random.Random(seed)
    run = plan_run(desk, rows)
    with run_in_office(desk.east, desk.reviewer):
        services.run_approve(run)
    numbers = range(rows // 10)
    with run_in_office(desk.east, desk.clerk):
        emit_effects(numbers)
    held, disturbed = [], 0
    deadline = time.monotonic() + 1800
    while disturbed < times and time.monotonic() < deadline:
        disturbed += disturb(machine, draw, held)
        time.sleep(0.01)
        if all_done(desk, run, numbers):
            break
    for message in held:  # an hour later
        machine.broker.client.lpush(*message)
    assert wait_until(lambda: all_done(desk, run, numbers), 300)
    time.sleep(3)
    with run_in_office(desk.east, desk.supervisor):
        assert effects() == dict.fromkeys(range(1, rows + 1), 1)
        assert effects_done() == dict.fromkeys(numbers, 1)
    return disturbed


@pytest.fixture
def one_worker(machine, world):
    """Let messages wait in the queue, where they can be deleted and copied."""
    machine.kill(machine.worker)
    machine.start_worker(1)
    return world


@pytest.mark.faults
@pytest.mark.row("B6")
def test_messages_deleted_copied_late_and_turned_over_leave_the_same_state(
    machine, one_worker, seed, tried
):
    tried(disturb_a_run(machine, one_worker, seed, rows=600, times=25))


@pytest.mark.nightly
@pytest.mark.row("B6")
def test_five_hundred_disturbed_messages_leave_the_same_state(machine, one_worker, seed, tried):
    disturbed = disturb_a_run(machine, one_worker, seed, rows=20_000, times=500)
    tried(disturbed)
    assert disturbed >= 500

"""Runs under kills: a pool child, the whole worker, a frozen worker, a poison row, a deploy.

Every row of the probe adds one event to the record, so a row done twice stands there twice and a
lost one not at all: the table of an undisturbed run is each number once.
"""

import os
import random
import signal
import time

import pytest

from config.local.processes import wait_until
from config.offices.acting import run_in_office
from config.runs import services
from config.runs.models import Chunk, Run
from tests.claims.conftest import make_desk
from tests.config.runs.probe import effects
from tests.faults.machine import freeze_all, thaw_all

QUICK = {"RUN_LEASE_S": "6", "RUN_SWEEP_EVERY_S": "2", "OUTBOX_SWEEP_EVERY_S": "1"}
PRODUCT = {}


@pytest.fixture
def desk(machine, settings):
    settings.RUN_KINDS = {**settings.RUN_KINDS, "probe": "tests.config.runs.probe.Probe"}
    return make_desk()


@pytest.fixture
def start(machine, desk):
    """Start a run of the probe and what works on it."""

    def started(facts=QUICK, concurrency=2, **parameters):
        machine.environment |= facts
        with run_in_office(desk.east, desk.supervisor):
            run = services.run_plan("probe", "演练", **parameters)
        with run_in_office(desk.east, desk.reviewer):
            services.run_approve(run)
        machine.start_worker(concurrency, RUN_MACHINE="first")
        machine.start_beat()
        return run

    return started


def standing(desk, run):
    with run_in_office(desk.east, desk.supervisor):
        return Run.objects.get(pk=run.pk)


def chunks_of(desk, run, **wanted):
    with run_in_office(desk.east, desk.supervisor):
        return list(Chunk.objects.filter(run_id=run.pk, **wanted).order_by("number"))


def has_ended(desk, run):
    return standing(desk, run).state in {"done", "done_with_findings"}


def wait_for_work(desk, run):
    assert wait_until(lambda: chunks_of(desk, run, state="leased") or has_ended(desk, run), 60)


def done_once(desk, rows, without=()):
    with run_in_office(desk.east, desk.supervisor):
        return effects() == {number: 1 for number in range(1, rows + 1) if number not in without}


def seconds_until_taken_again(desk, run, chunks):
    """Wait until every chunk was leased anew or ended; return the longest wait."""
    began = time.monotonic()

    def moved():
        now = {chunk.pk: chunk for chunk in chunks_of(desk, run)}
        return all(now[c.pk].token > c.token or now[c.pk].state != "leased" for c in chunks)

    assert wait_until(moved, 200)
    return time.monotonic() - began


def kill_children(machine, desk, run, draw, kills):
    """Kill children at random moments in the work; return the longest wait for a restart."""
    longest = 0.0
    for _kill in range(kills):
        wait_for_work(desk, run)
        time.sleep(draw.random() * 0.5)
        pid = machine.kill_pool_child(draw)
        orphans = [c for c in chunks_of(desk, run, state="leased") if f"/{pid}/" in c.owner]
        longest = max(longest, seconds_until_taken_again(desk, run, orphans))
    return longest


@pytest.mark.faults
@pytest.mark.row("B1")
def test_killed_pool_children_leave_the_result_of_an_undisturbed_run(
    machine, desk, start, seed, tried
):
    run = start(PRODUCT | {"RUN_SWEEP_EVERY_S": "2"}, rows=1200, size=40, pause_ms=20)
    longest = kill_children(machine, desk, run, random.Random(seed), kills=5)
    assert wait_until(lambda: has_ended(desk, run), 120)
    tried(5)
    print(f"longest wait for a restart: {longest:.1f} s")
    assert longest <= 60
    assert (standing(desk, run).state, standing(desk, run).sums) == ("done", {"numbers": 720_600})
    assert done_once(desk, 1200)


@pytest.mark.nightly
@pytest.mark.row("B1")
def test_fifty_killed_pool_children_in_a_hundred_thousand_rows(machine, desk, start, seed, tried):
    run = start(PRODUCT, rows=100_000, size=1_000, pause_ms=4)
    longest = kill_children(machine, desk, run, random.Random(seed), kills=50)
    assert wait_until(lambda: has_ended(desk, run), 1800)
    tried(50)
    print(f"longest wait for a restart: {longest:.1f} s")
    assert longest <= 60
    assert standing(desk, run).state == "done"
    assert done_once(desk, 100_000)


def kill_workers(machine, desk, run, draw, kills):
    """Kill the whole worker and start one in its place, here or on another machine."""
    longest = 0.0
    for kill in range(kills):
        wait_for_work(desk, run)
        time.sleep(draw.random() * 0.5)
        orphans = chunks_of(desk, run, state="leased")
        machine.kill(machine.worker)
        began = time.monotonic()
        machine.start_worker(RUN_MACHINE=draw.choice(("first", f"machine-{kill}")))
        seconds_until_taken_again(desk, run, orphans)
        longest = max(longest, time.monotonic() - began)
    return longest


@pytest.mark.faults
@pytest.mark.row("B2")
def test_a_killed_worker_is_followed_by_another_without_anybody_acting(
    machine, desk, start, seed, tried
):
    run = start(rows=600, size=40, pause_ms=20)
    longest = kill_workers(machine, desk, run, random.Random(seed), kills=3)
    assert wait_until(lambda: has_ended(desk, run), 120)
    tried(3)
    print(f"longest wait until work went on: {longest:.1f} s")
    assert longest <= 60
    assert standing(desk, run).state == "done"
    assert done_once(desk, 600)


@pytest.mark.nightly
@pytest.mark.row("B2")
def test_twenty_killed_workers_with_the_intervals_of_the_product(machine, desk, start, seed, tried):
    run = start(PRODUCT, rows=40_000, size=1_000, pause_ms=10)
    longest = kill_workers(machine, desk, run, random.Random(seed), kills=20)
    assert wait_until(lambda: has_ended(desk, run), 1800)
    tried(20)
    print(f"longest wait until work went on: {longest:.1f} s")
    assert longest <= 150
    assert standing(desk, run).state == "done"
    assert done_once(desk, 40_000)


def freeze_past_the_lease(machine, desk, run):
    """Freeze the first worker inside a chunk, let the second one do it, wake the first."""
    mine = lambda: [c for c in chunks_of(desk, run, state="leased") if c.owner.startswith("first/")]  # noqa: E731
    assert wait_until(lambda: mine() or has_ended(desk, run), 60, 0.02)
    pid = machine.worker.pid()
    freeze_all(pid)
    frozen = mine()
    if frozen:
        seconds_until_taken_again(desk, run, frozen)
        taken = [chunk.pk for chunk in frozen]
        wait_until(lambda: not chunks_of(desk, run, pk__in=taken, state="leased"), 60)
    thaw_all(pid)
    return len(frozen)


def freeze_often(machine, desk, run, times):
    machine.start_worker(1, program=machine.second, RUN_MACHINE="second")
    frozen = 0
    while frozen < times and not has_ended(desk, run):
        frozen += freeze_past_the_lease(machine, desk, run)
    assert wait_until(lambda: has_ended(desk, run), 240)
    time.sleep(2)  # whoever woke last has said what it had to say
    return frozen


FROZEN = {"RUN_LEASE_S": "2", "RUN_SWEEP_EVERY_S": "1", "OUTBOX_SWEEP_EVERY_S": "1"}


@pytest.mark.faults
@pytest.mark.row("B3")
def test_a_frozen_worker_that_wakes_after_its_lease_was_given_away_doubles_nothing(
    machine, desk, start, tried
):
    run = start(FROZEN, concurrency=1, rows=400, size=10, pause_ms=60)
    frozen = freeze_often(machine, desk, run, times=5)
    tried(frozen)
    assert frozen >= 5
    assert done_once(desk, 400)


@pytest.mark.faults
@pytest.mark.row("B3")
def test_without_the_token_a_frozen_worker_doubles(machine, desk, start):
    """The control."""
    run = start(FROZEN, concurrency=1, rows=100, size=10, pause_ms=60, without_token=True)
    frozen = freeze_often(machine, desk, run, times=1)
    assert frozen >= 1
    with run_in_office(desk.east, desk.supervisor):
        assert max(effects().values()) > 1


@pytest.mark.nightly
@pytest.mark.row("B3")
def test_fifty_frozen_workers_double_nothing(machine, desk, start, tried):
    run = start(FROZEN, concurrency=1, rows=4000, size=10, pause_ms=60)
    frozen = freeze_often(machine, desk, run, times=50)
    tried(frozen)
    assert frozen >= 50
    assert done_once(desk, 4000)


@pytest.mark.faults
@pytest.mark.row("B9", "B10")
def test_a_row_that_kills_its_process_is_parked_alone_and_poison_rows_are_told(
    machine, desk, start, seed, tried
):
    draw = random.Random(seed)
    killer, *poison = draw.sample(range(1, 401), 6)
    run = start(rows=400, size=100, killers=[killer], poison=sorted(poison))
    assert wait_until(lambda: has_ended(desk, run), 120)
    tried(6)
    run = standing(desk, run)
    assert (run.state, run.counts["parked"]) == ("done_with_findings", 1)
    assert run.counts["rows_set_aside"] == len(poison)
    (parked,) = chunks_of(desk, run, state="parked")
    assert (parked.first_id, parked.last_id) == (killer, killer)
    assert max(chunk.attempts for chunk in chunks_of(desk, run)) <= 3
    assert done_once(desk, 400, without={killer, *poison})


@pytest.mark.faults
@pytest.mark.row("B12")
def test_a_worker_that_is_asked_to_end_finishes_its_chunk_first(machine, desk, start, tried):
    run = start(rows=240, size=30, pause_ms=20)
    for _deploy in range(1):
        wait_for_work(desk, run)
        os.kill(machine.worker.pid(), signal.SIGTERM)
        assert wait_until(lambda: machine.worker.pid() is None, 60)
        machine.start_worker()
        tried(1)
    assert wait_until(lambda: has_ended(desk, run), 90)
    assert {chunk.attempts for chunk in chunks_of(desk, run)} == {1}
    assert done_once(desk, 240)

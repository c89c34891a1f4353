"""PostgreSQL is killed while a hospital settles and a run goes on: what was acknowledged is there."""

import random
import time

import pytest
from django.db import connections

from config.local.processes import wait_until
from config.offices.acting import run_in_office
from config.runs import services
from config.runs.models import Run
from tests.config.runs.probe import effects
from tests.faults.clients import Interface
from tests.faults.desk_traffic import make_traffic

pytestmark = pytest.mark.row("B4")
QUICK = {"RUN_LEASE_S": "6", "RUN_SWEEP_EVERY_S": "2", "OUTBOX_SWEEP_EVERY_S": "1"}


def start_run(machine, desk, rows, size):
    with run_in_office(desk.east, desk.supervisor):
        run = services.run_plan("probe", "演练", rows=rows, size=size, pause_ms=10)
    with run_in_office(desk.east, desk.reviewer):
        services.run_approve(run)
    machine.environment |= QUICK
    machine.start_worker(1)
    machine.start_beat()
    return run


def kill_the_database(machine, traffic, draw, kills, between_s):
    """Kill it at random moments; return the longest wait for the web's next answer."""
    client = Interface(machine.web_port, traffic.hospital.text)
    longest = 0.0
    for _kill in range(kills):
        time.sleep(between_s * (0.5 + draw.random()))
        machine.database.kill()
        time.sleep(draw.random())
        machine.database.restart()
        began = time.monotonic()
        assert wait_until(lambda: traffic.settle(client, draw), 60, 0.2)
        longest = max(longest, time.monotonic() - began)
    connections.close_all()  # this process's own led to a server that is gone
    return longest


def run_under_kills(machine, settings, seed, *, kills, between_s, rows):
    settings.RUN_KINDS = {**settings.RUN_KINDS, "probe": "tests.config.runs.probe.Probe"}
    traffic = make_traffic(machine)
    desk = traffic.desk
    run = start_run(machine, desk, rows, size=20)
    web, worker = machine.web.pid(), machine.worker.pid()
    with traffic.running(seed):
        longest = kill_the_database(machine, traffic, random.Random(seed), kills, between_s)
    traffic.send_unknown_again()
    acknowledged, unknown = len(traffic.log.keys("ok")), len(traffic.log.keys("unknown"))
    print(f"acknowledged {acknowledged}, without an answer {unknown}, web back in {longest:.1f} s")

    def has_ended():
        with run_in_office(desk.east, desk.supervisor):
            return Run.objects.get(pk=run.pk).state == "done"

    assert wait_until(has_ended, 240)
    assert traffic.problems() == []
    with run_in_office(desk.east, desk.supervisor):
        assert effects() == dict.fromkeys(range(1, rows + 1), 1)
    assert longest <= 30
    assert (machine.web.pid(), machine.worker.pid()) == (web, worker)
    return acknowledged


@pytest.mark.faults
def test_five_kills_lose_no_acknowledged_settlement_and_no_chunk(machine, settings, seed, tried):
    acknowledged = run_under_kills(machine, settings, seed, kills=5, between_s=3, rows=600)
    tried(acknowledged)
    assert acknowledged >= 20


@pytest.mark.nightly
def test_thirty_kills_lose_none_of_twenty_thousand(machine, settings, seed, tried):
    acknowledged = run_under_kills(machine, settings, seed, kills=30, between_s=45, rows=20_000)
    tried(acknowledged)
    assert acknowledged >= 20_000


@pytest.mark.faults
def test_a_database_that_acknowledges_before_it_wrote_loses_what_it_said(machine):
    """The control: with synchronous_commit off, kills lose acknowledged rows, and the log tells."""
    machine.database.execute("ALTER SYSTEM SET synchronous_commit = off")
    machine.database.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
    machine.database.execute("SELECT pg_reload_conf()")
    try:
        lost = 0
        machine.database.execute("CREATE TABLE acknowledged (id int)")
        machine.database.execute("CHECKPOINT")
        for number in range(200):
            machine.database.execute("INSERT INTO acknowledged VALUES (%s)", number)
        machine.database.kill()
        machine.database.restart()
        ((kept,),) = machine.database.execute("SELECT count(*) FROM acknowledged")
        lost = 200 - kept
        assert lost > 0
    finally:
        machine.database.execute("ALTER SYSTEM RESET ALL")
        machine.database.execute("SELECT pg_reload_conf()")

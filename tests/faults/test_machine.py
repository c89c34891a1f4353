"""The machine itself: what it kills is dead, what was acknowledged is there, nothing is left."""

import random

import psutil
import pytest

from config.local.processes import wait_until
from config.offices.models import Office
from tests.claims.conftest import make_desk
from tests.faults.machine import Log

pytestmark = pytest.mark.faults


def make_office(code):
    return Office.objects.create(code=code, name=code, kind="pool", region="990000_qinghe").pk


def test_a_killed_database_comes_back_with_every_row_it_acknowledged(machine):
    assert machine.database.execute("SHOW fsync") == [("on",)]
    assert machine.database.execute("SHOW synchronous_commit") == [("on",)]
    log = Log()
    assert log.call("first", lambda: make_office("first")).status == "ok"
    pid = machine.database.pid
    machine.database.kill()
    assert not psutil.pid_exists(pid)
    assert log.call("second", lambda: make_office("second")).status == "unknown"
    assert machine.database.restart() < 30
    assert log.call("third", lambda: make_office("third")).status == "ok"
    assert log.keys("ok") == set(Office.objects.values_list("code", flat=True))


def test_web_and_worker_live_through_kills_of_their_children(machine, seed):
    draw = random.Random(seed)
    desk = make_desk()
    machine.start_web()
    machine.start_worker()
    browser = machine.browser(desk.clerk)
    assert browser.get("/admin/")[0] == 200
    web_worker, child = machine.kill_web_worker(draw), machine.kill_pool_child(draw)
    assert wait_until(lambda: len(machine.web_workers()) == 2, 30)
    assert wait_until(lambda: len(machine.pool_children()) == 2, 30)
    assert web_worker not in machine.web_workers()
    assert child not in machine.pool_children()
    assert browser.get("/admin/")[0] == 200


def test_a_broker_restarted_empty_has_forgotten_its_messages(machine):
    machine.broker.client.lpush("desk", "message")
    machine.broker.restart(empty=True)
    assert machine.broker.client.llen("desk") == 0
    machine.broker.kill()
    assert not machine.broker.is_up()

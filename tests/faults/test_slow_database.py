"""B8: a slow or silent database and a forgotten lock keep no worker, and others go on."""

import threading
import time

import psycopg
import pytest

from config.local.servers.postgres import SUPERUSER
from tests.claims.conftest import make_desk
from tests.faults.machine import Browser
from tests.faults.proxy import Proxy

pytestmark = [pytest.mark.faults, pytest.mark.row("B8")]
BUSY_S = 35
# The bound of a deployment is 30 s; a shorter one shows the same in a tenth of the time.
DEADLINE_S = 6


@pytest.fixture
def behind_proxy(machine):
    proxy = Proxy(machine.database.port)
    for name in ("DATABASE_URL", "OWNER_DATABASE_URL"):
        url = machine.database.urls[name]
        machine.environment[name] = url.replace(f":{machine.database.port}/", f":{proxy.port}/")
    machine.environment["REQUEST_DEADLINE_S"] = str(DEADLINE_S)
    yield proxy
    proxy.close()


def timed(browser, path="/admin/"):
    began = time.monotonic()
    status, text = browser.get(path)
    return status, text, time.monotonic() - began


def four_at_once(machine, browser):
    """Keep every thread of the worker busy, and collect what comes within the bound."""
    answers = []

    def ask():
        answers.append(timed(Browser(machine.web_port, browser.cookies)))

    asking = [threading.Thread(target=ask, daemon=True) for _ in range(4)]
    for each in asking:
        each.start()
    for each in asking:
        each.join(BUSY_S)
    return answers


def test_no_worker_stays_busy_and_the_page_says_so(machine, behind_proxy, tried):
    desk = make_desk()
    machine.start_web(workers=1, threads=4)
    browser = machine.browser(desk.clerk)
    assert timed(browser)[0] == 200

    behind_proxy.delay_s = 0.02
    status, _text, _seconds = timed(browser)
    assert status == 200, "a slow database is slow, not broken"

    for delay_s, is_silent in ((0.2, False), (5.0, False), (0.0, True)):
        behind_proxy.delay_s, behind_proxy.is_silent = delay_s, is_silent
        answers = four_at_once(machine, browser)
        assert len(answers) == 4, "a worker is still busy"
        for status, text, seconds in answers:
            assert status in {200, 503}, text
            assert seconds < BUSY_S
            assert seconds < DEADLINE_S + 3 * max(delay_s, 1) + 6
            assert status == 200 or "数据库" in text
        if is_silent or delay_s == 5:
            assert {status for status, _text, _seconds in answers} == {503}
        tried(len(answers))
    behind_proxy.delay_s, behind_proxy.is_silent = 0.0, False
    time.sleep(1)
    assert [timed(browser)[0] for _ in range(4)] == [200] * 4, "the service resumes by itself"


def test_a_forgotten_lock_ends_in_words_and_others_go_on(machine, tried):
    desk = make_desk()
    machine.start_web(workers=1, threads=4)
    browser, other = machine.browser(desk.clerk), machine.browser(desk.supervisor)
    with psycopg.connect(machine.database.url(SUPERUSER)) as forgotten:
        forgotten.execute("LOCK TABLE claims_facility IN ACCESS EXCLUSIVE MODE")
        answers = []
        waiting = threading.Thread(
            target=lambda: answers.append(timed(other, "/admin/claims/facility/"))
        )
        waiting.start()
        time.sleep(0.5)
        status, _text, seconds = timed(browser, "/admin/login/")
        assert status in {200, 302}
        waiting.join(BUSY_S)
        [(status, text, waited)] = answers
        assert status == 503
        assert "数据库响应过慢" in text
        assert 2 < waited < 3 + 10
        assert seconds < waited
    assert timed(other, "/admin/claims/facility/")[0] == 200
    tried(2)

"""Alive and ready for anyone, without a word more; the deep page for those who may."""

from io import StringIO
from unittest import mock

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from config.health import health_facts, readiness
from config.health.admin import health as deep_page
from config.health.facts import HealthFact, State
from config.health.readiness import unready
from config.health.tasks import health_watch
from config.offices.roles import ACTS, ROLE_CHOICES
from tests.factories.claims import make_rules
from tests.factories.offices import make_user
from tests.factories.operation import look_restored

ROLES = [role for role, _name in ROLE_CHOICES]


def answer(path):
    response = Client().get(path)
    return response.status_code, response.json()


def test_alive_asks_nothing_of_the_database(settings):
    # Without the fixture of the database a statement would fail this test.
    assert answer("/health/live") == (200, {"status": "ok"})


@pytest.mark.django_db
def test_ready_when_everything_is_there_and_no_session_is_made():
    response = Client().get("/health/ready")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert not response.cookies


def changed(monkeypatch, code):
    if code == "migrations":
        more = readiness._migrations_on_disk() | {("claims", "9999_next")}
        monkeypatch.setattr(readiness, "_migrations_on_disk", lambda: more)
    elif code == "policy":
        monkeypatch.setattr(
            "config.policy.selectors.pack_of_files", lambda _region: mock.Mock(digest="0" * 64)
        )
    elif code == "audit":
        monkeypatch.setattr(readiness, "_CAN_RECORD", "SELECT false")
    else:
        monkeypatch.setitem(readiness._ASKED, "database", no_database)


def no_database():
    raise OperationalError("gone")


@pytest.mark.parametrize("code", ["database", "migrations", "policy", "audit"])
def test_not_ready_says_so_and_not_why(offices, monkeypatch, code):
    for office in (offices.pool, offices.east):
        office.region = "990000_qinghe"
        office.save()
    make_rules(offices.pool)
    assert unready() == []
    changed(monkeypatch, code)
    assert unready() == [code]
    status, said = answer("/health/ready")
    assert (status, said) == (503, {"status": "not ready"})


@pytest.fixture
def few_facts(settings):
    settings.HEALTH_FACTS = [f"{__name__}.well", f"{__name__}.late"]


def well():
    return HealthFact("test.well", State.OK, "fine")


def late():
    return HealthFact("test.late", State.LATE, "ninety minutes")


@pytest.mark.parametrize("role", ROLES)
def test_the_deep_page_opens_for_those_who_may(offices, few_facts, role):
    office = offices.pool if role in {"auditor", "policy_desk"} else offices.east
    client = Client()
    client.force_login(make_user(office, role))
    response = client.get(reverse("admin:health"))
    may = role in ACTS["health.view"]
    assert response.status_code == (200 if may else 403)
    assert ("test.late" in response.content.decode()) is may
    assert deep_page


def test_the_deep_page_is_nobody_elses(offices):
    assert Client().get(reverse("admin:health")).status_code == 302


@pytest.mark.row("B14")
def test_two_people_let_the_system_go_on_from_the_page(offices, few_facts, monkeypatch):
    look_restored(monkeypatch)
    for role, told in (("supervisor", "还须另一人"), ("administrator", "系统已恢复运行")):
        client = Client()
        client.force_login(make_user(offices.pool, role))
        page = client.get(reverse("admin:health")).content.decode()
        assert "恢复后暂停" in page
        assert "<textarea" in page
        done = client.post(reverse("admin:health_resume"), {"reason": "核对一致"}, follow=True)
        assert told in done.content.decode()
    assert "恢复后暂停" not in client.get(reverse("admin:health")).content.decode()


def exit_code_of(*arguments):
    out = StringIO()
    try:
        call_command("health", *arguments, stdout=out)
    except SystemExit as ended:
        return ended.code, out.getvalue()
    return 0, out.getvalue()


@pytest.mark.django_db
def test_the_command_ends_with_a_code_for_monitors(settings, few_facts, monkeypatch):
    assert exit_code_of()[0] == 0
    code, said = exit_code_of("--deep")
    assert code == 1
    assert '"test.late"' in said
    settings.HEALTH_FACTS = [f"{__name__}.well"]
    assert exit_code_of("--deep")[0] == 0
    changed(monkeypatch, "migrations")
    assert exit_code_of("--deep")[0] == 2


@pytest.mark.django_db
def test_the_watch_writes_one_line_for_each_alarm(few_facts, caplog):
    health_watch.run()
    assert [record.getMessage() for record in caplog.records] == ["health alarm test.late: late"]


@pytest.mark.parametrize(
    ("used", "state"), [(0.10, "ok"), (0.799, "ok"), (0.80, "broken"), (1, "broken")]
)
def test_a_volume_is_an_alarm_from_80_percent(monkeypatch, used, state):
    usage = mock.Mock(used=int(used * 1000), free=1000 - int(used * 1000))
    monkeypatch.setattr(health_facts.shutil, "disk_usage", lambda _folder: usage)
    assert health_facts.space().state == state


@pytest.mark.django_db
def test_the_facts_of_what_everything_stands_on(settings, monkeypatch):
    assert health_facts.migrations().state == "ok"
    assert health_facts.connections_used().state == "ok"
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert health_facts.broker().state == "broken"
    settings.REDIS_URL = ""
    assert health_facts.broker().state == "broken"
    changed(monkeypatch, "migrations")
    assert health_facts.migrations().state == "broken"

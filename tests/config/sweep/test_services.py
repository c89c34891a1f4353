"""A sweep stores what it found, hides nothing, and one runs at a time."""

from datetime import timedelta

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone

from config.audit.models import AuditEvent
from config.errors import Conflict, DomainError, InvalidInput, Refused
from config.health.facts import State
from config.offices.acting import run_in_office
from config.sweep import health_facts, registry, tasks
from config.sweep.invariants import Checked, Finding, Invariant, NotBuilt, SqlRule, holds_in_sql
from config.sweep.selectors import last_sweep
from config.sweep.services import as_system, sweep_run
from tests.factories.offices import make_offices, make_user

pytestmark = pytest.mark.django_db(transaction=True)

WELL = holds_in_sql(
    "I98", "one is one", ["offices_office"], SqlRule("it is", "SELECT 'x' WHERE 1 = 2")
)
ILL = holds_in_sql(
    "I99",
    "offices have no name",
    ["offices_office"],
    SqlRule("no name", "SELECT code, name AS name FROM offices_office WHERE name <> ''"),
)


def stumble(_reader):
    raise ZeroDivisionError


VALUED = holds_in_sql(
    "I94",
    "offices are named",
    ["offices_office"],
    SqlRule(
        "named",
        "SELECT code FROM offices_office WHERE name LIKE %(name)s AND code NOT LIKE 'e%%'",
        {"name": "%st"},
    ),
)
STUMBLING = Invariant("I97", "cannot be asked", stumble)
FAILING = holds_in_sql("I96", "no such table", [], SqlRule("none", "SELECT 'x' FROM nothing"))


@pytest.fixture
def offices(transactional_db):
    return make_offices()


@pytest.fixture
def listed(monkeypatch, settings):
    """List invariants of this test and no others."""
    settings.SWEEP_INVARIANTS = ["the one list of this test"]

    def use(*found):
        monkeypatch.setattr(registry, "import_string", lambda _path: found)

    return use


def run(*codes):
    with as_system("test"):
        return sweep_run(codes)


def test_a_sweep_names_the_rows_that_break_an_invariant(offices, listed):
    listed(ILL, WELL)
    found = run()
    with as_system("test"):
        well, ill = found.results.all()
    assert (found.findings, found.failures, found.is_clean) == (4, 0, False)
    assert (well.code, well.rows_read, well.findings) == ("I98", 4, 0)
    assert (ill.code, ill.rows_read, ill.findings) == ("I99", 4, 4)
    assert ill.first_findings[0] == {"row": "east", "rule": "no name", "facts": {"name": "east"}}
    assert Finding(**ill.first_findings[0]).line() == "east: no name (name east)"


def test_a_rule_may_bring_values(offices, listed):
    listed(VALUED)
    run()
    with as_system("test"):
        assert [each["row"] for each in last_sweep().results.get().first_findings] == ["west"]


@pytest.mark.parametrize("broken", [STUMBLING, FAILING], ids=["a bug", "a statement that fails"])
def test_a_check_that_breaks_is_never_clean_and_hides_no_other(offices, listed, broken):
    listed(broken, ILL)
    found = run()
    assert (found.findings, found.failures, found.is_clean) == (4, 1, False)
    with as_system("test"):
        assert found.results.get(code=broken.code).failure


def test_a_sweep_leaves_an_event_of_the_system(offices, listed):
    listed(WELL)
    run()
    with as_system("test"):
        event = AuditEvent.objects.get(verb="ledger.swept")
    assert (event.actor_id, event.agent, event.office_id) == (None, "test", offices.pool.pk)
    assert event.payload == {"invariants": 1, "findings": 0, "failures": 0}


def test_only_the_system_sweeps(offices):
    supervisor = make_user(offices.pool, "supervisor")
    with run_in_office(offices.pool, supervisor), pytest.raises(Refused):
        sweep_run()


def test_without_a_pool_there_is_nothing_to_sweep(transactional_db):
    with pytest.raises(DomainError) as error, as_system("test"):
        pass
    assert error.value.code == "sweep.no_pool"


def test_an_unknown_code_is_refused(offices):
    with pytest.raises(InvalidInput):
        run("I99")


def test_a_second_sweep_at_the_same_time_is_refused(offices, listed):
    listed(WELL)
    params = connection.get_connection_params()
    keep = {name: params[name] for name in ("host", "port", "user", "password", "dbname")}
    with psycopg.connect(**keep) as other:
        other.execute("SELECT pg_advisory_xact_lock(hashtextextended('sweep', 0))")
        with pytest.raises(Conflict):
            run()
    assert run().is_clean


def test_nothing_can_be_written_by_a_check(offices, listed):
    listed(holds_in_sql("I95", "w", [], SqlRule("w", "SELECT lo_creat(1)::text")))
    found = run()
    with as_system("test"):
        assert found.results.get().failure == "InternalError"


def test_the_command_prints_each_invariant_and_fails_on_findings(offices, listed, capsys):
    listed(WELL)
    call_command("ledger_sweep")
    printed = capsys.readouterr().out
    assert "I98            4 rows     0 findings" in printed
    assert "I10  not built yet (D, payment)" in printed
    listed(ILL)
    with pytest.raises(CommandError, match="4 findings, 0 not checked"):
        call_command("ledger_sweep", "--only", "I99")
    assert "east: no name (name east)" in capsys.readouterr().out


def test_what_is_not_built_is_listed_until_it_is(listed):
    listed(WELL)
    assert {one.code for one in registry.not_built()} == {"I7", "I8", "I9", "I10", "I15", "I16"}
    listed(Invariant("I8", "files", lambda _reader: Checked(1)))
    assert "I8" not in {one.code for one in registry.not_built()}
    assert all(isinstance(one, NotBuilt) for one in registry.not_built())


def test_the_night_sweeps_as_the_system_and_a_part_is_no_whole(offices, listed):
    listed(WELL)
    run("I98")
    with as_system("test"):
        assert last_sweep() is None
    tasks.sweep_nightly()
    with as_system("test"):
        assert last_sweep().is_complete


def test_a_healthy_message_is_never_handed_out_twice(settings):
    patience = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    assert tasks.SOFT_LIMIT_S < tasks.HARD_LIMIT_S < patience
    assert tasks.sweep_nightly.time_limit == tasks.HARD_LIMIT_S
    (night,) = [
        entry
        for entry in settings.CELERY_BEAT_SCHEDULE.values()
        if entry["task"] == tasks.sweep_nightly.name
    ]
    assert night["options"]["queue"] == "bulk"


@pytest.mark.row("B13")
def test_health_tells_of_a_sweep_that_is_missing_late_or_not_clean(offices, listed, time_machine):
    def state():
        with as_system("test"):
            return health_facts.ledger().state

    assert state() == State.UNKNOWN
    listed(WELL)
    run()
    assert state() == State.OK
    time_machine.move_to(timezone.now() + health_facts.LATE_AFTER + timedelta(minutes=1))
    assert state() == State.LATE
    listed(ILL)
    run()
    assert state() == State.BROKEN

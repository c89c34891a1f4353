"""H4 and H5: no event, no act; and an event that cannot be forged by what is typed."""

import json
import logging
import os
from contextlib import contextmanager

import psycopg
import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from config.audit import services
from config.audit.health_facts import writable
from config.audit.models import AuditEvent
from config.audit.selectors import history_of
from config.log_format import JsonLineFormatter
from config.offices import scope
from config.offices.acting import run_in_office
from config.offices.selectors import scope_of_system
from enrollment.services.person import id_number_reveal
from tests.architecture.test_privileges import guarded
from tests.record.services import SERVICES, acting_as, make_world
from tests.record.test_changes import counted

pytestmark = pytest.mark.django_db(transaction=True)
SEQUENCE = "pg_get_serial_sequence('audit_auditevent', 'id')::regclass"


@pytest.fixture
def world(settings):
    settings.IS_DEMONSTRATION = True
    return make_world()


@contextmanager
def revoked():
    """Take the right away, as another account of the server might."""
    with psycopg.connect(os.environ["OWNER_DATABASE_URL"], autocommit=True) as owner:
        owner.execute("REVOKE INSERT ON audit_auditevent FROM desk_app")
        try:
            yield
        finally:
            owner.execute("GRANT INSERT ON audit_auditevent TO desk_app")


@contextmanager
def locked():
    """Hold the table, as a forgotten session might."""
    with psycopg.connect(os.environ["OWNER_DATABASE_URL"]) as owner:
        owner.execute("LOCK TABLE audit_auditevent IN ACCESS EXCLUSIVE MODE")
        yield
        owner.rollback()


@contextmanager
def full():
    """Leave no number for another event, as a full table has no room for one."""
    with psycopg.connect(os.environ["OWNER_DATABASE_URL"], autocommit=True) as owner:
        name, last = owner.execute(
            f"SELECT {SEQUENCE}::text, pg_sequence_last_value({SEQUENCE})"
        ).fetchone()
        owner.execute(f"ALTER SEQUENCE {name} MAXVALUE {last}")
        try:
            yield
        finally:
            owner.execute(f"ALTER SEQUENCE {name} NO MAXVALUE")


@pytest.mark.row("H4")
@pytest.mark.parametrize("blocked", [revoked, full])
def test_where_no_event_can_be_written_no_service_changes_anything(world, blocked, tried):
    with run_in_office(world.offices.pool):
        before = counted(guarded())
        with blocked():
            for name, service in SERVICES.items():
                with acting_as(world, service), pytest.raises(DatabaseError):
                    service.act(world)
                assert counted(guarded()).keys() == before.keys(), name
        changed = {table for table, rows in counted(guarded()).items() if rows != before[table]}
    assert changed == set()
    tried(len(SERVICES))


@pytest.mark.row("H4")
def test_a_held_table_stops_the_act_after_three_seconds_and_a_page_shows_nothing(world):
    client = Client(raise_request_exception=False)
    client.force_login(world.clerk)
    with run_in_office(world.east, world.clerk):
        before = counted(["enrollment_person", "claims_settlement"])
        plain = id_number_reveal(world.person, "核对证件", "card_check")
    with locked():
        answer = client.post(
            reverse("admin:claims_desk_reveal", args=[world.person.public_id]),
            {"reason": "核对证件", "purpose": "card_check"},
        )
        assert answer.status_code >= 500
        assert plain not in answer.content.decode()
    with run_in_office(world.east, world.clerk):
        assert counted(["enrollment_person", "claims_settlement"]) == before


@pytest.mark.row("H4")
@pytest.mark.parametrize("blocked", [revoked, locked, full])
def test_the_health_page_raises_the_alarm(world, blocked):
    with scope.enter(scope_of_system("health")):
        assert writable().state == "ok"
        with blocked():
            assert writable().state == "broken"
        assert writable().state == "ok"
        assert not AuditEvent.objects.filter(verb="row.changed", agent="").exists()


FORGED = (
    "朱\n2026-01-01 INFO audit settlement.released",
    "a\r\nb",
    "x\x1b[2Jy",
    "a\u2028b\u2029c",
    "\u202eabc",
    '","outcome":"done","verb":"x',
    "a\tb|c;d",
    "{0.__class__}%s%(name)s",
    "<b>x</b>",
)


@pytest.mark.row("H5")
def test_what_is_typed_stays_one_field_of_one_event(world, tried):
    with run_in_office(world.east, world.clerk):
        for text in FORGED:
            event = services.record("person.changed", world.person, text, fields=[text])
            event.refresh_from_db()
            assert (event.verb, event.outcome) == ("person.changed", "done")
            assert event.payload == {"fields": [text]}
            assert event.reason == text
        assert history_of(world.person).filter(verb="person.changed").count() == len(FORGED)
    auditor = Client()
    auditor.force_login(world.supervisor)
    page = auditor.get(reverse("admin:audit_auditevent_changelist")).content.decode()
    assert "<b>x</b>" not in page
    tried(len(FORGED))


@pytest.mark.row("H5")
def test_a_log_line_is_one_record_whatever_is_in_it(tried):
    handler = next(h for h in logging.getLogger().handlers if h.filters)
    for text in FORGED:
        record = logging.LogRecord("t", logging.INFO, "f", 1, "name %s", (text,), None)
        assert all(kept.filter(record) for kept in handler.filters)
        line = handler.format(record)
        assert not set(line) & set("\n\r\x1b\u2028\u2029"), repr(line)
        told = json.loads(JsonLineFormatter().format(record))
        assert told["message"] == f"name {text}"
    tried(len(FORGED))

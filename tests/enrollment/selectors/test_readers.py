"""Answers from the record: complete, within the offices in scope, fast on a large table."""

import os
from datetime import timedelta
from time import perf_counter

import psycopg
import pytest
from django.db import connection

from config import calendar
from config.audit.models import AuditEvent
from config.offices.acting import run_in_office
from enrollment.selectors.readers import readers_of, reads_of
from enrollment.services.reading import people_list, person_open
from tests.factories.enrollment import make_person
from tests.factories.offices import make_offices, make_user

GENERATED = """
INSERT INTO audit_auditevent (office_id, at, actor_id, agent, roles, verb, target_kind, target_id,
    outcome, reason, payload, request_id, address)
SELECT %(office)s, now() - (n %% 300) * interval '1 day' - (n %% 86399) * interval '1 second',
    %(actors)s + n %% 40, '', 'clerk',
    (ARRAY['person.opened', 'person.opened', 'settlement.confirmed', 'people.listed'])[1 + n %% 4],
    (ARRAY['enrollment.person', 'enrollment.person', 'claims.settlement', ''])[1 + n %% 4],
    CASE WHEN n %% 4 = 3 THEN '' ELSE md5((n %% 100003)::text) END,
    'done', '',
    CASE WHEN n %% 4 = 3 THEN jsonb_build_object('list', 'bills', 'people',
        jsonb_build_array(md5((n %% 100003)::text), md5((n %% 70001)::text))) ELSE '{}'::jsonb END,
    gen_random_uuid(), ''
FROM generate_series(%(first)s, %(last)s) n
"""
AT_ONCE = 200_000
TODAY = calendar.today()
LONG_AGO = TODAY - timedelta(days=400)


@pytest.fixture
def office(db):
    offices = make_offices()
    offices.__dict__["clerk"] = make_user(offices.east, "clerk")
    return offices


@pytest.mark.row("G7")
def test_both_answers_hold_every_event_and_only_those(office):
    with run_in_office(office.east, office.clerk):
        first, second = (make_person(office.east, covered=False) for _each in range(2))
        person_open(first, "desk")
        person_open(second, "desk")
        people_list("persons", [first])
    with run_in_office(office.west, make_user(office.west, "clerk")):
        stranger = make_person(office.west, covered=False)
        person_open(stranger, "desk")
    with run_in_office(office.east, make_user(office.east, "supervisor")):
        about = readers_of(first, LONG_AGO, TODAY)
        assert [event.target_id for event in about.events] == [str(first.public_id)]
        assert (about.total, len(about.listed)) == (1, 1)
        own = reads_of(office.clerk, LONG_AGO, TODAY)
        assert {event.target_id for event in own.events} == {
            str(first.public_id), str(second.public_id),
        }  # fmt: skip
        assert own.names[str(first.public_id)] == first.name
        assert readers_of(first, LONG_AGO, TODAY - timedelta(days=1)).total == 0
        assert readers_of(stranger, LONG_AGO, TODAY).total == 0


def measured(count, tried):
    """Generate events, analyse, answer both questions; return seconds by question."""
    offices = make_offices()
    clerk = make_user(offices.east, "clerk")
    with run_in_office(offices.east, clerk):
        person = make_person(offices.east, covered=False)
        for first in range(1, count + 1, AT_ONCE):
            facts = {"office": offices.east.pk, "actors": clerk.pk}
            with connection.cursor() as cursor:
                last = min(first + AT_ONCE - 1, count)
                cursor.execute(GENERATED, {**facts, "first": first, "last": last})
        for _look in range(20):
            person_open(person, "desk")
        people_list("persons", [person])
    _analyse()
    took = {}
    with run_in_office(offices.pool, make_user(offices.pool, "auditor", username="asks")):
        start = perf_counter()
        about = readers_of(person, LONG_AGO, TODAY)
        took["who opened this file"] = perf_counter() - start
        start = perf_counter()
        own = reads_of(clerk, TODAY - timedelta(days=1), TODAY)
        took["whose data, one day"] = perf_counter() - start
        assert (about.total, len(about.listed)) == (20, 1)
        assert own.total >= 20
        assert AuditEvent.objects.count() >= count
    tried(count)
    print("G7", count, {name: f"{seconds:.2f} s" for name, seconds in took.items()})
    return took


def _analyse():
    with psycopg.connect(os.environ["OWNER_DATABASE_URL"], autocommit=True) as owner:
        owner.execute("ANALYZE audit_auditevent")


@pytest.mark.row("G7")
@pytest.mark.django_db(transaction=True)
def test_the_answers_come_from_indexes(tried):
    measured(100_000, tried)


@pytest.mark.nightly
@pytest.mark.row("G7")
@pytest.mark.django_db(transaction=True)
def test_ten_million_events_answer_within_ten_seconds(tried):
    assert max(measured(int(os.environ.get("G7_EVENTS", "10000000")), tried).values()) <= 10

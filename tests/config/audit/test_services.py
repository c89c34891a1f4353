"""Events with the act, refusals beside it, answers once per key."""

import threading
import uuid

import pytest
from django.db import connection, connections, transaction

from config.audit import services
from config.audit.models import ActKey, AuditEvent
from config.audit.selectors import history_of
from config.errors import Conflict, DomainError, Refused
from config.offices.acting import run_in_office
from tests.factories.offices import make_offices, make_user


def test_an_event_says_who_did_what_where_and_why(offices):
    clerk = make_user(offices.east, "clerk")
    with run_in_office(offices.east, clerk) as acting:
        services.record("office.changed", offices.east, "moved", fields=["phone"])
        event = history_of(offices.east).get()
    assert (event.actor, event.office, event.roles) == (clerk, offices.east, "clerk")
    assert (event.verb, event.reason, event.payload) == (
        "office.changed",
        "moved",
        {"fields": ["phone"]},
    )
    assert (event.target_kind, event.target_id) == ("offices.office", str(offices.east.pk))
    assert event.request_id == uuid.UUID(acting.request_id)
    assert event.txid > 0
    assert event.at is not None


def test_a_number_typed_into_a_reason_is_not_kept(offices):
    with run_in_office(offices.east):
        services.record("office.changed", offices.east, "见 090001198502030416 与13900001234")
        assert history_of(offices.east).get().reason == "见 [number hidden] 与[number hidden]"


def test_a_detail_the_verb_does_not_list_is_refused(offices):
    with run_in_office(offices.east), pytest.raises(DomainError) as error:
        services.record("person.opened", offices.east, id_number="x")
    assert error.value.code == "audit.payload.not_allowed"
    with run_in_office(offices.east), pytest.raises(DomainError) as error:
        services.record("person.eaten")
    assert error.value.code == "audit.verb.unknown"


@pytest.mark.django_db(transaction=True)
def test_an_event_goes_with_its_act_and_a_refusal_stays():
    offices = make_offices()
    clerk = make_user(offices.east, "clerk")

    def act():
        with transaction.atomic():
            services.record("office.changed", offices.east, fields=[])
            services.require("settlement.release", offices.east)

    with run_in_office(offices.east, clerk):
        with pytest.raises(Refused):
            act()
        event = AuditEvent.objects.get(agent="")
    assert (event.verb, event.outcome) == ("act.refused", "refused")
    assert event.payload == {"act": "settlement.release", "code": "offices.act.not_allowed"}


@pytest.mark.django_db(transaction=True)
def test_without_an_event_there_is_no_act(monkeypatch):
    offices = make_offices()

    def refuse(*_args, **_kwargs):
        raise RuntimeError("the table of events is full")

    def act():
        with transaction.atomic():
            offices.east.phone = "new"
            offices.east.save()
            services.record("office.changed", offices.east, fields=["phone"])

    with run_in_office(offices.east):
        monkeypatch.setattr(services, "insert", refuse)
        with pytest.raises(RuntimeError):
            act()
    offices.east.refresh_from_db()
    assert offices.east.phone == ""


class Counter:
    def __init__(self):
        self.calls = 0

    def __call__(self):
        self.calls += 1
        return {"number": self.calls}


def test_the_same_request_is_answered_from_its_first_answer(offices):
    act = Counter()
    with run_in_office(offices.east):
        first = services.idempotent("t", "k1", {"a": 1, "b": 2}, act)
        again = services.idempotent("t", "k1", {"b": 2, "a": 1}, act)
        other = services.idempotent("t", "k2", {"a": 1, "b": 2}, act)
    assert (first, again, other) == ({"number": 1}, {"number": 1}, {"number": 2})


def test_the_same_key_with_another_body_is_refused(offices):
    act = Counter()
    with run_in_office(offices.east):
        services.idempotent("t", "k", {"a": 1}, act)
        with pytest.raises(Conflict) as error:
            services.idempotent("t", "k", {"a": 2}, act)
    assert error.value.code == "audit.key.reused"
    assert act.calls == 1


def test_another_office_may_use_the_same_key(offices):
    act = Counter()
    for office in (offices.east, offices.west):
        with run_in_office(office):
            services.idempotent("t", "k", {}, act)
    assert act.calls == 2


def test_an_act_that_fails_stores_nothing(offices):
    def fail():
        raise Refused("x.y")

    with run_in_office(offices.east):
        with pytest.raises(Refused), transaction.atomic():
            services.idempotent("t", "k", {}, fail)
        assert not ActKey.objects.exists()
        assert services.idempotent("t", "k", {}, Counter()) == {"number": 1}


@pytest.mark.django_db(transaction=True)
def test_two_at_once_one_works_and_one_waits():
    offices = make_offices()
    act, answers, working = Counter(), [], threading.Event()

    def slow():
        working.set()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.3)")
        return act()

    def request(work):
        try:
            with run_in_office(offices.east), transaction.atomic():
                answers.append(services.idempotent("t", "k", {"a": 1}, work))
        finally:
            connections.close_all()

    first = threading.Thread(target=request, args=(slow,))
    first.start()
    working.wait(5)
    second = threading.Thread(target=request, args=(act,))
    second.start()
    first.join()
    second.join()
    assert answers == [{"number": 1}, {"number": 1}]
    assert act.calls == 1


@pytest.mark.django_db(transaction=True)
def test_a_key_needs_a_transaction():
    offices = make_offices()
    with run_in_office(offices.east), pytest.raises(DomainError) as error:
        services.idempotent("t", "k", {}, Counter())
    assert error.value.code == "audit.transaction.missing"

"""Work that follows from a change: written with it or not at all, done once, failed aloud."""

import random
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.audit.models import AuditEvent
from config.errors import Conflict, DomainError, Refused
from config.health.facts import State
from config.offices.acting import run_in_office
from config.outbox import health_facts, services
from config.outbox.models import Heartbeat, OutboxEvent
from config.outbox.selectors import since_beat, standing
from config.outbox.services import ATTEMPTS, emit, outbox_retry, sweep
from config.outbox.tasks import outbox_sweep
from tests.config.outbox import consumers
from tests.factories.offices import make_user

KIND = "test.note"


@pytest.fixture(autouse=True)
def note_kind(settings):
    settings.OUTBOX_CONSUMERS = {KIND: "tests.config.outbox.consumers.note"}
    consumers.done.clear()
    consumers.failing.clear()


@pytest.fixture(autouse=True)
def messages_sent(monkeypatch):
    """Collect wake-ups instead of sending them."""
    sent = []
    monkeypatch.setattr(services.queue, "send_task", sent.append)
    monkeypatch.setattr(services.wake, "quiet_until", 0.0)
    return sent


def emitted(office, *subjects):
    with run_in_office(office), transaction.atomic():
        for subject in subjects:
            emit(KIND, subject, f"note:{subject}")


def events(office):
    with run_in_office(office):
        return {event.subject_id: event for event in OutboxEvent.objects.all()}


def let_pauses_pass(office):
    with run_in_office(office):
        OutboxEvent.objects.update(not_before=timezone.now() - timedelta(seconds=1))


def test_work_of_every_office_is_done_once(offices):
    emitted(offices.east, 1, 2)
    emitted(offices.west, 3)
    assert sweep() == 3
    assert sweep() == 0
    assert sorted(consumers.done) == ["1", "2", "3"]
    assert {event.state for event in events(offices.pool).values()} == {"done"}


@pytest.mark.django_db(transaction=True)
def test_work_is_written_with_its_change_or_not_at_all(offices, messages_sent):
    def change_that_fails():
        with transaction.atomic():
            emit(KIND, 1, "note:1")
            raise RuntimeError

    with run_in_office(offices.east):
        with pytest.raises(RuntimeError):
            change_that_fails()
        assert messages_sent == []
        with pytest.raises(DomainError) as outside:
            emit(KIND, 1, "note:1")
    assert outside.value.code == "outbox.transaction.missing"
    assert events(offices.east) == {}


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_costs_one_try_and_no_work(offices, monkeypatch):
    tries = []

    def away(_name):
        tries.append(1)
        raise ConnectionError

    monkeypatch.setattr(services.queue, "send_task", away)
    emitted(offices.east, 1)
    emitted(offices.east, 2)
    assert len(tries) == 1
    assert sweep() == 2


def test_a_kind_nobody_does_is_refused_when_it_is_written(offices):
    with run_in_office(offices.east), pytest.raises(DomainError) as error:
        emit("test.nobody", 1, "nobody:1")
    assert error.value.code == "outbox.kind.unknown"


def test_one_effect_is_written_once_and_the_table_itself_refuses_a_second(offices):
    emitted(offices.east, 1, 1)
    emitted(offices.west, 1)
    assert list(events(offices.pool)) == ["1"]
    with run_in_office(offices.east), pytest.raises(IntegrityError), transaction.atomic():
        OutboxEvent.objects.create(
            office=offices.east, kind=KIND, subject_id="1", effect_key="note:1"
        )


def test_work_for_later_waits_for_its_hour(offices):
    with run_in_office(offices.east), transaction.atomic():
        emit(KIND, 1, "note:1", not_before=timezone.now() + timedelta(hours=1))
    assert sweep() == 0
    with run_in_office(offices.east):
        assert standing().waiting == 0


@pytest.mark.row("I13")
def test_what_fails_is_tried_five_times_and_then_stands_on_a_page(offices, tried):
    emitted(offices.east, 1, 2)
    consumers.failing.add("1")
    for _attempt in range(ATTEMPTS + 2):
        sweep()
        let_pauses_pass(offices.east)
        tried(1)
    found = events(offices.east)
    assert (found["1"].state, found["1"].attempts) == ("failed", ATTEMPTS)
    assert found["1"].last_error == "ValueError"
    assert found["2"].state == "done"
    assert consumers.done == ["2"]
    with run_in_office(offices.east):
        assert health_facts.failed().state == State.BROKEN
        assert standing().failed == 1


def test_pauses_grow_and_end_within_five_minutes():
    waits = services.PAUSES_S[: ATTEMPTS - 1]
    assert list(waits) == sorted(waits)
    assert sum(waits) + ATTEMPTS * 30 <= 300


def test_between_two_attempts_nobody_tries(offices):
    emitted(offices.east, 1)
    consumers.failing.add("1")
    assert (sweep(), sweep()) == (1, 0)


def test_work_that_kills_its_process_each_time_ends_as_failed(offices, monkeypatch):
    emitted(offices.east, 1)
    monkeypatch.setattr(services, "_deliver", lambda _event: None)  # the process is gone
    for _attempt in range(ATTEMPTS + 1):
        sweep()
        let_pauses_pass(offices.east)
    event = events(offices.east)["1"]
    assert (event.state, event.last_error) == ("failed", services.LOST)


def test_a_later_attempt_makes_an_earlier_one_void(offices):
    """A process that slept past its pause must not do what another one did meanwhile."""
    emitted(offices.east, 1)
    with run_in_office(offices.pool):
        slept = services._claim()
    let_pauses_pass(offices.east)
    sweep()
    with run_in_office(offices.pool):
        services._deliver(slept)
    assert consumers.done == ["1"]


@pytest.mark.row("B6")
def test_lost_doubled_and_reordered_messages_leave_the_same_state(offices, seed, tried):
    draw = random.Random(seed)
    subjects = [str(number) for number in range(60)]
    for subject in subjects:
        emitted(draw.choice((offices.east, offices.west)), subject)
        for _message in range(draw.choice((0, 0, 1, 2))):
            outbox_sweep()
    outbox_sweep()
    tried(len(subjects))
    assert sorted(consumers.done) == sorted(subjects)


def test_failed_work_is_tried_again_by_who_may_and_on_the_record(offices):
    emitted(offices.east, 1)
    consumers.failing.add("1")
    for _attempt in range(ATTEMPTS):
        sweep()
        let_pauses_pass(offices.east)
    clerk, supervisor = (make_user(offices.east, role) for role in ("clerk", "supervisor"))
    event = events(offices.east)["1"]
    with run_in_office(offices.east, clerk), pytest.raises(Refused):
        outbox_retry(event)
    consumers.failing.clear()
    client = Client()
    client.force_login(supervisor)
    address = reverse("admin:outbox_outboxevent_changelist")
    assert "ValueError" in client.get(address).content.decode()
    answer = client.post(address, {"action": "try_again", "_selected_action": [event.pk]})
    assert len(list(get_messages(answer.wsgi_request))) == 1
    assert sweep() == 1
    assert events(offices.east)["1"].state == "done"
    with run_in_office(offices.east, supervisor):
        assert AuditEvent.objects.filter(verb="outbox.retried").count() == 1
        with pytest.raises(Conflict):
            outbox_retry(event)


def test_the_row_of_another_office_does_not_exist_for_the_action(offices):
    emitted(offices.west, 1)
    client = Client()
    client.force_login(make_user(offices.east, "supervisor"))
    address = reverse("admin:outbox_outboxevent_changelist")
    event = events(offices.pool)["1"]
    client.post(address, {"action": "try_again", "_selected_action": [event.pk]})
    assert client.get(f"{address}{event.pk}/change/").status_code in {302, 404}
    assert events(offices.pool)["1"].attempts == 0


@pytest.mark.row("D2")
@pytest.mark.parametrize("foreign", ["west", "0", "x"])
def test_an_action_with_one_row_that_is_not_there_does_nothing_at_all(offices, foreign, tried):
    for number, office in ((1, offices.east), (2, offices.west)):
        emitted(office, number)
        consumers.failing.add(str(number))
    for _attempt in range(ATTEMPTS):
        sweep()
        let_pauses_pass(offices.east)
        let_pauses_pass(offices.west)
    found = events(offices.pool)
    assert {event.state for event in found.values()} == {"failed"}
    other = found["2"].pk if foreign == "west" else foreign
    client = Client()
    client.force_login(make_user(offices.east, "supervisor"))
    address = reverse("admin:outbox_outboxevent_changelist")
    chosen = {"action": "try_again", "_selected_action": [found["1"].pk, other]}
    assert client.post(address, chosen).status_code == 404
    assert {event.state for event in events(offices.pool).values()} == {"failed"}
    tried(1)


@pytest.mark.row("B13")
def test_a_timetable_that_stopped_is_seen_within_five_minutes(offices):
    assert health_facts.scheduler().state == State.BROKEN
    assert since_beat("sweeper") is None
    sweep()
    assert health_facts.scheduler().state == State.OK
    for minutes, state in ((1, State.OK), (2, State.LATE), (5, State.BROKEN)):
        Heartbeat.objects.update(beaten_at=timezone.now() - timedelta(minutes=minutes))
        assert health_facts.scheduler().state == state


@pytest.mark.row("B13")
def test_work_nobody_does_is_seen_within_five_minutes(offices):
    emitted(offices.east, 1)
    for minutes, state in ((0, State.OK), (2, State.LATE), (5, State.BROKEN)):
        with run_in_office(offices.east):
            OutboxEvent.objects.update(due_at=timezone.now() - timedelta(minutes=minutes))
            assert health_facts.oldest_due().state == state

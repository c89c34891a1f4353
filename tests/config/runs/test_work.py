"""A run is done chunk by chunk: each once, whoever is killed, late or poisoned on the way."""

import threading
from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError, connections
from django.utils import timezone

from config.audit.models import AuditEvent
from config.offices.acting import run_in_office
from config.outbox.services import sweep
from config.runs import leases, services, work
from config.runs.models import Chunk, Finding, Run
from config.runs.selectors import progress_of
from config.runs.tasks import run_chunk
from tests.config.runs.probe import Probe, effects


@pytest.fixture
def east(people):
    """Act in the county, to look at what was done."""
    with run_in_office(people.offices.east, people.supervisor):
        yield people.offices.east


def finish(run):
    while work.work_one(run.pk):
        pass
    run.refresh_from_db()
    return run


def let_leases_end(run):
    run.chunks.filter(state="leased").update(lease_until=timezone.now() - timedelta(seconds=1))


def test_an_undisturbed_run_does_every_row_once_and_ends_by_itself(plan, east):
    run = finish(plan())
    assert effects() == dict.fromkeys(range(1, 41), 1)
    assert (run.state, run.sums) == ("done", {"numbers": 820})
    assert run.counts == {"chunks": 4, "parked": 0, "rows_done": 40, "rows_set_aside": 0}
    assert AuditEvent.objects.filter(verb="run.finished").count() == 1
    assert AuditEvent.objects.filter(verb="run.chunk_done").count() == 4


def test_a_message_does_one_chunk_and_sends_the_next(plan, east, probe_kind):
    run = plan()
    run_chunk(run.pk)
    assert (sum(effects().values()), len(probe_kind)) == (10, 1)


@pytest.mark.row("B10")
def test_a_poison_row_fails_alone_with_its_reason(plan, east, seed, tried):
    poison = sorted({seed % 40 + 1, seed // 41 % 40 + 1, 7})
    run = finish(plan(poison=poison))
    tried(len(poison))
    assert (run.state, run.counts["rows_set_aside"]) == ("done_with_findings", len(poison))
    assert list(Finding.objects.order_by("subject_id").values_list("subject_id", "code")) == [
        (number, "ValueError") for number in poison
    ]
    assert effects() == {number: 1 for number in range(1, 41) if number not in poison}


@pytest.mark.row("B9")
def test_a_row_that_kills_its_worker_is_cut_out_and_given_up_after_three_attempts(
    plan, east, monkeypatch, tried
):
    class Killed(BaseException):
        """The process is gone: nothing after it runs."""

    def do(_kind, _run, chunk, _keep, apply=Probe.apply):
        if chunk.first_id <= 17 <= chunk.last_id:
            raise Killed
        return apply(_kind, _run, chunk, _keep)

    monkeypatch.setattr(Probe, "apply", do)
    run = plan(size=40)
    for _turn in range(60):
        run.refresh_from_db()
        if run.state != "running":
            break
        try:
            work.work_one(run.pk)
        except Killed:
            let_leases_end(run)
            tried(1)
    parked = Chunk.objects.get(state="parked")
    assert (parked.first_id, parked.last_id, parked.attempts) == (17, 17, 3)
    assert parked.error == leases.LOST
    assert max(Chunk.objects.values_list("attempts", flat=True)) == 3
    assert run.state == "done_with_findings"
    assert effects() == {number: 1 for number in range(1, 41) if number != 17}


def wake_after_another_did_the_chunk(run, monkeypatch):
    """Let a worker sleep past its lease at the end of its chunk, and another one do it meanwhile."""

    def slept(kind, run, chunk, keep, apply=Probe.apply):
        monkeypatch.setattr(Probe, "apply", apply)
        outcome = apply(kind, run, chunk, keep)
        in_another_process(lambda: do_the_chunk(run))
        return outcome

    monkeypatch.setattr(Probe, "apply", slept)
    return finish(run)


def do_the_chunk(run):
    with run_in_office(run.office):
        let_leases_end(run)
    assert work.work_one(run.pk)


def in_another_process(act):
    """Do an act on connections of its own."""

    def done():
        try:
            act()
        finally:
            connections.close_all()

    worker = threading.Thread(target=done)
    worker.start()
    worker.join()


@pytest.mark.row("B3")
@pytest.mark.django_db(transaction=True)
def test_a_worker_that_lost_its_lease_writes_nothing(plan, east, monkeypatch, tried):
    run = wake_after_another_did_the_chunk(plan(rows=10), monkeypatch)
    tried(1)
    assert effects() == dict.fromkeys(range(1, 11), 1)
    assert (run.state, run.counts["rows_done"]) == ("done", 10)


@pytest.mark.row("B3")
@pytest.mark.django_db(transaction=True)
def test_without_the_token_the_same_worker_doubles(plan, east, monkeypatch):
    """The control: the token is what makes the difference."""
    monkeypatch.setattr(leases, "_held", lambda chunk, *_using: Chunk.objects.filter(pk=chunk.pk))
    wake_after_another_did_the_chunk(plan(rows=10), monkeypatch)
    assert set(effects().values()) == {2}


def test_a_lease_that_holds_is_given_to_nobody_and_one_that_ended_is(plan, east):
    run = plan(rows=10)
    first = leases.take(run.pk)
    assert leases.take(run.pk) is None
    let_leases_end(run)
    second = leases.take(run.pk)
    assert (second.pk, second.token, second.attempts) == (first.pk, first.token + 1, 2)


@pytest.mark.row("B1")
def test_the_lease_of_a_dead_process_of_this_machine_is_free_at_once(
    plan, east, monkeypatch, settings
):
    run = plan(rows=10)
    monkeypatch.setattr(leases, "owner_name", lambda: f"{settings.RUN_MACHINE}/999999999/1")
    leases.take(run.pk)
    monkeypatch.undo()
    assert leases.take(run.pk) is not None
    assert not leases.owner_is_dead(leases.owner_name())
    assert not leases.owner_is_dead("elsewhere/999999999/1")
    assert not leases.owner_is_dead("")


def test_a_lease_is_renewed_while_the_work_goes_on_and_not_after_it_is_lost(
    plan, east, monkeypatch
):
    run = plan(rows=10)
    chunk = leases.take(run.pk)
    keep = leases.keeper(chunk)
    keep()
    before = Chunk.objects.get().lease_until
    assert before == chunk.lease_until
    now = leases.monotonic()
    monkeypatch.setattr(leases, "monotonic", lambda: now + 3600)
    keep()
    assert Chunk.objects.get().lease_until > before
    Chunk.objects.update(token=chunk.token + 1)
    monkeypatch.setattr(leases, "monotonic", lambda: now + 7200)
    with pytest.raises(leases.LeaseLost):
        keep()


@pytest.mark.parametrize(
    ("failure", "attempts"), [(OperationalError("gone"), 0), (SoftTimeLimitExceeded(), 1)]
)
def test_a_chunk_that_could_not_be_done_is_given_back(plan, east, monkeypatch, failure, attempts):
    """The database going away, or a row somebody holds, is no attempt of the chunk; it waits."""

    def fails_once(*_args, apply=Probe.apply):
        monkeypatch.setattr(Probe, "apply", apply)
        raise failure

    monkeypatch.setattr(Probe, "apply", fails_once)
    run = plan(rows=10)
    assert work.work_one(run.pk)
    chunk = Chunk.objects.get()
    assert (chunk.state, chunk.error) == ("planned", type(failure).__name__)
    assert chunk.attempts == attempts
    assert (leases.take(run.pk) is None) == (attempts == 0)
    Chunk.objects.update(state="planned", lease_until=None)
    assert finish(run).state == "done"
    assert effects() == dict.fromkeys(range(1, 11), 1)


@pytest.mark.row("D9")
def test_a_right_taken_away_stops_the_run_at_the_next_chunk(plan, east, people):
    run = plan()
    work.work_one(run.pk)
    people.supervisor.memberships.update(role="clerk")
    assert not work.work_one(run.pk)
    run.refresh_from_db()
    assert (run.state, run.stopped_because) == ("paused", "right_removed")
    assert sum(effects().values()) == 10
    chunk = run.chunks.get(number=2)
    assert (chunk.state, chunk.attempts) == ("planned", 0)
    assert AuditEvent.objects.filter(verb="run.stopped").count() == 1


def test_the_sweeper_finds_runs_nobody_works_on_and_leaves_the_others(plan, east, probe_kind):
    run = plan()
    assert services.runs_sweep() == services.AT_ONCE
    taken = [leases.take(run.pk) for _place in range(services.AT_ONCE)]
    assert services.runs_sweep() == 0
    let_leases_end(run)
    assert services.runs_sweep() == services.AT_ONCE
    leases.give_back(taken[0], "test")
    run.chunks.update(state="leased", lease_until=timezone.now() + timedelta(minutes=1), owner="x")
    assert services.runs_sweep() == 0
    run.chunks.update(state="done")
    assert services.runs_sweep() == 1  # nobody ended the run
    finish(run)
    assert services.runs_sweep() == 0


def test_a_started_run_is_woken_through_the_outbox(plan, east, django_capture_on_commit_callbacks):
    plan()
    with django_capture_on_commit_callbacks() as callbacks:
        assert sweep() == 1
    assert len(callbacks) == 1


def test_what_a_kind_still_finds_is_added_before_the_end(plan, east, monkeypatch):
    found = iter([[Probe().plan({"rows": 3, "size": 3})[0]], []])
    monkeypatch.setattr(Probe, "remaining", lambda _kind, _run: next(found))
    run = finish(plan())
    assert (run.state, run.rounds, run.counts["chunks"]) == ("done", 1, 5)
    assert progress_of(run).percent == 100
    assert Run.objects.count() == 1

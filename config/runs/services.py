"""Plan, approve, pause, resume and cancel a run; send its wake-ups."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from config.audit.services import body_digest, record, require
from config.celery import app as queue
from config.errors import InvalidInput, Refused
from config.offices import scope
from config.offices.models import Office
from config.offices.selectors import scope_of_system
from config.operation.selectors import is_paused
from config.operation.services import require_running
from config.outbox.models import OutboxEvent
from config.outbox.services import beat, emit
from config.runs import leases
from config.runs.kinds import RunKind, kind_of
from config.runs.models import Chunk, Run
from config.runs.transitions import check_run_step

STARTED = "run.started"
WORK = "config.runs.tasks.run_chunk"
# Chunks of one run in work at the same time; the desk keeps the other processes.
AT_ONCE = 2


@transaction.atomic
def run_plan(kind_name: str, reason: str, **parameters: Any) -> Run:
    """Plan a run: freeze what will be done and wait for a second person.

    Args:
        kind_name: a key of `settings.RUN_KINDS`.
        reason: why, in the maker's words.
        parameters: JSON values the kind understands; no personal data.

    Raises:
        Refused: `offices.act.not_allowed`; `runs.run.pool_only`; `runs.run.needs_person`.
        InvalidInput: `runs.run.reason_missing`.
        DomainError: `runs.kind.unknown`.
    """
    kind = kind_of(kind_name)
    acting = _may(kind, kind.plan_act)
    if len(reason.strip()) < 2:
        raise InvalidInput("runs.run.reason_missing", field="reason")
    pieces = kind.plan(parameters)
    run = Run.objects.create(
        office_id=acting.office_id,
        kind=kind_name,
        parameters=parameters,
        plan_digest=body_digest([kind_name, parameters, pieces]),
        rows_planned=sum(piece.rows for piece in pieces),
        reason=reason.strip()[:200],
        maker_id=acting.user_id,
        asker_id=acting.user_id,
    )
    leases.add_chunks(run, [piece[:3] for piece in pieces])
    record("run.planned", run, reason=run.reason, kind=kind_name, rows=run.rows_planned)
    return run


@transaction.atomic
def run_approve(run: Run) -> Run:
    """Approve a planned run as the second person, and start it.

    Raises:
        Refused: `offices.act.not_allowed`; `runs.run.same_person`; `operation.paused`.
        Conflict: `runs.run.step_impossible`.
    """
    kind = kind_of(run.kind)
    acting = _may(kind, kind.approve_act, run)
    require_running(kind.approve_act)
    if acting.user_id == run.maker_id:
        raise Refused("runs.run.same_person")
    run = _step(run, Run.State.RUNNING, checker_id=acting.user_id, started_at=Now())
    record("run.approved", run, kind=run.kind, rows=run.rows_planned)
    _start(run)
    return run


@transaction.atomic
def run_pause(run: Run) -> Run:
    """Let no further chunk begin; those in work end by themselves."""
    kind = kind_of(run.kind)
    _may(kind, kind.plan_act, run)
    run = _step(run, Run.State.PAUSED, stopped_because="")
    record("run.paused", run, kind=run.kind)
    return run


@transaction.atomic
def run_resume(run: Run) -> Run:
    """Go on, from now on with the rights of whoever resumes."""
    kind = kind_of(run.kind)
    acting = _may(kind, kind.plan_act, run)
    require_running(kind.plan_act)
    if run.state != Run.State.PAUSED:
        check_run_step(run.state, "resumed")
    run = _step(run, Run.State.RUNNING, asker_id=acting.user_id, stopped_because="")
    record("run.resumed", run, kind=run.kind)
    _start(run)
    return run


@transaction.atomic
def run_cancel(run: Run) -> Run:
    """End a run where it stands: chunks that were done stay done."""
    kind = kind_of(run.kind)
    _may(kind, kind.plan_act, run)
    run = _step(run, Run.State.CANCELLED, finished_at=Now())
    done = run.chunks.filter(state=Chunk.State.DONE).count()
    record("run.cancelled", run, kind=run.kind, chunks=done)
    return run


def _may(kind: RunKind, act: str, run: Run | None = None) -> scope.Scope:
    acting = require(act, run)
    if acting.user_id is None:
        raise Refused("runs.run.needs_person")
    office = Office.objects.get(pk=acting.office_id)
    if kind.is_for_the_pool and office.kind != Office.Kind.POOL:
        raise Refused("runs.run.pool_only")
    return acting


def _step(run: Run, after: str, **columns: Any) -> Run:
    """Move a run to another state, whatever it is by now; returns it as it is then."""
    run = Run.objects.select_for_update().get(pk=run.pk)
    check_run_step(run.state, after)
    for name, value in {**columns, "state": after}.items():
        setattr(run, name, value)
    run.save(update_fields=[*columns, "state"])
    run.refresh_from_db()
    return run


def _start(run: Run) -> None:
    Run.objects.filter(pk=run.pk).update(starts=F("starts") + 1)
    emit(STARTED, run.pk, f"{STARTED}:{run.pk}:{run.starts + 1}")


def consume_started(event: OutboxEvent) -> None:
    """Wake the workers for a run that was started (a consumer of the outbox)."""
    run = Run.objects.filter(pk=int(event.subject_id)).first()
    if run is not None:
        transaction.on_commit(lambda: wake(run.pk, AT_ONCE), robust=True)


def wake(run_id: int, messages: int = 1) -> None:
    """Send messages that each do one chunk; one that is lost is found by the sweeper."""
    for _message in range(messages):
        queue.send_task(WORK, kwargs={"run_id": run_id}, queue="bulk")


def runs_sweep() -> int:
    """Wake workers for every running run with free chunks; returns the messages sent.

    A run on which work goes on needs none. This is what finds a run whose messages were lost,
    whose worker was killed or whose lease ran out.
    """
    sent = 0
    with scope.leave(), scope.enter_or_leave(scope_of_system("runs")):
        beat("runs")
        if scope.current_or_none() is None or is_paused():
            return 0
        for run_id in Run.objects.filter(state=Run.State.RUNNING).values_list("pk", flat=True):
            free = Chunk.objects.filter(leases.free_chunks(run_id), run_id=run_id)
            in_work = Chunk.objects.filter(run_id=run_id, state=Chunk.State.LEASED).exclude(
                leases.free_chunks(run_id)
            )
            is_open = free.exists()
            missing = AT_ONCE - in_work.count()
            if missing > 0 and (is_open or not in_work.exists()):
                wake(run_id, missing if is_open else 1)
                sent += missing if is_open else 1
    return sent

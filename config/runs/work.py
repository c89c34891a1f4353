"""Do one chunk of a run, and end the run after its last one."""

from __future__ import annotations

import logging

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Count, Q, Sum
from django.db.models.functions import Now

from config.audit.services import record
from config.errors import Refused
from config.offices import roles, scope
from config.offices.selectors import scope_of_system, scope_of_task
from config.runs import leases, transitions
from config.runs.kinds import StopRun, code_of, kind_of
from config.runs.models import Chunk, Run

ROUNDS = 5
PAUSE_S = 5
RIGHT_REMOVED = "right_removed"
_log = logging.getLogger(__name__)


def work_one(run_id: int) -> bool:
    """Do the next chunk of a run; False where there is none, or the run has stopped."""
    with scope.leave(), scope.enter_or_leave(scope_of_system("runs")):
        if scope.current_or_none() is None:
            return False
        chunk = leases.take(run_id)
        if chunk is None:
            end_if_complete(run_id)
            return False
        run = Run.objects.get(pk=run_id)
        try:
            _do(run, chunk)
        except StopRun as stop:
            leases.give_back(chunk, stop.code, counts=False)
            _stop(run, stop.code)
            return False
        except leases.LeaseLost:
            _log.warning("Chunk %s was given to another worker; what was done is undone.", chunk)
        except (OperationalError, InterfaceError) as failure:
            # The database went away, or somebody holds a row: no fault of this chunk.
            _log.warning("Chunk %s waits: %s", chunk, code_of(failure))
            leases.give_back(chunk, code_of(failure), counts=False, pause_s=PAUSE_S)
        except Exception as failure:  # noqa: BLE001  the chunk is given back, whatever it was
            _log.warning("Chunk %s failed: %s", chunk, code_of(failure))
            leases.give_back(chunk, code_of(failure))
        end_if_complete(run_id)
        return True


def _do(run: Run, chunk: Chunk) -> None:
    """Do the rows and end the chunk, in one transaction, with the asker's rights of now."""
    kind = kind_of(run.kind)
    try:
        acting = scope_of_task(run.office_id, run.asker_id, agent=f"run:{run.kind}")
    except Refused:
        raise StopRun(RIGHT_REMOVED) from None
    with scope.enter(acting), transaction.atomic():
        if not roles.is_allowed(kind.plan_act):
            raise StopRun(RIGHT_REMOVED)
        outcome = kind.apply(run, chunk, leases.keeper(chunk))
        record(
            "run.chunk_done",
            run,
            kind=run.kind,
            number=chunk.number,
            rows_done=outcome.done,
            rows_set_aside=len(outcome.set_aside),
        )
        leases.complete(chunk, outcome)


def _system_of(run: Run) -> scope.Scope:
    """Return the scope of what a run does by itself: its events belong to its office."""
    return scope_of_task(run.office_id, None, agent=f"run:{run.kind}")


def _stop(run: Run, code: str) -> None:
    """Pause a run that may not go on; a person with the right resumes it."""
    with scope.enter(_system_of(run)), transaction.atomic():
        _stop_now(run, code)


def _stop_now(run: Run, code: str) -> None:
    stopped = Run.objects.filter(pk=run.pk, state=Run.State.RUNNING).update(
        state=Run.State.PAUSED, stopped_because=code
    )
    if stopped:
        record("run.stopped", run, kind=run.kind, code=code)


@transaction.atomic
def end_if_complete(run_id: int) -> None:
    """End a running run none of whose chunks is open, unless its kind finds more to do."""
    run = Run.objects.select_for_update().filter(pk=run_id, state=Run.State.RUNNING).first()
    if run is None or run.chunks.filter(state__in=transitions.OPEN_CHUNKS).exists():
        return
    if run.rounds < ROUNDS:
        more = kind_of(run.kind).remaining(run)
        if more:
            run.rounds += 1
            run.save(update_fields=["rounds"])
            leases.add_chunks(run, [piece[:3] for piece in more])
            return
    _end(run)


def _end(run: Run) -> None:
    parked = Q(state=Chunk.State.PARKED)
    counts = run.chunks.aggregate(
        chunks=Count("pk", filter=Q(state=Chunk.State.DONE)),
        parked=Count("pk", filter=parked),
        rows_done=Sum("rows_done", default=0),
        rows_set_aside=Sum("rows_set_aside", default=0),
    )
    sums: dict[str, int] = {}
    for of_chunk in run.chunks.exclude(sums={}).values_list("sums", flat=True):
        for name, amount in of_chunk.items():
            sums[name] = sums.get(name, 0) + amount
    has_findings = counts["parked"] or counts["rows_set_aside"]
    run.state = Run.State.WITH_FINDINGS if has_findings else Run.State.DONE
    run.counts, run.sums, run.finished_at = counts, sums, Now()
    run.save(update_fields=["state", "counts", "sums", "finished_at"])
    with scope.enter(_system_of(run)):
        record("run.finished", run, kind=run.kind, outcome=run.state, **counts)

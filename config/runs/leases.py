"""Leases of chunks: taken by a conditional update that raises the token, renewed, given back.

Whoever holds the latest token may end the chunk. A lease is free when its time is over, or when
its owner is known to be dead: a process of this machine that is no more.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from time import monotonic

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, Q
from django.db.models.functions import Now

from config.errors import Conflict
from config.runs.kinds import Outcome
from config.runs.models import Chunk, Finding, Run

# A chunk that can be cut is tried this often before it is cut, a single row before it is given up.
ATTEMPTS_BEFORE_SPLIT = 2
ATTEMPTS = 3
SPLIT_INTO = 10
LOST = "process_lost"
ASIDE = "aside"
_State = Chunk.State


class LeaseLost(Conflict):
    """Another worker holds the chunk by now; what this one did is rolled back."""

    def __init__(self) -> None:
        """Carry the one code of this state."""
        super().__init__("runs.lease.lost")


def owner_name() -> str:
    """Return the name of this process: machine, number and birth."""
    return f"{settings.RUN_MACHINE}/{os.getpid()}/{_birth(os.getpid())}"


def owner_is_dead(owner: str) -> bool:
    """Tell whether an owner is a process of this machine that lives no more.

    False where it cannot be told. A wrong answer costs work done twice, never an effect: the
    token decides.
    """
    node, _, process = owner.rpartition("/")[0].rpartition("/")
    birth = owner.rpartition("/")[2]
    if node != settings.RUN_MACHINE or not process.isdigit() or not birth:
        return False
    return _birth(int(process)) != birth


def _birth(process: int) -> str:
    """Return the start of a process in ticks since boot; empty for none, or without `/proc`."""
    try:
        line = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    fields = line.rpartition(")")[2].split()
    return "" if fields[0] == "Z" else fields[19]


def lease_length() -> timedelta:
    """Return how long a lease holds without being renewed."""
    return timedelta(seconds=settings.RUN_LEASE_S)


@transaction.atomic
def take(run_id: int) -> Chunk | None:
    """Lease the next free chunk of a running run; None where there is none.

    A chunk that used up its attempts is cut or given up on the way.
    """
    free = Chunk.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        free_chunks(run_id), run_id=run_id, run__state=Run.State.RUNNING
    )
    while chunk := free.order_by("number").first():
        limit = ATTEMPTS if chunk.first_id == chunk.last_id else ATTEMPTS_BEFORE_SPLIT
        if chunk.attempts >= limit:
            _give_up(chunk)
            continue
        changed = Chunk.objects.filter(pk=chunk.pk, token=chunk.token).update(
            state=_State.LEASED,
            owner=owner_name(),
            lease_until=Now() + lease_length(),
            token=F("token") + 1,
            attempts=F("attempts") + 1,
            changed_at=Now(),
        )
        assert changed == 1, "the row is locked"
        chunk.refresh_from_db()
        return chunk
    return None


def free_chunks(run_id: int) -> Q:
    """Return the condition of chunks of a run that may be leased."""
    leased = Chunk.objects.filter(run_id=run_id, state=_State.LEASED)
    dead = [owner for owner in leased.values_list("owner", flat=True) if owner_is_dead(owner)]
    is_due = Q(lease_until=None) | Q(lease_until__lte=Now())
    return (Q(state=_State.PLANNED) & is_due) | (
        Q(state=_State.LEASED) & (is_due | Q(owner__in=dead))
    )


def _held(chunk: Chunk, using: str = "default") -> object:
    """Return the chunk as it stands while our token is its latest."""
    return Chunk.objects.using(using).filter(pk=chunk.pk, token=chunk.token, state=_State.LEASED)


def keeper(chunk: Chunk) -> Callable[[], None]:
    """Return a function that renews the lease when a third of it has passed.

    It writes on the second connection: the work's own transaction is not over yet.

    Raises (the returned function):
        LeaseLost: another worker holds the chunk.
    """
    pause_s = lease_length().total_seconds() / 3
    renewed_at = monotonic()

    def keep() -> None:
        nonlocal renewed_at
        if monotonic() - renewed_at < pause_s:
            return
        with transaction.atomic(using=ASIDE):
            kept = _held(chunk, ASIDE).update(lease_until=Now() + lease_length())
        if not kept:
            raise LeaseLost
        renewed_at = monotonic()

    return keep


def complete(chunk: Chunk, outcome: Outcome) -> None:
    """End a chunk, in the transaction that did its rows.

    Raises:
        LeaseLost: the token is no longer the latest; the caller's transaction must roll back.
    """
    Finding.objects.bulk_create(
        Finding(
            office_id=chunk.office_id,
            run_id=chunk.run_id,
            chunk=chunk,
            part=chunk.part,
            subject_id=subject_id,
            code=code[:120],
        )
        for subject_id, code in sorted(outcome.set_aside.items())
    )
    ended = _held(chunk).update(
        state=_State.DONE,
        rows_done=outcome.done,
        rows_set_aside=len(outcome.set_aside),
        sums=outcome.sums,
        owner="",
        lease_until=None,
        error="",
        changed_at=Now(),
    )
    if ended != 1:
        raise LeaseLost


@transaction.atomic
def give_back(chunk: Chunk, error: str, *, counts: bool = True, pause_s: int = 0) -> None:
    """Return a chunk that was not done, if it is still ours.

    Args:
        chunk: as leased.
        error: code of why.
        counts: False where the chunk itself was not to blame.
        pause_s: nobody takes it for so long.
    """
    _held(chunk).update(
        state=_State.PLANNED,
        attempts=F("attempts") - (0 if counts else 1),
        owner="",
        lease_until=Now() + timedelta(seconds=pause_s) if pause_s else None,
        error=error[:120],
        changed_at=Now(),
    )


def _give_up(chunk: Chunk) -> None:
    """Cut a chunk into smaller ones, or park a single row; its row is locked by the caller."""
    width = chunk.last_id - chunk.first_id + 1
    state = _State.PARKED if width == 1 else _State.SPLIT
    Chunk.objects.filter(pk=chunk.pk).update(
        state=state,
        error=chunk.error or LOST,
        owner="",
        lease_until=None,
        token=F("token") + 1,
        changed_at=Now(),
    )
    if state == _State.PARKED:
        return
    step = -(-width // SPLIT_INTO)
    add_chunks(
        chunk.run,
        [
            (chunk.part, first, min(first + step - 1, chunk.last_id))
            for first in range(chunk.first_id, chunk.last_id + 1, step)
        ],
    )


def add_chunks(run: Run, ranges: list[tuple[str, int, int]]) -> None:
    """Append chunks to a run, numbered on; one writer at a time, by the lock on the run."""
    Run.objects.select_for_update().get(pk=run.pk)
    last = run.chunks.aggregate(last=Max("number"))["last"] or 0
    Chunk.objects.bulk_create(
        Chunk(
            office_id=run.office_id,
            run=run,
            number=last + place,
            part=part,
            first_id=first_id,
            last_id=last_id,
        )
        for place, (part, first_id, last_id) in enumerate(ranges, start=1)
    )

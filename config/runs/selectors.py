"""How a run stands, and whether any run stands still."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from django.db.models import Count, Max, Q, Sum
from django.utils import timezone

from config.runs.models import Chunk, Run
from config.runs.transitions import OPEN_CHUNKS


class Progress(NamedTuple):
    """What the page of a run shows.

    Args:
        rows_done: rows done and set aside so far.
        percent: 0 to 100, of the rows planned.
        open: chunks still to be done.
        in_work: chunks leased now.
        done: chunks done.
        parked: chunks given up.
        set_aside: rows set aside.
    """

    rows_done: int
    percent: int
    open: int
    in_work: int
    done: int
    parked: int
    set_aside: int


def progress_of(run: Run) -> Progress:
    """Return the progress of a run; one query, from the rows alone."""
    state = Chunk.State
    found = run.chunks.aggregate(
        rows=Sum("rows_done", default=0),
        set_aside=Sum("rows_set_aside", default=0),
        open=Count("pk", filter=Q(state__in=OPEN_CHUNKS)),
        in_work=Count("pk", filter=Q(state=state.LEASED)),
        done=Count("pk", filter=Q(state=state.DONE)),
        parked=Count("pk", filter=Q(state=state.PARKED)),
    )
    rows = found["rows"] + found["set_aside"]
    percent = min(100, 100 * rows // run.rows_planned) if run.rows_planned else 100
    return Progress(
        rows, percent, found["open"], found["in_work"], found["done"], found["parked"],
        found["set_aside"],
    )  # fmt: skip


def longest_standstill() -> timedelta | None:
    """Return how long the running run that stands longest has done no chunk; None for no run."""
    running = Run.objects.filter(state=Run.State.RUNNING)
    last = running.annotate(
        at=Max("chunks__changed_at", filter=Q(chunks__state__in=("done", "split", "parked")))
    ).values_list("at", "started_at")
    now = timezone.now()
    stands = [now - max(filter(None, pair)) for pair in last if any(pair)]
    return max(stands, default=None)

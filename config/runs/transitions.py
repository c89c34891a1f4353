"""Which state may follow which: read here by Python, and by the triggers of the tables.

The database refuses a step that is not listed, whoever asks for it.
"""

from __future__ import annotations

from config.errors import Conflict

PLANNED, RUNNING, PAUSED, CANCELLED = "planned", "running", "paused", "cancelled"
DONE, WITH_FINDINGS = "done", "done_with_findings"
RUN_STEPS = (
    (PLANNED, RUNNING),  # a second person approved
    (PLANNED, CANCELLED),
    (RUNNING, PAUSED),
    (PAUSED, RUNNING),
    (RUNNING, CANCELLED),
    (PAUSED, CANCELLED),
    (RUNNING, DONE),
    (RUNNING, WITH_FINDINGS),
)

LEASED, PARKED, SPLIT = "leased", "parked", "split"
CHUNK_STEPS = (
    (PLANNED, LEASED),
    (LEASED, PLANNED),  # given back
    (LEASED, DONE),
    # Given up after its last attempt, or replaced by smaller ones.
    (PLANNED, PARKED),
    (PLANNED, SPLIT),
    (LEASED, PARKED),
    (LEASED, SPLIT),
)
OPEN_CHUNKS = (PLANNED, LEASED)


def check_run_step(before: str, after: str) -> None:
    """Refuse a step of a run that is not listed.

    Raises:
        Conflict: `runs.run.step_impossible`.
    """
    if (before, after) not in RUN_STEPS:
        raise Conflict("runs.run.step_impossible", before=before, after=after)

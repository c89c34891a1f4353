"""The sweep of every night. Thin: the service does the work; the timetable names the queue."""

from celery import shared_task

from config.sweep.services import as_system, sweep_run

# Below the time after which the broker would hand the message to another worker (600 s): a
# healthy sweep is never started twice.
SOFT_LIMIT_S, HARD_LIMIT_S = 540, 570


@shared_task(name="sweep.nightly", soft_time_limit=SOFT_LIMIT_S, time_limit=HARD_LIMIT_S)
def sweep_nightly() -> None:
    """Sweep the ledger."""
    with as_system("task:sweep.nightly"):
        sweep_run()

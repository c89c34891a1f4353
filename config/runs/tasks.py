"""Background work of runs: one message does one chunk and sends the next message."""

from celery import shared_task

from config.operation.selectors import is_paused
from config.runs import services
from config.runs.work import work_one


@shared_task
def run_chunk(run_id: int) -> None:
    """Do the next chunk. It acts in the office of the run with the asker's rights of now."""
    if not is_paused() and work_one(run_id):
        services.wake(run_id)


@shared_task
def runs_sweep() -> None:
    """Find runs nobody works on."""
    services.runs_sweep()

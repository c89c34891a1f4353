"""The sweeper: woken after a commit, and by the timetable whether or not anybody woke it."""

from celery import shared_task

from config.outbox.services import sweep


@shared_task
def outbox_sweep() -> None:
    """Do what is due. It acts in the office of each event, so it takes none itself."""
    sweep()

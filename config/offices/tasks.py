"""Base of all background work: every task acts for an office, and for the person who asked."""

from __future__ import annotations

from typing import Any

from celery import Task
from django.db import transaction

from config.offices import scope
from config.offices.selectors import scope_of_task


class OfficeTask(Task):  # type: ignore[misc]
    """Task that enters its own scope and leaves none behind.

    It takes `office_id` and `user_id` as its own arguments; the asker's rights are read when it
    runs, so that a right taken away in between stops it. Start it with `start`: the message is
    sent after the commit, and never carries more than ids.
    """

    abstract = True
    typing = False  # `office_id` and `user_id` are ours, not arguments of the function

    def __call__(
        self, *args: Any, office_id: int, user_id: int | None = None, **kwargs: Any
    ) -> Any:
        """Run the task in the scope it was started for."""
        with scope.leave():
            own = scope_of_task(office_id, user_id, agent=f"task:{self.name}")
            with scope.enter(own):
                return self.run(*args, **kwargs)

    def start(self, **kwargs: Any) -> None:
        """Send the task after the running transaction commits, for the scope in force."""
        asked_in = scope.current()
        kwargs.update(office_id=asked_in.office_id, user_id=asked_in.user_id)
        transaction.on_commit(lambda: self.apply_async(kwargs=kwargs), robust=True)

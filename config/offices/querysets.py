"""Rows that belong to an office, and the two ways to ask for them.

`objects` refuses to run outside a scope and filters by the offices in scope. `all_offices` is
the plain manager; each use carries the comment `# all offices: <reason>`, and row-level
security still answers with the offices in scope only.
"""

from typing import Any

from django.db import models

from config.offices import scope


class OfficeManager(models.Manager[Any]):
    """Manager that sees the offices of the current scope and nothing else."""

    def get_queryset(self) -> models.QuerySet[Any]:
        """Return the rows of the offices in scope.

        Raises:
            ScopeMissing: nobody is acting.
        """
        return super().get_queryset().filter(office_id__in=scope.current().office_ids)

"""Rows made by tests, with the event each committed change needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from config.audit.services import record
from config.offices import scope
from config.offices.models import Office


@contextmanager
def recorded(office: Office | None = None) -> Iterator[None]:
    """Make rows inside the block, in one transaction that leaves an event.

    A test that never commits needs no event; none is written there, so that it reads only what
    the product recorded.

    Args:
        office: the office acted for; inside a scope, or where an office exists, it may be left out.
    """
    with transaction.atomic():
        yield
        if _is_rolled_back_by_the_test():
            return
        acting = scope.current_or_none()
        if acting is None:
            own = office or Office.objects.order_by("id").first()
            acting = scope.Scope(own.pk, (own.pk,), agent="factory")
        with scope.enter(acting):
            record("row.added", fields=[])


def _is_rolled_back_by_the_test() -> bool:
    return any(block._from_testcase for block in connection.atomic_blocks)

"""Acting for an office outside a request: commands, the demo office, tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from config.offices import scope
from config.offices.models import Office, User
from config.offices.selectors import offices_beneath, scope_of_task


@contextmanager
def run_in_office(
    office: Office, user: User | None = None, *, roles: Iterable[str] | None = None, agent: str = ""
) -> Iterator[scope.Scope]:
    """Act for an office inside the block.

    Args:
        office: the office acted for.
        user: who acts, with the roles held today; nobody (the system) otherwise.
        roles: act with exactly these roles instead of those on record.
        agent: name of the command, kept in audit events.

    Raises:
        Refused: the person holds no role at the office today, and `roles` is not given.
    """
    if roles is None:
        found = scope_of_task(office.pk, user.pk if user else None, agent=agent)
    else:
        beneath = offices_beneath(office.pk)
        user_id = user.pk if user else None
        found = scope.Scope(office.pk, beneath, user_id, frozenset(roles), agent=agent)
    with scope.enter(found):
        yield found

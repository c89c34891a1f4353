"""Act at one other office, for a named crossing (经批准的跨机构事项) and nothing else.

What must stand in another office (the event of a question about its person, a case handed to it,
the answer to a case it handed to us) is written there, by the person who acts, under the role
`crossing`, which no table of rights gives anything but what a crossing needs. The block sees that
one office and never the whole pool; `tests/architecture` lists who may open one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from config.errors import NotKnown
from config.offices import roles, scope
from config.offices.models import Office


@contextmanager
def act_at(office_id: int) -> Iterator[scope.Scope]:
    """Act at another office inside the block, as the same person in the same request.

    Raises:
        ScopeMissing: nobody is acting.
    """
    acting = scope.current()
    there = replace(
        acting,
        office_id=office_id,
        office_ids=(office_id,),
        roles=frozenset({roles.CROSSING}),
    )
    with scope.enter(there):
        yield there


def pool_of(office_id: int) -> Office:
    """Return the pool an office belongs to; a pool belongs to itself.

    Raises:
        NotKnown: `offices.pool.missing`.
    """
    offices = {office.pk: office for office in Office.objects.all()}
    office = offices.get(office_id)
    while office is not None and office.kind != Office.Kind.POOL:
        office = offices.get(office.parent_id)
    if office is None:
        raise NotKnown("offices.pool.missing", office=office_id)
    return office

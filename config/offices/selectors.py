"""Questions about offices, people and roles."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from config import calendar
from config.errors import NotKnown, Refused
from config.offices import roles, scope
from config.offices.models import Deputy, Membership, Office, User
from config.offices.scope import Scope


class Right(NamedTuple):
    """One role at one office, in force today."""

    office_id: int
    role: str


def offices_beneath(office_id: int) -> tuple[int, ...]:
    """Return the office and every office beneath it, in ascending order of id.

    A pool has at most some hundred offices: they are read in one query and walked here.
    """
    beneath: dict[int | None, list[int]] = {}
    for child, parent in Office.objects.values_list("id", "parent_id"):
        beneath.setdefault(parent, []).append(child)
    found = {office_id}
    waiting = [office_id]
    while waiting:
        for child in beneath.get(waiting.pop(), []):
            if child not in found:
                found.add(child)
                waiting.append(child)
    return tuple(sorted(found))


def memberships_today(user: User) -> list[Membership]:
    """Return the memberships in force today, oldest first; none for an account that is off."""
    if not user.is_active:
        return []
    in_force = Membership.objects.filter(Membership.valid_on(calendar.today()), user=user)
    return list(in_force.select_related("office").order_by("id"))


def rights_today(user: User) -> list[Right]:
    """Return the roles a person holds today, each once, in a stable order."""
    held = memberships_today(user)
    own = {Right(membership.office_id, membership.role) for membership in held}
    return sorted(own | _stood_in_for(user, {right.office_id for right in own}))


def _stood_in_for(user: User, office_ids: Iterable[int]) -> set[Right]:
    """Return the roles a person has as deputy today, at offices where he works himself."""
    appointed = Deputy.objects.filter(
        Deputy.valid_on(calendar.today()), user=user, office_id__in=list(office_ids)
    )
    return {Right(*row) for row in appointed.values_list("office_id", "role")}


def person_in_scope(username: str, *, is_here: bool = True) -> User:
    """Return an account that works at an office in scope.

    Args:
        username: as it is typed; other offices' people are not told apart from nobody.
        is_here: works there today and may sign in; else may have left.

    Raises:
        NotKnown: `offices.person.unknown`.
    """
    works = Membership.objects.filter(office_id__in=scope.current().office_ids)
    people = User.objects.all()
    if is_here:
        works = works.filter(Membership.valid_on(calendar.today()))
        people = people.filter(is_active=True)
    user = people.filter(username=username, pk__in=works.values("user_id")).first()
    if user is None:
        raise NotKnown("offices.person.unknown")
    return user


def pool_above(office_id: int) -> int:
    """Return the pool an office belongs to; the pool itself for the pool."""
    above = dict(Office.objects.values_list("id", "parent_id"))
    while (parent := above[office_id]) is not None:
        office_id = parent
    return office_id


def scope_of(user: User, office_id: int | None = None, **of_request: Any) -> Scope | None:
    """Return the scope of a person, read from the memberships in force today.

    Args:
        user: who acts.
        office_id: the office to act for, where the person works at several; the office of the
            oldest membership otherwise.
        of_request: `request_id`, `address`, `factor_at` where there is a request.

    Returns:
        None when the person has no role today, or none at `office_id`.
    """
    held = memberships_today(user)
    if not held:
        return None
    own_id = office_id or held[0].office_id
    own_roles = frozenset(membership.role for membership in held if membership.office_id == own_id)
    if not own_roles:
        return None
    own_roles |= {right.role for right in _stood_in_for(user, [own_id])}
    return Scope(own_id, offices_beneath(own_id), user.pk, own_roles, **of_request)


def scope_of_task(office_id: int, user_id: int | None, **of_request: str) -> Scope:
    """Return the scope of background work: the asker's rights as they are now.

    Raises:
        Refused: `offices.task.right_removed`, when the asker lost the office since.
    """
    if user_id is None:
        system = frozenset({roles.SYSTEM})
        return Scope(office_id, offices_beneath(office_id), None, system, **of_request)
    user = User.objects.filter(pk=user_id).first()
    found = scope_of(user, office_id, **of_request) if user else None
    if found is None:
        raise Refused("offices.task.right_removed", office=office_id)
    return found


def scope_of_system(agent: str) -> Scope | None:
    """Return the scope of work nobody asked for, over every office there is.

    Args:
        agent: which machine acts; kept in audit events.

    Returns:
        None on an installation without offices.
    """
    offices = dict(Office.objects.order_by("id").values_list("id", "kind"))
    pool = next((pk for pk, kind in offices.items() if kind == Office.Kind.POOL), None)
    if pool is None:
        return None
    return Scope(pool, tuple(offices), None, frozenset({roles.SYSTEM}), agent=agent)

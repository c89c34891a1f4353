"""Who is acting, for which office, and which offices they may see.

A scope is entered by the middleware for a request, by `OfficeTask` for background work and by
`run_in_office` for commands and tests. It is a context variable: it never outlives its block
and a new thread starts without one. `config.offices.fence` carries it into each transaction.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from uuid import uuid4

from config.errors import DomainError


class ScopeMissing(DomainError):
    """Scoped rows were asked for while nobody was acting for any office."""

    def __init__(self) -> None:
        """Carry the one code of this mistake."""
        super().__init__("offices.scope.missing")


@dataclass(frozen=True)
class Scope:
    """One actor at one office, for the length of one request, task or command.

    Args:
        office_id: the office acted for; new rows belong to it.
        office_ids: that office and every office beneath it; what may be seen.
        user_id: the actor; None for work no person started.
        roles: roles the actor holds at `office_id` today.
        request_id: ties rows of history and audit events of one act together.
        agent: the machine that acts: a facility's interface, a task, a command; else empty.
        address: network address of the request; empty outside requests.
        factor_at: when the actor gave the second factor last; None outside requests.
    """

    office_id: int
    office_ids: tuple[int, ...]
    user_id: int | None = None
    roles: frozenset[str] = frozenset()
    request_id: str = field(default_factory=lambda: str(uuid4()))
    agent: str = ""
    address: str = ""
    factor_at: datetime | None = None

    @cached_property
    def settings(self) -> tuple[str, str, str]:
        """Return what the database is told: offices, id and facts of the act."""
        facts: dict[str, object] = {
            "request": self.request_id,
            "actor": self.user_id,
            "office": self.office_id,
        }
        if self.agent:
            facts["agent"] = self.agent
        offices = ",".join(str(office_id) for office_id in self.office_ids)
        return offices, self.request_id, json.dumps(facts)


_current: ContextVar[Scope | None] = ContextVar("office_scope", default=None)


def current() -> Scope:
    """Return the scope in force.

    Raises:
        ScopeMissing: nobody is acting.
    """
    scope = _current.get()
    if scope is None:
        raise ScopeMissing
    return scope


def current_or_none() -> Scope | None:
    """Return the scope in force, or None."""
    return _current.get()


@contextmanager
def enter(scope: Scope) -> Iterator[Scope]:
    """Act in `scope` inside the block; what was in force before returns afterwards, always."""
    token = _current.set(scope)
    try:
        yield scope
    finally:
        _current.reset(token)


@contextmanager
def leave() -> Iterator[None]:
    """Act in no scope inside the block."""
    token = _current.set(None)
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def enter_or_leave(scope: Scope | None) -> Iterator[None]:
    """Act in `scope` inside the block, or in none where there is none."""
    with enter(scope) if scope else leave():
        yield

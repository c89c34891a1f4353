"""What a kind of run must say of itself, and how its rows are done one after the other."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from config.errors import DomainError
from config.runs.models import Chunk, Run


class Piece(NamedTuple):
    """A range of ids one chunk will do.

    Args:
        part: what the ids count, where a kind has several tables.
        first_id: inclusive.
        last_id: inclusive.
        rows: how many rows the plan saw there.
    """

    part: str
    first_id: int
    last_id: int
    rows: int


class StopRun(DomainError):
    """The whole run must stop at this chunk, which is given back: no attempt was made."""


@dataclass
class Outcome:
    """What came of a chunk.

    Attributes:
        done: rows done.
        set_aside: row id to the code of why it was not done.
        sums: exact integers by name, added up over the run.
    """

    done: int = 0
    set_aside: dict[int, str] = field(default_factory=dict)
    sums: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, amount: int) -> None:
        """Add an integer to a sum."""
        self.sums[name] = self.sums.get(name, 0) + amount


class RunKind(ABC):
    """A kind of run; its dotted path is listed in `settings.RUN_KINDS`.

    Attributes:
        title: what the run does, for the page.
        plan_act: what the maker must be allowed to do; asked again at every chunk.
        approve_act: what the second person must be allowed to do.
        is_for_the_pool: planned and approved at the pool only.
    """

    title: ClassVar[str | Promise]
    plan_act: ClassVar[str]
    approve_act: ClassVar[str]
    is_for_the_pool: ClassVar[bool] = False

    @abstractmethod
    def plan(self, parameters: dict[str, Any]) -> list[Piece]:
        """Return the ranges to be done, frozen when the run is planned."""

    @abstractmethod
    def apply(self, run: Run, chunk: Chunk, keep: Callable[[], None]) -> Outcome:
        """Do the rows of one chunk, in the transaction that also ends the chunk.

        Args:
            run: its `parameters` say what is wanted.
            chunk: `part`, `first_id` and `last_id` say where.
            keep: renews the lease when it is time; called every few rows.

        Raises:
            StopRun: no chunk of this run may be done now.
        """

    def remaining(self, _run: Run) -> list[Piece]:
        """Return what is still to be done after the last chunk; asked until it is nothing."""
        return []


def kind_of(name: str) -> RunKind:
    """Return the kind of that name.

    Raises:
        DomainError: `runs.kind.unknown`.
    """
    path = settings.RUN_KINDS.get(name)
    if path is None:
        raise DomainError("runs.kind.unknown", kind=name)
    return import_string(path)()


def pieces_of(ids: Iterable[int], size: int, part: str = "") -> list[Piece]:
    """Cut ids, in ascending order, into pieces of at most `size` rows."""
    pieces: list[Piece] = []
    first = last = count = 0
    for number in ids:
        if count == size:
            pieces.append(Piece(part, first, last, count))
            count = 0
        first = number if count == 0 else first
        last = number
        count += 1
    if count:
        pieces.append(Piece(part, first, last, count))
    return pieces


def row_by_row(
    ids: Iterable[int], do: Callable[[int], object], outcome: Outcome, keep: Callable[[], None]
) -> None:
    """Do rows, each in a savepoint; one that raises is set aside with its reason.

    Args:
        ids: rows of the chunk.
        do: does one row.
        outcome: counts and findings are added to it.
        keep: see `RunKind.apply`.

    Raises:
        OperationalError, InterfaceError: the database went away; that is no fault of a row.
        StopRun: raised by `do`.
    """
    for number in ids:
        keep()
        try:
            with transaction.atomic():
                do(number)
        except (OperationalError, InterfaceError, StopRun):
            raise
        except Exception as failure:  # noqa: BLE001  a poison row fails alone, whatever it raises
            outcome.set_aside[number] = code_of(failure)
        else:
            outcome.done += 1


def code_of(failure: BaseException) -> str:
    """Return what may be kept of a failure: its code or its kind, never its text."""
    return failure.code if isinstance(failure, DomainError) else type(failure).__name__

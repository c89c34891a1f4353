"""Confirming at the desk in a database of a million people, against the bare writes of the same rows."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any
from uuid import uuid4

from django.core.management import call_command
from django.db import connection, connections, transaction

from claims.services.preview import settlement_preview
from claims.services.settlement import settlement_confirm
from config.offices import scope
from enrollment.models import Person
from tests.factories.claims import bill, make_facility, make_rules
from tests.factories.offices import make_offices, make_user
from tests.performance.city import FIRST_ID, fill, private_server
from tests.performance.measure import Row, percentile

PEOPLE, CONFIRMS, WARM_UP = 1_000_000, 300, 20
BILL_NUMBER = re.compile(r"\d{4}-\d{6}")
_numbers = count(1)


@dataclass
class Writes:
    """The writing statements of one act, with the ids the database gave them."""

    statements: list[tuple[str, list[Any]]] = field(default_factory=list)
    ids: list[list[int]] = field(default_factory=list)

    def replay(self, cursor: Any) -> None:
        """Write the same rows again: new ids for old ones, new texts where a text must be unique."""
        given: dict[Any, Any] = {}
        for (statement, params), ids in zip(self.statements, self.ids, strict=True):
            for param in params:
                if isinstance(param, str) and BILL_NUMBER.fullmatch(param):
                    given.setdefault(param, f"B{next(_numbers):09d}")
            cursor.execute(statement, [given.get(_key(param), param) for param in params])
            if ids:
                given.update(zip(ids, [row[0] for row in cursor.fetchall()], strict=True))


def _key(param: Any) -> Any:
    """Ids of rows of the act and the number of its bill, which rolled back and would come again."""
    is_id = isinstance(param, int) and param >= FIRST_ID
    return param if is_id or (isinstance(param, str) and BILL_NUMBER.fullmatch(param)) else None


class WriteRecorder:
    """Records INSERT and UPDATE statements while it is in force."""

    def __init__(self) -> None:
        self.writes = Writes()

    def __call__(
        self,
        execute: Callable[..., Any],
        statement: str,
        params: Any,
        many: bool,
        context: dict[str, Any],
    ) -> Any:
        result = execute(statement, params, many, context)
        if not many and statement.lstrip().upper().startswith(("INSERT", "UPDATE")):
            self.writes.statements.append((statement, list(params or [])))
            cursor = context["cursor"].cursor
            ids = [row[0] for row in cursor.fetchall()] if cursor.description else []
            if cursor.description:
                cursor.scroll(0, mode="absolute")
            self.writes.ids.append(ids)
        return result


def measure_desk(people: int = PEOPLE, confirms: int = CONFIRMS) -> list[Row]:
    """p50 and p95 of `settlement_confirm` and the ratio to a bare transaction with its writes."""
    with private_server():
        call_command("migrate", database="owner", verbosity=0)
        return _measure(people, confirms)


def _measure(people: int, confirms: int) -> list[Row]:
    with transaction.atomic():
        offices = make_offices()
        clerk = make_user(offices.east, "clerk")
        make_rules(offices.pool)
        make_facility()
    fill(offices.east.pk, people)
    acting = scope.Scope(offices.east.pk, (offices.east.pk,), clerk.pk, frozenset({"clerk"}))
    with scope.enter(acting):
        confirmed, recorded = _confirm_all(people, confirms)
        bare = [_timed(lambda writes=writes: _replay(writes)) for writes in recorded]
    for each in connections.all():
        each.close()
    note = f"p50 {percentile(confirmed, 50) * 1000:.1f} ms, bare p50 {percentile(bare, 50) * 1000:.1f} ms"
    name, size = "desk confirm, p95", f"{people:,} people"
    return [Row(name, size, percentile(confirmed, 95), percentile(bare, 95), "reach <= 3x", note)]


def _confirm_all(people: int, confirms: int) -> tuple[list[float], list[Writes]]:
    """Confirm one bill for each of many people; record the writes of as many others."""
    seconds, recorded = [], []
    first = Person.objects.order_by("pk").values_list("pk", flat=True)[0]
    step = people // (2 * confirms + WARM_UP)
    for number in range(WARM_UP + 2 * confirms):
        with transaction.atomic():
            person = Person.objects.get(pk=first + number * step)
            entered = bill(discharged_on=date(2025, 3, 10))
            digest = settlement_preview(entered, person).digest

        def confirm(entered=entered, person=person, digest=digest) -> None:
            settlement_confirm(entered, person, key=str(uuid4()), preview_digest=digest)

        if number < WARM_UP:
            with transaction.atomic():
                confirm()
        elif number % 2:
            seconds.append(_timed(lambda confirm=confirm: _atomic(confirm)))
        else:
            recorder = WriteRecorder()
            with transaction.atomic(), connection.execute_wrapper(recorder):
                confirm()
                transaction.set_rollback(True)
            recorded.append(recorder.writes)
    return seconds, recorded


def _atomic(work: Callable[[], None]) -> None:
    with transaction.atomic():
        work()


def _replay(writes: Writes) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        writes.replay(cursor)


def _timed(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start

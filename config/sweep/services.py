"""Check every invariant over one instant of the database and keep what was found."""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from config import calendar
from config.audit.services import record, require
from config.errors import Conflict, DomainError, InvalidInput
from config.offices import scope
from config.offices.selectors import scope_of_system
from config.sweep.invariants import KEPT, Checked, Invariant
from config.sweep.models import SweepResult, SweepRun
from config.sweep.reader import Reader, one_instant
from config.sweep.registry import invariants

_log = logging.getLogger(__name__)
# One sweep at a time: a message that is delivered twice must not read everything twice.
_LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended('sweep', 0))"


class Outcome(NamedTuple):
    """One invariant after its check; `failure` says why there was none."""

    invariant: Invariant
    checked: Checked
    seconds: float
    failure: str = ""


@contextmanager
def as_system(agent: str) -> Iterator[None]:
    """Act as the system for the pool, with every office in scope.

    Raises:
        DomainError: `sweep.no_pool`.
    """
    own = scope_of_system(agent)
    if own is None:
        raise DomainError("sweep.no_pool")
    with scope.leave(), scope.enter(own):
        yield


def sweep_run(codes: Collection[str] = ()) -> SweepRun:
    """Check invariants over one instant; store what was found, with an audit event.

    An invariant whose check breaks is a failure, never clean, and hides no other one.

    Args:
        codes: which invariants; none means all.

    Returns:
        The stored run, with its results.

    Raises:
        InvalidInput: `sweep.invariant_unknown`.
        Conflict: `sweep.running`.
    """
    require("ledger.sweep")
    wanted = [one for one in invariants() if not codes or one.code in codes]
    unknown = sorted(set(codes) - {one.code for one in wanted})
    if unknown:
        raise InvalidInput("sweep.invariant_unknown", codes=", ".join(unknown))
    started_at = calendar.now()
    with one_instant() as reader:
        if not reader.rows(_LOCK)[0][0]:
            raise Conflict("sweep.running")
        outcomes = [_checked(one, reader) for one in wanted]
    return _stored(started_at, outcomes, is_complete=not codes)


def _checked(invariant: Invariant, reader: Reader) -> Outcome:
    began = time.monotonic()
    try:
        with transaction.atomic():
            checked = invariant.check(reader)
        failure = ""
    except Exception as error:  # noqa: BLE001  whatever breaks one check, the others must run
        _log.exception("Invariant %s could not be checked.", invariant.code)
        checked, failure = Checked(0), type(error).__name__
    return Outcome(invariant, checked, time.monotonic() - began, failure)


@transaction.atomic
def _stored(started_at: datetime, outcomes: list[Outcome], *, is_complete: bool) -> SweepRun:
    office_id = scope.current().office_id
    run = SweepRun.objects.create(
        office_id=office_id,
        started_at=started_at,
        finished_at=calendar.now(),
        findings=sum(each.checked.findings for each in outcomes),
        failures=sum(bool(each.failure) for each in outcomes),
        is_complete=is_complete,
    )
    SweepResult.objects.bulk_create(
        SweepResult(
            office_id=office_id,
            run=run,
            code=each.invariant.code,
            rows_read=each.checked.rows,
            findings=each.checked.findings,
            milliseconds=round(each.seconds * 1000),
            first_findings=[
                {"row": one.row, "rule": one.rule, "facts": dict(one.facts)}
                for one in each.checked.first[:KEPT]
            ],
            failure=each.failure,
        )
        for each in outcomes
    )
    record(
        "ledger.swept",
        run,
        invariants=len(outcomes),
        findings=run.findings,
        failures=run.failures,
    )
    return run

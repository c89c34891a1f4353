"""One generator of operations for every fault test: many processes, few people, a log.

Each process draws its operations from its own seed, so that a run is reproduced by its seed as
far as the order of commits allows; what every operation answered is logged, for the checker.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from django.db import connections

from claims.bill_input import BillInput
from claims.models import Outcome, Settlement
from claims.selectors.ledger import current_versions
from claims.services.correction import bill_correct, correction_preview
from claims.services.preview import settlement_preview
from claims.services.settlement import settlement_confirm, settlement_release, settlement_reverse
from config.errors import DomainError
from config.offices.acting import run_in_office
from config.offices.models import Office, User
from enrollment.models import Person
from tests.factories.claims import HOSPITAL

# How often each operation is drawn.
MIX = (("confirm", 45), ("repeat", 10), ("reverse", 14), ("correct", 16), ("release", 15))
CONTESTED_INVOICES = 10
# A process that is not done by then hangs, and the run fails rather than waits.
SECONDS_PER_OPERATION = 0.5
SECONDS_TO_START = 90


@dataclass(frozen=True)
class Workload:
    """What is run.

    Attributes:
        people: ids of the people everything happens to.
        operations: of all processes together.
        patch: called in each process before its first operation; a control breaks things here.
    """

    office_id: int
    clerk_id: int
    reviewer_id: int
    people: Sequence[int]
    seed: int
    operations: int
    processes: int
    log: Path
    patch: Callable[[], None] | None = None


def run(workload: Workload) -> list[dict]:
    """Run a workload to its end and return the log of all processes."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.prepared"])
    barrier = context.Barrier(workload.processes)
    workers = [
        context.Process(target=_work, args=(workload, number, barrier))
        for number in range(workload.processes)
    ]
    for worker in workers:
        worker.start()
    deadline = time.monotonic() + SECONDS_PER_OPERATION * workload.operations + SECONDS_TO_START
    for worker in workers:
        worker.join(max(0.0, deadline - time.monotonic()))
    for worker in workers:
        if worker.is_alive():
            worker.kill()
            worker.join()
    failed = [worker.exitcode for worker in workers if worker.exitcode]
    assert not failed, f"processes ended with {failed}"
    lines = []
    for number in range(workload.processes):
        text = (workload.log / f"{number}.jsonl").read_text(encoding="utf-8")
        lines += [json.loads(line) for line in text.splitlines()]
    return lines


def _work(workload: Workload, number: int, barrier) -> None:
    if workload.patch is not None:
        workload.patch()
    desk = _Desk(workload, random.Random(f"{workload.seed}/{number}"), number)
    barrier.wait(timeout=60)
    share = workload.operations // workload.processes
    with (workload.log / f"{number}.jsonl").open("w", encoding="utf-8") as log:
        for _turn in range(share):
            log.write(json.dumps(desk.one(), default=str) + "\n")
            log.flush()
    for connection in connections.all():
        connection.close()
    os._exit(0)


class _Desk:
    """One process: draws operations and notes what was answered."""

    def __init__(self, workload: Workload, draw: random.Random, number: int) -> None:
        self.workload, self.draw, self.number = workload, draw, number
        self.count = 0
        self.last: tuple[BillInput, Person, str, str] | None = None
        self.office = Office.objects.get(pk=workload.office_id)
        self.clerk = User.objects.get(pk=workload.clerk_id)
        self.reviewer = User.objects.get(pk=workload.reviewer_id)

    def one(self) -> dict:
        """Do one operation; returns its line of the log."""
        names, weights = zip(*MIX, strict=True)
        name = self.draw.choices(names, weights)[0]
        self.count += 1
        line: dict = {"operation": name, "key": f"{self.workload.seed}-{self.number}-{self.count}"}
        user = self.reviewer if name == "release" else self.clerk
        if name == "repeat" and self.last is not None:
            line["key"] = self.last[2]
        try:
            with run_in_office(self.office, user):
                line["answer"] = getattr(self, f"_{name}")(line["key"])
            line["status"] = "ok" if line["answer"] else "nothing"
        except DomainError as refusal:
            is_broken = refusal.code == "claims.account.broken"
            line |= {"status": "broken" if is_broken else "refused", "code": str(refusal)[:300]}
        except Exception:  # noqa: BLE001  whatever breaks is for the checker to report
            line |= {"status": "broken", "code": traceback.format_exc()[-2000:]}
        return line

    def _confirm(self, key: str) -> dict:
        person = Person.objects.get(pk=self.draw.choice(self.workload.people))
        entered = self._bill(key)
        digest = settlement_preview(entered, person).digest
        self.last = (entered, person, key, digest)
        return settlement_confirm(entered, person, key=key, preview_digest=digest)

    def _repeat(self, _key: str) -> dict | None:
        """Send the last confirmation once more, as a browser does."""
        if self.last is None:
            return None
        entered, person, key, digest = self.last
        return settlement_confirm(entered, person, key=key, preview_digest=digest)

    def _reverse(self, key: str) -> dict | None:
        live = self._live()
        return live and settlement_reverse(live.bill, key=key, reason="演练")

    def _correct(self, key: str) -> dict | None:
        live = self._live()
        if live is None:
            return None
        entered = replace(
            self._bill(key),
            invoice_code=live.bill.invoice_code,
            invoice_number=live.bill.invoice_number,
        )
        digest = correction_preview(live.bill, entered).digest
        return bill_correct(live.bill, entered, key=key, preview_digest=digest, reason="演练")

    def _release(self, key: str) -> dict | None:
        waiting = current_versions().filter(
            release_row__isnull=True, bill__person_id__in=self.workload.people
        )
        version = self._one_of(waiting.values_list("pk", flat=True))
        return version and settlement_release(Settlement.objects.get(pk=version), key=key)

    def _live(self) -> Settlement | None:
        rows = current_versions().filter(bill__person_id__in=self.workload.people)
        chosen = self._one_of(rows.exclude(outcome=Outcome.REVERSED).values_list("pk", flat=True))
        return chosen and Settlement.objects.select_related("bill__person").get(pk=chosen)

    def _one_of(self, ids) -> int | None:
        found = sorted(ids)
        return self.draw.choice(found) if found else None

    def _bill(self, key: str) -> BillInput:
        """Return a bill near the deductibles and limits, some on an invoice others want too."""
        draw = self.draw
        discharged = date(draw.choice((2024, 2025)), 1, 1) + timedelta(days=draw.randrange(360))
        total = draw.choice((80_000, 500_000, 3_000_000, 20_000_000, 60_000_000))
        total += draw.randrange(10_000)
        is_contested = draw.random() < 0.1
        number = f"C{draw.randrange(CONTESTED_INVOICES)}" if is_contested else key.replace("-", "A")
        return BillInput(
            care_type=draw.choice(("inpatient", "inpatient", "inpatient", "general_outpatient")),
            admitted_on=discharged,
            discharged_on=discharged,
            facility_code=HOSPITAL,
            total_fen=total,
            fully_self_paid_fen=total // 50,
            self_pay_first_fen=total // 20,
            is_referred=draw.random() < 0.8,
            invoice_code="99009999",
            invoice_number=number,
        )

"""One generator of operations for every fault test: many processes, few people, a log.

Each process draws its operations from its own seed, so that a run is reproduced by its seed as
far as the order of commits allows; what every operation answered is logged, for the checker.
"""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
import random
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from django.db import InterfaceError, OperationalError, connections

from claims.bill_input import BillInput
from claims.models import BenefitYearAccount, Bill, EntryKind, Outcome, Settlement
from claims.selectors.ledger import current_versions
from claims.selectors.lists import held_list
from claims.services.account import EntryInput, account_post, account_resettle
from claims.services.correction import bill_correct, correction_preview
from claims.services.held_bill import bill_settle, bill_settle_preview, bill_withdraw
from claims.services.preview import settlement_preview
from claims.services.send_back import settlement_send_back
from claims.services.settlement import settlement_confirm, settlement_release, settlement_reverse
from config.errors import DomainError
from config.offices import collisions
from config.offices.acting import run_in_office
from config.offices.models import Office, User
from enrollment.models import Person
from enrollment.services.spells import category_spell_add, coverage_spell_add
from tests.database import point_alias
from tests.factories.claims import HOSPITAL

# How often each operation is drawn.
MIX = (
    ("confirm", 40),
    ("repeat", 8),
    ("reverse", 12),
    ("correct", 12),
    ("release", 8),
    ("send_back", 3),
    ("grant", 4),
    ("resettle", 4),
    ("recategorise", 3),
    ("settle_held", 3),
    ("withdraw", 3),
)
# What the reference in exact fractions can follow: bills and nothing beside them.
BILLS_ONLY = tuple(each for each in MIX if each[0] in {"confirm", "repeat", "reverse", "correct"})
WHO = {
    "release": "reviewer",
    "send_back": "reviewer",
    "grant": "supervisor",
    "resettle": "supervisor",
}
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
        urls: connections of the processes; those of the test where it is left out.
        mix: how often each operation is drawn.
        is_killed: the database is killed inside; what got no answer is "unknown", not broken.
    """

    office_id: int
    clerk_id: int
    reviewer_id: int
    supervisor_id: int
    people: Sequence[int]
    seed: int
    operations: int
    processes: int
    log: Path
    patch: Callable[[], None] | None = None
    urls: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    is_killed: bool = False
    mix: Sequence[tuple[str, int]] = MIX


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
    for alias in ("default", "aside"):
        point_alias(alias, workload.urls["DATABASE_URL"])
    logging.getLogger(collisions.__name__).addHandler(_repeats)
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


class _Repeats(logging.Handler):
    """Counts how often an act of this process collided and was done again."""

    count = 0

    def emit(self, _record: logging.LogRecord) -> None:
        self.count += 1


_repeats = _Repeats()


class _Desk:
    """One process: draws operations and notes what was answered."""

    def __init__(self, workload: Workload, draw: random.Random, number: int) -> None:
        self.workload, self.draw, self.number = workload, draw, number
        self.count = 0
        self.last: tuple[BillInput, Person, str, str] | None = None
        self.office = Office.objects.get(pk=workload.office_id)
        self.people = {
            "clerk": User.objects.get(pk=workload.clerk_id),
            "reviewer": User.objects.get(pk=workload.reviewer_id),
            "supervisor": User.objects.get(pk=workload.supervisor_id),
        }

    def one(self) -> dict:
        """Do one operation; returns its line of the log."""
        names, weights = zip(*self.workload.mix, strict=True)
        name = self.draw.choices(names, weights)[0]
        self.count += 1
        line: dict = {"operation": name, "key": f"{self.workload.seed}-{self.number}-{self.count}"}
        if name == "repeat" and self.last is not None:
            line["key"] = self.last[2]
        before = _repeats.count
        try:
            with run_in_office(self.office, self.people[WHO.get(name, "clerk")]):
                line["answer"] = getattr(self, f"_{name}")(line["key"])
            line["status"] = "ok" if line["answer"] else "nothing"
        except DomainError as refusal:
            is_broken = refusal.code == "claims.account.broken"
            line |= {"status": "broken" if is_broken else "refused", "code": str(refusal)[:300]}
        except (OperationalError, InterfaceError) as failure:
            line |= self._lost(failure)
        except Exception:  # noqa: BLE001  whatever breaks is for the checker to report
            line |= {"status": "broken", "code": traceback.format_exc()[-2000:]}
        return line | {"repeats": _repeats.count - before}

    def _lost(self, failure: Exception) -> dict:
        """Tell what no answer means: unknown where the database is killed, a fault elsewhere."""
        if not self.workload.is_killed or collisions.is_collision(failure):
            return {"status": "broken", "code": traceback.format_exc()[-2000:]}
        for connection in connections.all():
            connection.close()
        time.sleep(0.2)
        return {"status": "unknown", "code": str(failure)[:300]}

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

    def _send_back(self, key: str) -> dict | None:
        waiting = current_versions().filter(
            release_row__isnull=True, bill__person_id__in=self.workload.people
        )
        version = self._one_of(waiting.values_list("pk", flat=True))
        found = version and Settlement.objects.get(pk=version)
        return found and settlement_send_back(found, key=key, reason="演练")

    def _grant(self, key: str) -> dict:
        person = Person.objects.get(pk=self.draw.choice(self.workload.people))
        limit = self.draw.choice(("basic_cap", "ordinary_limit", "catastrophic_cap"))
        entered = EntryInput(EntryKind.GRANT, {limit: self.draw.randrange(1, 500_00)}, "drill")
        return account_post(person, self.draw.choice((2024, 2025)), entered, key=key)

    def _resettle(self, key: str) -> dict | None:
        accounts = BenefitYearAccount.objects.filter(person_id__in=self.workload.people)
        chosen = self._one_of(accounts.values_list("pk", flat=True))
        if chosen is None:
            return None
        account = BenefitYearAccount.objects.select_related("person__office").get(pk=chosen)
        place = self.draw.randrange(1, account.next_sequence + 1)
        return account_resettle(account, place, key=key, reason="演练")

    def _recategorise(self, _key: str) -> dict:
        person = Person.objects.get(pk=self.draw.choice(self.workload.people))
        first = date(self.draw.choice((2024, 2025)), self.draw.randrange(1, 13), 1)
        category = self.draw.choice(("minimum_living", "near_poor", "extreme_poverty"))
        last = first + timedelta(days=self.draw.randrange(10, 90))
        return {"category": category_spell_add(person, category, first, last).pk}

    def _settle_held(self, key: str) -> dict | None:
        held = self._held()
        if held is None:
            return None
        if self.draw.random() < 0.5:
            coverage_spell_add(held.person, "covered", date(2019, 1, 1))
        digest = bill_settle_preview(held).digest
        return bill_settle(held, key=key, preview_digest=digest)

    def _withdraw(self, key: str) -> dict | None:
        held = self._held()
        return held and bill_withdraw(held, key=key, reason="演练")

    def _held(self) -> Bill | None:
        rows = held_list().filter(bill__person_id__in=self.workload.people)
        chosen = self._one_of(rows.values_list("bill_id", flat=True))
        return chosen and Bill.objects.select_related("person__office").get(pk=chosen)

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

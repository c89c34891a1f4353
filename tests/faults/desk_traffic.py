"""A hospital that settles bill after bill over HTTP and remembers what it was told of each."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from types import SimpleNamespace
from uuid import UUID

from claims.models import Settlement
from config.offices.acting import run_in_office
from config.sweep.services import as_system, sweep_run
from tests.claims.api.conftest import bill_body, make_interface, plain_number
from tests.factories.enrollment import make_person
from tests.faults.checker import check
from tests.faults.clients import Interface, Log


class Traffic:
    """Settles bills of a few people from several threads until it is stopped."""

    def __init__(self, port: int, hospital: SimpleNamespace, people: int = 6) -> None:
        self.port, self.hospital = port, hospital
        self.desk = hospital.desk
        with run_in_office(self.desk.east, self.desk.clerk):
            self.people = [make_person(self.desk.east) for _ in range(people)]
        self.numbers = [plain_number(person) for person in self.people]
        self.log = Log()
        self.sent: dict[str, dict] = {}
        self._stop = threading.Event()

    @contextmanager
    def running(self, seed: int, threads: int = 4) -> Iterator[None]:
        """Let the hospital work inside the block."""
        workers = [
            threading.Thread(target=self._work, args=(random.Random(f"{seed}/{number}"),))
            for number in range(threads)
        ]
        for worker in workers:
            worker.start()
        try:
            yield
        finally:
            self._stop.set()
            for worker in workers:
                worker.join(90)
            self._stop.clear()

    def _work(self, draw: random.Random) -> None:
        client = Interface(self.port, self.hospital.text)
        while not self._stop.is_set():
            if not self.settle(client, draw):
                time.sleep(0.1)

    def settle(self, client: Interface, draw: random.Random) -> bool:
        """Preview and confirm one bill; False where there was no preview to confirm."""
        total = draw.choice((800, 5_000, 30_000, 200_000)) + draw.randrange(100)
        bill = bill_body(
            medfee_sumamt=f"{total}.00", fulamt_ownpay_amt="10.00", preselfpay_amt="20"
        )
        certno = draw.choice(self.numbers)
        key = str(UUID(int=draw.getrandbits(128), version=4))
        try:
            status, shown = client.post("settlements/preview/", {"certno": certno, "bill": bill})
        except (OSError, HTTPException):
            return False
        if status != 200:
            return False
        body = {"certno": certno, "bill": bill, "preview_digest": shown["preview_digest"]}
        self.sent[key] = body
        return self.confirm(client, key).status == "ok"

    def confirm(self, client: Interface, key: str):
        """Send a confirmation and note its answer."""
        try:
            status, answer = client.post("settlements/confirm/", self.sent[key], key)
        except (OSError, HTTPException) as failure:
            return self.log.note(key, "unknown", repr(failure))
        if status >= 500:
            return self.log.note(key, "unknown", status)
        return self.log.note(key, "ok" if status in {200, 201} else "refused", answer)

    def send_unknown_again(self) -> None:
        """Ask again, with the same key, what became of everything without an answer."""
        client = Interface(self.port, self.hospital.text)
        for key in self.log.keys("unknown") - self.log.keys("ok") - self.log.keys("refused"):
            self.confirm(client, key)

    def problems(self) -> list[str]:
        """Return what is wrong: acknowledged and missing, refused and there, twice, or miscounted."""
        with run_in_office(self.desk.east, self.desk.clerk):
            stored = list(Settlement.objects.values_list("request_key", flat=True))
            wrong = check([person.pk for person in self.people])
        ok, refused = self.log.keys("ok"), self.log.keys("refused")
        wrong += [f"{key} was acknowledged and is missing" for key in ok - set(stored)]
        wrong += [f"{key} was refused and is there" for key in (refused - ok) & set(stored)]
        wrong += sweep_findings()
        wrong += [f"{key} is there more than once" for key in set(stored) if stored.count(key) > 1]
        return wrong


def sweep_findings() -> list[str]:
    """Return what the sweep of invariants finds, as lines."""
    found = []
    with as_system("test"):
        for result in sweep_run().results.all():
            found += [f"{result.code}: {finding}" for finding in result.first_findings]
            found += [f"{result.code} broke: {result.failure}"] if result.failure else []
    return found


def make_traffic(machine) -> Traffic:
    """Start the web and return the hospital's traffic to it."""
    hospital = make_interface()
    machine.start_web()
    return Traffic(machine.web_port, hospital)

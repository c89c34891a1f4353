"""A run whose every row adds one event to the record: done twice, it would stand there twice."""

import os
import signal
import time
from collections import Counter

from config.audit.models import AuditEvent
from config.audit.services import record
from config.runs import leases
from config.runs.kinds import Outcome, RunKind, pieces_of, row_by_row
from config.runs.models import Chunk

SETTINGS = {"probe": "tests.config.runs.probe.Probe"}


class Probe(RunKind):
    """Parameters: rows, size; poison and killers are rows, pause_ms is slept at each row.

    `without_token` breaks the process that does it: the control of the token.
    """

    title = "probe"
    plan_act, approve_act = "account.post", "settlement.release"

    def plan(self, parameters):
        return pieces_of(range(1, parameters["rows"] + 1), parameters["size"])

    def apply(self, run, chunk, keep):
        wanted = run.parameters
        outcome = Outcome()
        if wanted.get("without_token"):
            leases._held = lambda chunk, *_using: Chunk.objects.filter(pk=chunk.pk)

        def do(number):
            time.sleep(wanted.get("pause_ms", 0) / 1000)
            if number in wanted.get("poison", ()):
                raise ValueError("as the test asks")
            if number in wanted.get("killers", ()):
                os.kill(os.getpid(), signal.SIGKILL)
            record("row.changed", reason=f"probe {number}", fields=[])
            outcome.add("numbers", number)

        row_by_row(range(chunk.first_id, chunk.last_id + 1), do, outcome, keep)
        return outcome


def effects():
    """Return how often each row took effect; called inside a scope."""
    told = AuditEvent.objects.filter(verb="row.changed", reason__startswith="probe ")
    return Counter(int(reason.split()[1]) for reason in told.values_list("reason", flat=True))

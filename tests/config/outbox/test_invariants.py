"""I13 reports work that is forgotten, doubled or given up too early, each broken by hand."""

import pytest
from django.db import transaction

from config.offices.acting import run_in_office
from config.outbox.services import emit, sweep
from config.sweep.services import as_system, sweep_run
from tests.tampering import without_fences

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.row("I13")]
KIND = "test.note"
BREAKS = {
    "done or has failed": "UPDATE outbox_outboxevent SET state = 'waiting', finished_at = NULL,"
    " due_at = due_at - interval '6 minutes' WHERE subject_id = '1'",
    "stands once": "UPDATE outbox_outboxevent SET effect_key = 'note:2' WHERE subject_id = '1'",
    "after its last attempt": "UPDATE outbox_outboxevent SET state = 'failed', attempts = 2"
    " WHERE subject_id = '1'",
}


def findings():
    with as_system("test"):
        (result,) = sweep_run(["I13"]).results.all()
    assert not result.failure
    return [finding["rule"] for finding in result.first_findings]


def test_work_broken_by_hand_is_reported(offices, settings, tried):
    settings.OUTBOX_CONSUMERS = {KIND: "tests.config.outbox.consumers.note"}
    with run_in_office(offices.east), transaction.atomic():
        for subject in (1, 2):
            emit(KIND, subject, f"note:{subject}")
    sweep()
    assert findings() == []
    with without_fences("outbox_outboxevent") as tampering:
        for told, statement in BREAKS.items():
            assert tampering.change(statement) == 1
            assert [rule for rule in findings() if told in rule]
            tampering.restore()
            tried(1)
        assert findings() == []

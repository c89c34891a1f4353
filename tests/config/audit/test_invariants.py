"""I14 in the nightly sweep: sealed events that were touched are findings of the ledger's sweep."""

import pytest

from config.audit import services
from config.audit.seals import seal_events
from config.offices.acting import run_in_office
from config.sweep.services import as_system, sweep_run
from tests.factories.offices import make_offices
from tests.tampering import without_fences

pytestmark = [pytest.mark.row("I14"), pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def anchor_file(settings, tmp_path):
    settings.AUDIT_ANCHOR_FILE = tmp_path / "anchors.txt"


def swept():
    with as_system("test"):
        return sweep_run(["I14"]).results.get(code="I14")


def test_a_sealed_event_that_was_touched_is_reported_with_its_batch(tried):
    offices = make_offices()
    with run_in_office(offices.east):
        event = services.record("row.changed", offices.east, fields=["name"])
    seal_events()
    assert swept().first_findings == []
    with without_fences("audit_auditevent") as tampering:
        tampering.change(f"UPDATE audit_auditevent SET reason = 'x' WHERE id = {event.pk}")  # noqa: S608
        [found] = swept().first_findings
        assert found["facts"] == {"damage": "changed", "event": event.pk}
        tampering.restore()
    tried(2)


def test_an_altered_or_missing_anchor_file_is_a_finding(settings):
    make_offices()
    seal_events()
    settings.AUDIT_ANCHOR_FILE.write_text("2026-01-01 1 sha256/1 0 0 0\n")
    [found] = swept().first_findings
    assert found["facts"] == {"code": "audit.anchor.broken"}

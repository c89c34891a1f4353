"""Batches of events, sealed in the order of their transactions, chained and anchored."""

import uuid
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connections, transaction
from django.test import override_settings

from config import calendar
from config.audit import anchors, services, tasks
from config.audit.health_facts import anchor, seals, writable
from config.audit.models import AuditEvent, AuditSeal
from config.audit.sealing import COLUMNS_OF_FORM, Leaf, packed_leaves, unpacked_leaves
from config.audit.seals import seal_events
from config.audit.selectors import last_seal, oldest_unsealed
from config.audit.verification import verify
from config.errors import DomainError
from config.offices import scope
from config.offices.acting import run_in_office
from config.offices.selectors import scope_of_system
from tests.factories.offices import make_offices

pytestmark = [pytest.mark.row("H3"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def offices():
    return make_offices()


def leave(office, count=1):
    """Leave events, each in a transaction of its own."""
    with run_in_office(office):
        return [services.record("row.changed", office, fields=[str(n)]).pk for n in range(count)]


def test_the_written_form_has_every_column():
    assert set(COLUMNS_OF_FORM) == {field.attname for field in AuditEvent._meta.concrete_fields}


def test_leaves_are_read_back_as_they_were_packed():
    leaves = [Leaf(1, b"a" * 32), Leaf(2**40, b"b" * 32)]
    assert unpacked_leaves(packed_leaves(leaves)) == leaves
    assert unpacked_leaves(packed_leaves(leaves)[:-1]) == leaves[:1]


def test_events_of_all_offices_are_sealed_once_and_chained(offices):
    leave(offices.east, 3)
    assert seal_events() == 4  # the factory left one
    leave(offices.west, 2)
    leave(offices.east)
    assert seal_events() == 3
    assert seal_events() == 0
    first, second = AuditSeal.objects.order_by("number")
    assert (first.number, second.number) == (1, 2)
    assert (second.previous, second.from_txid) == (first.digest, first.through_txid)
    verdict = verify()
    assert (verdict.is_sound, verdict.seals, verdict.events, verdict.unsealed) == (True, 2, 7, 0)


def test_a_batch_has_a_size_and_no_transaction_is_parted(offices):
    seal_events()
    leave(offices.east, 5)
    with run_in_office(offices.east), transaction.atomic():
        for _ in range(4):
            services.record("row.changed", offices.east, fields=[])
    leave(offices.east)
    assert seal_events(most=2) == 10
    sizes = AuditSeal.objects.order_by("number").values_list("event_count", flat=True)[1:]
    assert list(sizes) == [2, 2, 1, 4, 1]
    assert verify().is_sound


def test_events_after_a_running_transaction_wait_until_it_has_ended(offices):
    seal_events()
    with run_in_office(offices.east), transaction.atomic():
        early = services.record("row.changed", offices.east, fields=[])
        late = services.record_view("person.opened", offices.east)
        assert late.txid > early.txid
        with scope.leave():
            assert sealed_beside() == 0
    assert seal_events() == 2
    assert verify().is_sound


def sealed_beside():
    """Seal on the other connection, as the sealer's process does."""
    connections["default"], connections["aside"] = connections["aside"], connections["default"]
    try:
        return seal_events()
    finally:
        connections["default"], connections["aside"] = connections["aside"], connections["default"]


def test_a_database_that_counts_from_an_earlier_number_is_not_sealed(offices):
    seal_events()
    last = AuditSeal.objects.first()
    AuditSeal.objects.create(
        number=2,
        algorithm=last.algorithm,
        from_txid=last.through_txid,
        through_txid=2**60,
        event_count=1,
        first_event=1,
        last_event=1,
        leaves=b"",
        digest="0",
    )
    with pytest.raises(DomainError) as error:
        seal_events()
    assert error.value.code == "audit.seal.behind"


def test_another_algorithm_takes_over_from_a_batch_on(offices):
    seal_events()
    leave(offices.east)
    with override_settings(AUDIT_SEAL_ALGORITHM="sm3/1"):
        seal_events()
    assert verify().is_sound
    found = AuditSeal.objects.order_by("number").values_list("algorithm", flat=True)
    assert list(found) == ["sha256/1", "sm3/1"]


def test_each_day_gets_one_line_outside_that_covers_the_line_before(offices, tmp_path):
    path = tmp_path / "deep" / "anchors.txt"
    seal_events()
    seal = AuditSeal.objects.get()
    today = calendar.today()
    assert anchors.anchor_days(path, today) == 0
    assert anchors.anchor_days(path, today + timedelta(days=3)) == 3
    assert anchors.anchor_days(path, today + timedelta(days=3)) == 0
    found = anchors.read_file(path)
    assert [line.day - today for line in found] == [timedelta(days=n) for n in range(3)]
    assert {(line.number, line.digest) for line in found} == {(1, seal.digest)}
    assert verify(found).is_sound
    lines = path.read_text().splitlines()
    for broken in (
        [lines[0], lines[2]],
        [lines[1], lines[0], lines[2]],
        [lines[0].replace(seal.digest, "0" * 64), *lines[1:]],
        [lines[0], lines[0], *lines[1:]],
        ["", *lines],
    ):
        with pytest.raises(anchors.AnchorBroken):
            anchors.read_lines(broken)
    with pytest.raises(anchors.AnchorBroken):
        anchors.read_file(tmp_path / "no such file")


def test_the_timetable_seals_and_anchors(offices, tmp_path, settings):
    settings.AUDIT_ANCHOR_FILE = tmp_path / "anchors.txt"
    tasks.audit_seal()
    assert AuditSeal.objects.count() == 1
    assert settings.AUDIT_ANCHOR_FILE.exists()


def test_the_command_says_what_it_found_and_fails_on_damage(offices, tmp_path, capsys):
    path = tmp_path / "anchors.txt"
    seal_events()
    anchors.anchor_days(path, calendar.today() + timedelta(days=1))
    call_command("audit_verify", anchor=path)
    said = capsys.readouterr().out
    assert "1 seals, 1 sealed events, 1 anchors" in said
    assert "sound" in said
    path.write_text(path.read_text().replace(" 1 ", " 2 "))
    with pytest.raises(CommandError, match=r"Line 1|第 1 行"):
        call_command("audit_verify", anchor=path)


def test_the_health_page_hears_of_seals_that_stay_away(offices, tmp_path, settings):
    settings.AUDIT_ANCHOR_FILE = tmp_path / "anchors.txt"
    with scope.enter(scope_of_system("health")):
        assert oldest_unsealed() >= timedelta(0)
        assert (seals().state, anchor().state, writable().state) == ("ok", "ok", "ok")
        AuditEvent.objects.create(
            office=offices.east,
            verb="row.changed",
            request_id=uuid.uuid4(),
            at=calendar.now() - timedelta(minutes=5),
        )
        assert seals().state == "late"
    seal_events()
    with scope.enter(scope_of_system("health")):
        assert (seals().state, oldest_unsealed()) == ("ok", None)
    assert last_seal(calendar.today()).number == 1
    assert last_seal(date(2020, 1, 1)) is None

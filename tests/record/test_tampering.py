"""H3: whoever may change every row leaves a difference, and the difference is placed."""

import json
from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random
from time import perf_counter

import pytest
from django.db import connections, transaction

from config import calendar
from config.audit import services
from config.audit.anchors import anchor_days, read_file
from config.audit.models import AuditSeal
from config.audit.sealing import CURRENT, FORM, Batch, leaf_of, packed_leaves
from config.audit.seals import seal_events
from config.audit.verification import Damage, Finding, verify
from config.offices import scope
from config.offices.acting import run_in_office
from config.offices.models import Office
from config.offices.selectors import scope_of_system
from tests.factories.offices import make_offices

OWNER = "owner"
pytestmark = [
    pytest.mark.row("H3"),
    pytest.mark.django_db(transaction=True, databases=["default", "aside", OWNER]),
]
BATCHES, EVENTS = 8, 12
TEXTS = ("agent", "roles", "verb", "target_kind", "target_id", "outcome", "reason", "address")


@pytest.fixture
def anchored(tmp_path):
    """Make batches of events, the first half closed by an anchor; return the lines of the file."""
    offices = make_offices()
    path: Path = tmp_path / "anchors.txt"
    for batch in range(BATCHES):
        for number in range(EVENTS):
            with run_in_office((offices.east, offices.west, offices.pool)[number % 3]):
                services.record("row.changed", offices.east, f"{batch}/{number}", fields=["name"])
        seal_events()
        if batch == BATCHES // 2:
            anchor_days(path, calendar.today() + timedelta(days=1))
    anchor_days(path, calendar.today() + timedelta(days=2))
    yield read_file(path)
    connections[OWNER].close()


class Tampering:
    """An administrator of the database at work: one change, and the batches it stands in."""

    def __init__(self, dice: Random) -> None:
        self.dice = dice
        self.cursor = connections[OWNER].cursor()
        self.seals = list(AuditSeal.objects.using(OWNER).order_by("number"))

    def rows(self, statement, *values):
        self.cursor.execute(statement, values)
        return self.cursor.fetchall()

    def do(self, statement, *values):
        self.cursor.execute(statement, values)
        assert self.cursor.rowcount > 0, statement

    def event(self):
        events = self.rows("SELECT id, txid FROM audit_auditevent ORDER BY id")
        return self.dice.choice(events)

    def batch_of(self, txid):
        return next(s.number for s in self.seals if s.from_txid <= txid < s.through_txid)

    def edit(self):
        event, txid = self.event()
        column = self.dice.choice((*TEXTS, "at", "actor_id", "office_id", "payload", "request_id"))
        changes = {
            "at": "at + interval '1 microsecond'",
            "actor_id": "COALESCE(actor_id, 0) + 1",
            "office_id": "(SELECT id FROM offices_office o WHERE o.id <> office_id LIMIT 1)",
            "payload": """payload || '{"fields": ["phone"]}'""",
            "request_id": "gen_random_uuid()",
        }
        change = changes.get(column, f"left({column} || 'x', 7)")
        if column == "outcome":
            change = "'refused'"
        self.do(f"UPDATE audit_auditevent SET {column} = {change} WHERE id = %s", event)  # noqa: S608
        return {self.batch_of(txid)}, event

    def delete(self):
        event, txid = self.event()
        self.do("DELETE FROM audit_auditevent WHERE id = %s", event)
        return {self.batch_of(txid)}, event

    def insert(self):
        event, txid = self.event()
        columns = "at, office_id, actor_id, agent, roles, verb, target_kind, target_id, outcome, reason, payload, request_id, address, txid"
        [(added,)] = self.rows(
            f"INSERT INTO audit_auditevent ({columns}) SELECT {columns} FROM audit_auditevent"  # noqa: S608
            " WHERE id = %s RETURNING id",
            event,
        )
        return {self.batch_of(txid)}, added

    def reorder(self):
        (one, first), (two, second) = self.event(), self.event()
        while one == two:
            two, second = self.event()
        swap = "UPDATE audit_auditevent SET id = %s WHERE id = %s"
        for new, old in ((-1, one), (one, two), (two, -1)):
            self.do(swap, new, old)
        return {self.batch_of(first), self.batch_of(second)}, one

    def move(self):
        event, txid = self.event()
        other = self.dice.choice(
            [s for s in self.seals if not s.from_txid <= txid < s.through_txid]
        )
        self.do(
            "UPDATE audit_auditevent SET txid = %s WHERE id = %s", other.through_txid - 1, event
        )
        return {self.batch_of(txid), other.number}, event

    def change_seal(self):
        seal = self.dice.choice(self.seals)
        change = self.dice.choice(
            (
                "event_count = event_count - 1",
                "first_event = first_event + 1",
                "last_event = last_event + 1",
                "digest = repeat('0', 64)",
                "previous = repeat('0', 64)",
                "leaves = substr(leaves, 41)",
                "leaves = set_byte(leaves, 20, get_byte(leaves, 20) # 1)",
                "algorithm = 'sm3/1'",
                "algorithm = 'none'",
            )
        )
        self.do(f"UPDATE audit_auditseal SET {change} WHERE number = %s", seal.number)  # noqa: S608
        return {seal.number}, None

    def delete_seal(self):
        # The tail is another case: without an anchor, a seal that never was is no gap.
        seal = self.dice.choice(self.seals[:-1])
        self.do("DELETE FROM audit_auditseal WHERE number = %s", seal.number)
        return {seal.number}, None

    def cut_the_tail(self):
        seal = self.dice.choice(self.seals)
        self.do("DELETE FROM audit_auditseal WHERE number >= %s", seal.number)
        self.do("DELETE FROM audit_auditevent WHERE txid >= %s", seal.from_txid)
        return {max(s.number for s in self.seals)}, None

    def rewrite_everything(self):
        """Change one event and seal all of it anew, as soundly as the sealer does."""
        event, txid = self.event()
        self.do("UPDATE audit_auditevent SET reason = 'never' WHERE id = %s", event)
        changed, previous = self.batch_of(txid), ""
        for seal in self.seals:
            found = self.rows(
                f"SELECT id, {FORM} FROM audit_auditevent"  # noqa: S608
                " WHERE txid >= %s AND txid < %s ORDER BY txid, id",
                seal.from_txid,
                seal.through_txid,
            )
            leaves = packed_leaves(leaf_of(CURRENT, *row) for row in found)
            batch = Batch(seal.number, CURRENT, seal.from_txid, seal.through_txid, leaves, previous)
            self.do(
                "UPDATE audit_auditseal SET leaves = %s, digest = %s, previous = %s"
                " WHERE number = %s",
                leaves,
                batch.digest,
                previous,
                seal.number,
            )
            previous = batch.digest
        # It is seen at the first anchor from the changed batch on.
        return {min(n for n in (BATCHES // 2 + 1, BATCHES) if n >= changed)}, None


KINDS = (
    "edit",
    "delete",
    "insert",
    "reorder",
    "move",
    "change_seal",
    "delete_seal",
    "cut_the_tail",
    "rewrite_everything",
)


def tamper(anchored, seed, times):
    """Tamper at random, verify, take it back; count what was found and placed."""
    found = Counter()
    for number in range(times):
        dice = Random(f"{seed}/{number}")
        kind = KINDS[number % len(KINDS)]
        with scope.enter(scope_of_system("test")), transaction.atomic(using=OWNER):
            batches, event = getattr(Tampering(dice), kind)()
            verdict = verify(anchored, using=OWNER)
            transaction.set_rollback(True, using=OWNER)
        placed = {finding.batch for finding in verdict.findings}
        assert batches <= placed, (kind, seed, number, verdict.findings)
        if event is not None:
            assert event in {finding.event_id for finding in verdict.findings}, (kind, seed, number)
        if kind in {"edit", "delete", "insert"}:
            assert placed == batches, (kind, seed, number, verdict.findings)
        found[kind] += 1
    return found


def test_each_of_many_random_tamperings_is_found_and_placed(anchored, seed, tried):
    found = tamper(anchored, seed, 54)
    assert set(found) == set(KINDS)
    tried(sum(found.values()))


@pytest.mark.nightly
def test_each_of_a_thousand_random_tamperings_is_found_and_placed(anchored, seed, tried):
    tried(sum(tamper(anchored, seed, 1000).values()))


def test_without_the_anchor_a_cut_tail_and_a_full_rewrite_are_seen_by_nobody(anchored, seed):
    """The control: what the file outside is for."""
    for kind in ("cut_the_tail", "rewrite_everything"):
        with scope.enter(scope_of_system("test")), transaction.atomic(using=OWNER):
            getattr(Tampering(Random(seed)), kind)()
            assert verify(using=OWNER).is_sound
            assert not verify(anchored, using=OWNER).is_sound
            transaction.set_rollback(True, using=OWNER)


def test_what_is_untouched_is_sound_and_a_range_is_verified_alone(anchored):
    assert verify(anchored).is_sound
    with scope.enter(scope_of_system("test")), transaction.atomic(using=OWNER):
        tampering = Tampering(Random(1))
        [(event,)] = tampering.rows(
            "SELECT min(id) FROM audit_auditevent WHERE txid >= %s", tampering.seals[3].from_txid
        )
        tampering.do("UPDATE audit_auditevent SET reason = '' WHERE id = %s", event)
        assert verify(anchored, first=5, using=OWNER).is_sound
        assert verify(anchored, last=3, using=OWNER).is_sound
        found = verify(anchored, first=4, last=4, using=OWNER).findings
        assert found == [Finding(4, Damage.CHANGED, event)]
        transaction.set_rollback(True, using=OWNER)


def fill(office, count):
    """Write events as an evening of a busy pool does; returns when they are sealed."""
    with run_in_office(office), connections["default"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_auditevent (office_id, verb, agent, roles, target_kind, target_id,"
            " outcome, reason, payload, request_id, address)"
            " SELECT %s, 'settlement.confirmed', '', 'clerk', 'claims.settlement',"
            " gen_random_uuid()::text, 'done', '', %s, gen_random_uuid(), '10.0.0.1'"
            " FROM generate_series(1, %s)",
            [office.pk, json.dumps({"number": "2026-000001", "version": 1}), count],
        )
    assert seal_events() >= count


def test_verifying_is_quick(anchored, tried, capsys):
    """Printed, not asserted: the bar asks for 20,000 events a second."""
    fill(Office.objects.get(code="east"), 20_000)
    start = perf_counter()
    verdict = verify(anchored)
    seconds = perf_counter() - start
    assert verdict.is_sound
    tried(verdict.events)
    with capsys.disabled():
        print(f"\naudit_verify: {verdict.events / seconds:,.0f} events a second")

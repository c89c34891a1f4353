"""Compare what is recorded with what was sealed and anchored, and say where it differs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from config.audit.anchors import Anchor
from config.audit.models import AuditSeal
from config.audit.sealing import ALGORITHMS, FORM, Batch, Leaf, leaf_of, unpacked_leaves
from config.offices import scope
from config.offices.selectors import scope_of_system

_CHUNK = 5_000
_EVENTS = f"""
SELECT txid, id, {FORM} FROM audit_auditevent WHERE txid >= %s AND txid < %s ORDER BY txid, id
"""  # noqa: S608  a constant


class Damage(StrEnum):
    """What was found at a place."""

    CHANGED = "changed"
    MISSING = "missing"
    ADDED = "added"
    MOVED = "moved"
    SEAL_CHANGED = "seal_changed"
    SEAL_MISSING = "seal_missing"
    ANCHOR_DIFFERS = "anchor_differs"


@dataclass(frozen=True, order=True)
class Finding:
    """One damage: number of the batch, and the event where it is one of an event."""

    batch: int
    damage: Damage
    event_id: int = 0


@dataclass
class Verdict:
    """What a verification saw.

    Args:
        seals: seals read.
        events: sealed events read.
        unsealed: events after the last seal that was read.
        findings: every damage, by place.
    """

    seals: int = 0
    events: int = 0
    unsealed: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def verify(
    anchors: list[Anchor] | None = None,
    *,
    first: int = 1,
    last: int | None = None,
    using: str = DEFAULT_DB_ALIAS,
) -> Verdict:
    """Read seals and events in one pass and compare; a difference is placed, never repaired.

    Args:
        anchors: the lines of the anchor file; without them a full rewrite stays unseen.
        first: number of the first seal to verify.
        last: number of the last one; all from `first` on otherwise.
        using: alias of the connection.

    Returns:
        The verdict, with findings in the order of their batches.
    """
    verdict = Verdict()
    with transaction.atomic(using=using):
        seals = _seals(first, last, using)
        verdict.seals = len(seals)
        verdict.findings += _chain_findings(seals, first)
        # The offices are read after the seals: whoever wrote a sealed event is known by then.
        with scope.enter_or_leave(scope_of_system("audit_verify")):
            _compare(seals, verdict, using)
            if last is None:
                verdict.unsealed = _unsealed(seals, using)
    verdict.findings += _anchor_findings(seals, anchors or [], first, last)
    verdict.findings.sort()
    return verdict


def _seals(first: int, last: int | None, using: str) -> list[AuditSeal]:
    """Return the seals asked for without their leaves, which are read batch by batch."""
    # The seal before the first is the root the first one is held to.
    found = AuditSeal.objects.using(using).filter(number__gte=first - 1).order_by("number", "pk")
    if last is not None:
        found = found.filter(number__lte=last)
    return list(found.defer("leaves"))


def _chain_findings(seals: list[AuditSeal], first: int) -> Iterator[Finding]:
    """Hold number, range and root of each seal to the one before."""
    number, start, root = 1, 0, ""
    if seals and seals[0].number == first - 1:
        before = seals.pop(0)
        number, start, root = first, before.through_txid, before.digest
    for seal in seals:
        while number < seal.number:
            yield Finding(number, Damage.SEAL_MISSING)
            number += 1
            start, root = seal.from_txid, seal.previous
        if (seal.from_txid, seal.previous) != (start, root):
            yield Finding(seal.number, Damage.SEAL_CHANGED)
        number, start, root = seal.number + 1, seal.through_txid, seal.digest


def _compare(seals: list[AuditSeal], verdict: Verdict, using: str) -> None:
    """Walk through events and seals side by side."""
    if not seals:
        return
    rows = _rows(seals[0].from_txid, seals[-1].through_txid, using)
    row = next(rows, None)
    for seal, leaves in _leaves_of(seals, using):
        found: list[Leaf] = []
        algorithm = _algorithm(seal)
        while row is not None and row[0] < seal.through_txid:
            # What stands before its range belongs to a seal that is gone, which is found already.
            if row[0] >= seal.from_txid:
                found.append(leaf_of(algorithm, row[1], row[2]))
            row = next(rows, None)
        verdict.events += len(found)
        verdict.findings += _seal_findings(seal, leaves)
        verdict.findings += _leaf_findings(seal.number, unpacked_leaves(leaves), found)


def _leaves_of(seals: list[AuditSeal], using: str) -> Iterator[tuple[AuditSeal, bytes]]:
    for start in range(0, len(seals), 100):
        group = seals[start : start + 100]
        leaves = dict(
            AuditSeal.objects.using(using)
            .filter(pk__in=[seal.pk for seal in group])
            .values_list("pk", "leaves")
        )
        yield from ((seal, bytes(leaves[seal.pk])) for seal in group)


def _rows(start: int, end: int, using: str) -> Iterator[tuple[int, int, str]]:
    with connections[using].chunked_cursor() as cursor:
        cursor.itersize = _CHUNK
        cursor.execute(_EVENTS, [start, end])
        while chunk := cursor.fetchmany(_CHUNK):
            yield from chunk


def _algorithm(seal: AuditSeal) -> str:
    """Return the algorithm of a seal; a name nobody knows is a changed seal, found elsewhere."""
    return seal.algorithm if seal.algorithm in ALGORITHMS else next(iter(ALGORITHMS))


def _seal_findings(seal: AuditSeal, leaves: bytes) -> Iterator[Finding]:
    """Hold a seal to its own digest, and what it says beside it to its leaves."""
    batch = Batch(
        seal.number, seal.algorithm, seal.from_txid, seal.through_txid, leaves, seal.previous
    )
    listed = unpacked_leaves(leaves)
    said = (seal.event_count, seal.first_event, seal.last_event)
    is_own = (
        seal.algorithm in ALGORITHMS
        and batch.digest == seal.digest
        and listed
        and said == (len(listed), listed[0].event_id, listed[-1].event_id)
    )
    if not is_own:
        yield Finding(seal.number, Damage.SEAL_CHANGED)


def _leaf_findings(number: int, sealed: list[Leaf], found: list[Leaf]) -> Iterator[Finding]:
    """Compare the events of a batch with what was sealed, event by event."""
    if sealed == found:
        return
    was, now = dict(sealed), dict(found)
    for event_id in was.keys() - now.keys():
        yield Finding(number, Damage.MISSING, event_id)
    for event_id in now.keys() - was.keys():
        yield Finding(number, Damage.ADDED, event_id)
    for event_id in was.keys() & now.keys():
        if was[event_id] != now[event_id]:
            yield Finding(number, Damage.CHANGED, event_id)
    if was == now:
        moved = (a.event_id for a, b in zip(sealed, found, strict=False) if a != b)
        yield Finding(number, Damage.MOVED, next(moved, 0))


def _unsealed(seals: list[AuditSeal], using: str) -> int:
    end = seals[-1].through_txid if seals else 0
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_auditevent WHERE txid >= %s", [end])
        return int(cursor.fetchone()[0])


def _anchor_findings(
    seals: list[AuditSeal], anchors: list[Anchor], first: int, last: int | None
) -> Iterator[Finding]:
    """Hold the seals to the lines outside; the first line that differs places the damage."""
    by_number = {seal.number: seal for seal in seals}
    for anchor in {(line.number, line.digest): line for line in anchors}.values():
        if anchor.number < first or (last is not None and anchor.number > last):
            continue
        seal = by_number.get(anchor.number)
        if seal is None:
            yield Finding(anchor.number, Damage.SEAL_MISSING)
        elif (seal.algorithm, seal.digest) != (anchor.algorithm, anchor.digest):
            yield Finding(anchor.number, Damage.ANCHOR_DIFFERS)

"""The anchor: one line a day, outside the database, that fixes the last seal of the day.

Whoever may change every row can also seal anew; a seal that was written down elsewhere cannot be
changed with it. Each line is keyed with a key derived from the ring of ID numbers, which is not in
the database, and covers the line before. The file belongs on a volume, or another host, where the
database administrator has no hand; its last line is printed on the day list that people sign.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from config.audit.models import AuditSeal
from config.errors import DomainError
from config.identity.cipher import Key, KeyRing
from config.identity.keys import key_ring

_PURPOSE = "audit anchor"
_WORDS = 6


class AnchorBroken(DomainError):
    """A line of the anchor file was altered, taken out, or was not written by us."""


@dataclass(frozen=True)
class Anchor:
    """One line of the file.

    Args:
        day: the day it closes.
        number: number of the last seal written on or before that day.
        algorithm: algorithm of the seal.
        digest: digest of the seal.
    """

    day: date
    number: int
    algorithm: str
    digest: str

    @property
    def text(self) -> str:
        """Return what is keyed."""
        return f"{self.day.isoformat()} {self.number} {self.algorithm} {self.digest}"


def anchor_days(path: Path, today: date) -> int:
    """Write the lines of the days that have ended since the last line; returns how many.

    Args:
        path: the file; it is made where it does not exist.
        today: the running day, whose last seal is not known yet.

    Raises:
        AnchorBroken: the file there is not ours, or was altered.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        stream.seek(0)
        lines = stream.read().splitlines()
        known = read_lines(lines)
        added = list(_days_to_add(known[-1] if known else None, today))
        before = lines[-1] if lines else ""
        for anchor in added:
            before = line_of(anchor, before, key_ring().current)
            stream.write(f"{before}\n")
        stream.flush()
        os.fsync(stream.fileno())
    if not lines:
        _keep_name(path)
    return len(added)


def read_file(path: Path) -> list[Anchor]:
    """Return the lines of a file, each held to its key and to the line before.

    Raises:
        AnchorBroken: `audit.anchor.broken` with the number of the line; `audit.anchor.missing`.
    """
    if not path.is_file():
        raise AnchorBroken("audit.anchor.missing")
    return read_lines(path.read_text(encoding="utf-8").splitlines())


def read_lines(lines: Iterable[str]) -> list[Anchor]:
    """Return the anchors of these lines, in order; see `read_file`."""
    found: list[Anchor] = []
    before = ""
    for number, line in enumerate(lines, start=1):
        anchor = _read_line(line, before, key_ring())
        if anchor is None or (found and anchor.day <= found[-1].day):
            raise AnchorBroken("audit.anchor.broken", line=number)
        found.append(anchor)
        before = line
    return found


def line_of(anchor: Anchor, before: str, key: Key) -> str:
    """Return the line of an anchor: its text, the key, and the keyed digest over both lines."""
    return f"{anchor.text} {key.key_id} {_mac(anchor.text, before, key)}"


def _read_line(line: str, before: str, ring: KeyRing) -> Anchor | None:
    words = line.split(" ")
    if len(words) != _WORDS:
        return None
    day, number, algorithm, digest, key_id, mac = words
    try:
        anchor = Anchor(date.fromisoformat(day), int(number), algorithm, digest)
        expected = _mac(anchor.text, before, ring.named(key_id))
    except (ValueError, DomainError):
        return None
    return anchor if hmac.compare_digest(mac, expected) else None


def _mac(text: str, before: str, key: Key) -> str:
    covered = f"{before}\n{text}\n{key.key_id}".encode()
    return hmac.new(key.derived(_PURPOSE), covered, hashlib.sha256).hexdigest()


def _days_to_add(last: Anchor | None, today: date) -> Iterable[Anchor]:
    """Give the anchors of the days that ended: from the first seal on, each day one."""
    seals = AuditSeal.objects.defer("leaves")
    if last is None:
        first = seals.order_by("number").values_list("sealed_at__date", flat=True).first()
        if first is None:
            return
        day = first
    else:
        day = last.day + timedelta(days=1)
    while day < today:
        seal = seals.filter(sealed_at__date__lte=day).first()
        if seal is not None:
            yield Anchor(day, seal.number, seal.algorithm, seal.digest)
        day += timedelta(days=1)


def _keep_name(path: Path) -> None:
    """Make the name of a new file outlive a power cut."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

"""What is hashed, and how: the written form of an event, its digest, the digest of a batch.

The algorithm is named in every seal, so that another one (SM3) can take over from a day on while
older seals stay what they are. The number after the name counts the written forms: a column more
in the table of events is a new form.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import NamedTuple

# Every column, in the order of the table, as one JSON array: no two rows are written alike, and
# nothing depends on the zone, the language or the date style of a connection.
FORM = """jsonb_build_array(id, (extract(epoch FROM at) * 1000000)::bigint, office_id, actor_id,
 agent, roles, verb, target_kind, target_id, outcome, reason, payload, request_id, address, txid
)::text"""
COLUMNS_OF_FORM = (
    "id",
    "at",
    "office_id",
    "actor_id",
    "agent",
    "roles",
    "verb",
    "target_kind",
    "target_id",
    "outcome",
    "reason",
    "payload",
    "request_id",
    "address",
    "txid",
)
CURRENT = "sha256/1"
ALGORITHMS: dict[str, Callable[[bytes], bytes]] = {
    CURRENT: lambda text: hashlib.sha256(text).digest(),
    # Offered where the library of the machine has it; chosen in the settings.
    "sm3/1": lambda text: hashlib.new("sm3", text).digest(),
}
ID_BYTES, DIGEST_BYTES = 8, 32
LEAF_BYTES = ID_BYTES + DIGEST_BYTES


class Leaf(NamedTuple):
    """One event in a batch: its id and the digest of its written form."""

    event_id: int
    digest: bytes

    @property
    def packed(self) -> bytes:
        """Return the 40 bytes that stand in the seal."""
        return self.event_id.to_bytes(ID_BYTES, "big") + self.digest


def leaf_of(algorithm: str, event_id: int, form: str) -> Leaf:
    """Return the leaf of an event.

    Args:
        algorithm: a name of `ALGORITHMS`.
        event_id: id of the event.
        form: what `FORM` gives for it.
    """
    return Leaf(event_id, ALGORITHMS[algorithm](form.encode()))


def packed_leaves(leaves: Iterable[Leaf]) -> bytes:
    """Return the leaves of a batch as they stand in its seal."""
    return b"".join(leaf.packed for leaf in leaves)


def unpacked_leaves(packed: bytes) -> list[Leaf]:
    """Return the leaves of a seal; a rest that is no leaf is left out, its digest betrays it."""
    whole = len(packed) - len(packed) % LEAF_BYTES
    return [
        Leaf(
            int.from_bytes(packed[start : start + ID_BYTES], "big"),
            bytes(packed[start + ID_BYTES : start + LEAF_BYTES]),
        )
        for start in range(0, whole, LEAF_BYTES)
    ]


class Batch(NamedTuple):
    """What a seal says of its batch; the digest of the seal covers all of it.

    Args:
        number: 1, 2, 3 without a gap.
        algorithm: a name of `ALGORITHMS`.
        from_txid: first transaction of the batch, inclusive.
        through_txid: first transaction after it.
        leaves: packed leaves, in the order of transaction and id.
        previous: digest of the seal before; empty for the first.
    """

    number: int
    algorithm: str
    from_txid: int
    through_txid: int
    leaves: bytes
    previous: str

    @property
    def count(self) -> int:
        """How many events it holds."""
        return len(self.leaves) // LEAF_BYTES

    @property
    def digest(self) -> str:
        """Return the digest of the seal, in hexadecimal."""
        hashed = ALGORITHMS[self.algorithm]
        head = (self.number, self.algorithm, self.from_txid, self.through_txid, self.count)
        written = "|".join(str(part) for part in (*head, hashed(self.leaves).hex(), self.previous))
        return hashed(written.encode()).hex()

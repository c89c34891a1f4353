"""A sealed stream opens whole, under its name and with its key, or not at all."""

import random
from io import BytesIO

import pytest

from config.backup.sealed_stream import (
    PIECE_BYTES,
    TAG_BYTES,
    StreamBroken,
    open_stream,
    seal_stream,
)
from config.identity.cipher import KeyRing

RING = KeyRing.read(["a:" + "A" * 43 + "=", "b:" + "B" * 43 + "="])
SIZES = [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES]


def sealed(plain: bytes, name: str = "base/x", ring: KeyRing = RING) -> bytes:
    stream = BytesIO()
    assert seal_stream(BytesIO(plain), stream, ring, name) == len(plain)
    return stream.getvalue()


def opened(stored: bytes, name: str = "base/x", ring: KeyRing = RING) -> bytes:
    plain = BytesIO()
    open_stream(BytesIO(stored), plain, ring, name)
    return plain.getvalue()


@pytest.mark.parametrize("size", SIZES)
def test_what_was_sealed_opens(size, seed):
    plain = random.Random(seed).randbytes(size)
    stored = sealed(plain)
    assert opened(stored) == plain
    if size > 1000:
        assert plain[:1000] not in stored


def test_two_streams_of_the_same_bytes_share_nothing():
    assert sealed(b"same")[-20:] != sealed(b"same")[-20:]


@pytest.mark.row("B15")
def test_every_damage_is_found(seed, tried):
    draw = random.Random(seed)
    stored = sealed(draw.randbytes(2 * PIECE_BYTES + 77))
    places = [*range(40), *(draw.randrange(len(stored)) for _ in range(60))]
    for place in places:
        damaged = bytearray(stored)
        damaged[place] ^= 1 << draw.randrange(8)
        with pytest.raises(StreamBroken):
            opened(bytes(damaged))
    tried(len(places))


@pytest.mark.row("B15")
def test_every_cut_is_found_also_between_two_pieces(seed, tried):
    draw = random.Random(seed)
    stored = sealed(draw.randbytes(2 * PIECE_BYTES))
    header = len(stored) - 2 * (PIECE_BYTES + TAG_BYTES)
    cuts = [0, 5, header, header + PIECE_BYTES + TAG_BYTES, len(stored) - 1]
    for cut in cuts:
        with pytest.raises(StreamBroken):
            opened(stored[:cut])
    with pytest.raises(StreamBroken):
        opened(stored + b"more")
    tried(len(cuts) + 1)


def test_pieces_do_not_change_places():
    stored = sealed(bytes(PIECE_BYTES) + b"\1" * PIECE_BYTES + b"end")
    size = PIECE_BYTES + TAG_BYTES
    begin = len(stored) - (3 + TAG_BYTES) - 2 * size
    swapped = (
        stored[:begin]
        + stored[begin + size : begin + 2 * size]
        + stored[begin : begin + size]
        + stored[begin + 2 * size :]
    )
    with pytest.raises(StreamBroken):
        opened(swapped)


def test_a_stream_opens_under_its_own_name_only():
    with pytest.raises(StreamBroken):
        opened(sealed(b"text", "wal/1"), "wal/2")


def test_an_older_key_still_opens_and_a_foreign_one_does_not():
    old = KeyRing(RING.keys[1:])
    stored = sealed(b"text", ring=old)
    assert opened(stored) == b"text"
    with pytest.raises(StreamBroken, match="key"):
        opened(stored, ring=KeyRing(RING.keys[:1]))
    same_id = KeyRing.read(["b:" + "C" * 43 + "="])
    with pytest.raises(StreamBroken):
        opened(stored, ring=same_id)

"""Authenticated encryption of whole files, piece by piece, under the ring of ID numbers.

A sealed file is a header and pieces. The header names algorithm and key and holds a random id of
the file; each piece of up to 64 KiB is sealed with that header, its place and whether it is the
last one, so that a piece that was altered, moved, left out or taken from another file does not
open, nor does a file that was cut. Nothing of a piece is given out before the piece was verified.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterable, Iterator
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from config.identity.cipher import NONCE_BYTES, Key, KeyRing, SealBroken

ALGORITHM = "aesgcm-pieces1"
PIECE_BYTES = 64 * 1024
FILE_ID_BYTES = 16
TAG_BYTES = 16
LONGEST_HEADER = 128
_MAGIC = b"MIDF"
_PURPOSE = "file"


def sealed_pieces(ring: KeyRing, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Seal a file under the current key.

    Args:
        ring: the listed keys.
        pieces: its bytes in pieces of any size.

    Yields:
        The header, then the sealed pieces.
    """
    key = ring.current
    header = _header(key)
    yield header
    file_key = AESGCM(key.derived(f"{_PURPOSE}:{header[-FILE_ID_BYTES:].hex()}"))
    place, waiting = 0, b""
    for piece in pieces:
        waiting += piece
        while len(waiting) > PIECE_BYTES:
            yield _sealed(file_key, header, place, waiting[:PIECE_BYTES], is_last=False)
            place, waiting = place + 1, waiting[PIECE_BYTES:]
    yield _sealed(file_key, header, place, waiting, is_last=True)


def opened_pieces(ring: KeyRing, stream: IO[bytes]) -> Iterator[bytes]:
    """Open a sealed file, piece by piece, each verified before it is given out.

    Raises:
        KeyMissing: its key is not listed.
        SealBroken: it was altered, cut, lengthened, or is no sealed file.
    """
    header, key_id = read_header(stream)
    file_key = AESGCM(ring.named(key_id).derived(f"{_PURPOSE}:{header[-FILE_ID_BYTES:].hex()}"))
    size = PIECE_BYTES + TAG_BYTES
    place, sealed = 0, stream.read(size)
    while True:
        following = stream.read(size)
        is_last = not following
        try:
            yield file_key.decrypt(_nonce(place, is_last), sealed, header)
        except (InvalidTag, ValueError):
            raise SealBroken("identity.seal.broken") from None
        if is_last:
            return
        place, sealed = place + 1, following


def read_header(stream: IO[bytes]) -> tuple[bytes, str]:
    """Return the header of a sealed file, and the id of its key.

    Raises:
        SealBroken: it is no sealed file, or one of an unknown kind.
    """
    start = stream.read(len(_MAGIC) + 1)
    if len(start) != len(_MAGIC) + 1 or not start.startswith(_MAGIC):
        raise SealBroken("identity.seal.algorithm_unknown")
    length = start[-1]
    named = stream.read(length + FILE_ID_BYTES)
    if length > LONGEST_HEADER or len(named) != length + FILE_ID_BYTES:
        raise SealBroken("identity.seal.broken")
    algorithm, _, key_id = named[:length].decode("ascii", errors="replace").partition(":")
    if algorithm != ALGORITHM:
        raise SealBroken("identity.seal.algorithm_unknown")
    return start + named, key_id


def plain_size(stored_bytes: int, key_id: str) -> int:
    """Return the size of the plain file from the size of the stored one."""
    header = len(_MAGIC) + 1 + len(f"{ALGORITHM}:{key_id}") + FILE_ID_BYTES
    sealed = stored_bytes - header
    pieces = max(1, -(-sealed // (PIECE_BYTES + TAG_BYTES)))
    return max(0, sealed - pieces * TAG_BYTES)


def _header(key: Key) -> bytes:
    named = f"{ALGORITHM}:{key.key_id}".encode("ascii")
    if len(named) > LONGEST_HEADER:
        msg = "the id of a key is too long for the header of a file"
        raise ValueError(msg)
    return _MAGIC + bytes([len(named)]) + named + os.urandom(FILE_ID_BYTES)


def _nonce(place: int, is_last: bool) -> bytes:
    """Return the nonce of a piece: the key is of this file alone, so its place is enough."""
    return struct.pack(">QI", place, int(is_last))[:NONCE_BYTES]


def _sealed(file_key: AESGCM, header: bytes, place: int, piece: bytes, *, is_last: bool) -> bytes:
    return file_key.encrypt(_nonce(place, is_last), piece, header)

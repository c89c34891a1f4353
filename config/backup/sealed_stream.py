"""A stream of any length, encrypted in pieces that can be neither altered, moved nor cut off.

Layout: magic, key id, salt, then pieces of 1 MiB, each sealed by AES-256-GCM under a key of this
stream alone. The nonce of a piece is its number and whether it is the last one; the name the
stream was made for is bound to every piece. So a lost tail, a swapped piece and a file put under
another name all fail to open.
"""

from __future__ import annotations

import os
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from config.identity.cipher import KeyMissing, KeyRing

MAGIC = b"DESKBK1\n"
SALT_BYTES = 16
PIECE_BYTES = 1024 * 1024
TAG_BYTES = 16
LONGEST_KEY_ID = 255


class StreamBroken(Exception):
    """The stream was altered, cut, made under another name, or its key is not listed."""


def seal_stream(plain: BinaryIO, sealed: BinaryIO, ring: KeyRing, name: str) -> int:
    """Encrypt what is read until its end.

    Args:
        plain: what to hide.
        sealed: where it goes.
        ring: the keys of backups; the current one seals.
        name: what the stream is: it opens under no other name.

    Returns:
        Bytes of plain text.
    """
    key, salt = ring.current, os.urandom(SALT_BYTES)
    key_id = key.key_id.encode()
    header = MAGIC + bytes([len(key_id)]) + key_id + salt
    sealed.write(header)
    cipher = AESGCM(key.derived(f"backup:{salt.hex()}"))
    bound = header + name.encode()
    number, count = 0, 0
    piece = _read_piece(plain, PIECE_BYTES)
    while True:
        following = _read_piece(plain, PIECE_BYTES) if len(piece) == PIECE_BYTES else b""
        is_last = not following
        sealed.write(cipher.encrypt(_nonce(number, is_last), piece, bound))
        count += len(piece)
        if is_last:
            return count
        number, piece = number + 1, following


def open_stream(sealed: BinaryIO, plain: BinaryIO, ring: KeyRing, name: str) -> int:
    """Decrypt what `seal_stream` made; what was written before a failure must be thrown away.

    Returns:
        Bytes of plain text.

    Raises:
        StreamBroken: a byte differs, the end is missing, another name, or the key is not listed.
    """
    header, cipher = _opened_header(sealed, ring)
    bound = header + name.encode()
    number, count = 0, 0
    piece = _read_piece(sealed, PIECE_BYTES + TAG_BYTES)
    while True:
        whole = len(piece) == PIECE_BYTES + TAG_BYTES
        following = _read_piece(sealed, PIECE_BYTES + TAG_BYTES) if whole else b""
        is_last = not following
        try:
            opened = cipher.decrypt(_nonce(number, is_last), piece, bound)
        except InvalidTag:
            msg = f"{name}: piece {number} does not open: altered, cut or under another name"
            raise StreamBroken(msg) from None
        plain.write(opened)
        count += len(opened)
        if is_last:
            return count
        number, piece = number + 1, following


def _opened_header(sealed: BinaryIO, ring: KeyRing) -> tuple[bytes, AESGCM]:
    magic = sealed.read(len(MAGIC))
    if magic != MAGIC:
        raise StreamBroken("this is no sealed stream")
    length = sealed.read(1)
    rest = _read_piece(sealed, (length[0] if length else 0) + SALT_BYTES)
    key_id, salt = rest[:-SALT_BYTES], rest[-SALT_BYTES:]
    try:
        key = ring.named(key_id.decode("ascii", "replace"))
    except KeyMissing as missing:
        raise StreamBroken(str(missing)) from None
    return magic + length + rest, AESGCM(key.derived(f"backup:{salt.hex()}"))


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


def _read_piece(stream: BinaryIO, size: int) -> bytes:
    """Read a whole piece: a pipe gives less at a time."""
    found = bytearray()
    while len(found) < size:
        read = stream.read(size - len(found))
        if not read:
            break
        found += read
    return bytes(found)

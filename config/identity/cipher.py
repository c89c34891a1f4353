"""Authenticated encryption of ID numbers and telephone numbers, and the keys behind it.

A sealed text says how it was made: `<algorithm>:<key id>:<payload>`. Several keys may be live:
the first one listed seals, every listed one opens, so that keys can change while people work and
another algorithm can join without rewriting rows by hand.
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from config.errors import DomainError

ALGORITHM = "aesgcm1"
KEY_BYTES = 32
NONCE_BYTES = 12


class KeyMissing(DomainError):
    """A sealed text names a key that is not listed, or no key is listed at all."""


class SealBroken(DomainError):
    """A sealed text was altered or cut, or is not one."""


@dataclass(frozen=True)
class Key:
    """One listed key; the keys in use are derived from it, one per purpose."""

    key_id: str
    secret: bytes

    def derived(self, purpose: str) -> bytes:
        """Return 32 bytes for one purpose, so that no two uses share a key."""
        derivation = HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=purpose.encode())
        return derivation.derive(self.secret)


@dataclass(frozen=True)
class KeyRing:
    """The listed keys, the current one first."""

    keys: tuple[Key, ...]

    @classmethod
    def read(cls, entries: Iterable[str]) -> KeyRing:
        """Read `<key id>:<32 bytes in base64>` entries.

        Raises:
            KeyMissing: nothing is listed.
            ValueError: an entry cannot be read; the text never repeats the key.
        """
        keys = tuple(_read_key(entry) for entry in entries)
        if not keys:
            raise KeyMissing("identity.key.none")
        if len({key.key_id for key in keys}) != len(keys):
            msg = "two ID-number keys share an id"
            raise ValueError(msg)
        return cls(keys)

    @property
    def current(self) -> Key:
        """Return the key that seals."""
        return self.keys[0]

    def named(self, key_id: str) -> Key:
        """Return a listed key.

        Raises:
            KeyMissing: it is not listed.
        """
        for key in self.keys:
            if key.key_id == key_id:
                return key
        raise KeyMissing("identity.key.missing", key_id=key_id)


def _read_key(entry: str) -> Key:
    key_id, separator, text = entry.strip().partition(":")
    try:
        secret = base64.b64decode(text, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if not separator or not key_id.isalnum() or len(secret) != KEY_BYTES:
        msg = "an ID-number key reads <letters or digits>:<32 bytes in URL-safe base64>"
        raise ValueError(msg)
    return Key(key_id, secret)


def seal(ring: KeyRing, plain: str, purpose: str) -> str:
    """Encrypt a text under the current key.

    Args:
        ring: the listed keys.
        plain: what to hide.
        purpose: the column it is for; a text sealed for one column opens in no other.
    """
    nonce = os.urandom(NONCE_BYTES)
    key = ring.current
    bound = f"{ALGORITHM}:{key.key_id}:{purpose}".encode()
    sealed = AESGCM(key.derived("seal")).encrypt(nonce, plain.encode(), bound)
    payload = base64.urlsafe_b64encode(nonce + sealed).decode()
    return f"{ALGORITHM}:{key.key_id}:{payload}"


def unseal(ring: KeyRing, sealed: str, purpose: str) -> str:
    """Decrypt what `seal` made.

    Raises:
        KeyMissing: its key is not listed.
        SealBroken: it was altered, cut, made for another column, or is not a sealed text.
    """
    algorithm, _, rest = sealed.partition(":")
    key_id, _, payload = rest.partition(":")
    if algorithm != ALGORITHM:
        raise SealBroken("identity.seal.algorithm_unknown")
    key = ring.named(key_id)
    bound = f"{ALGORITHM}:{key_id}:{purpose}".encode()
    try:
        raw = base64.b64decode(payload, altchars=b"-_", validate=True)
        plain = AESGCM(key.derived("seal")).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], bound)
    except (InvalidTag, ValueError, binascii.Error):
        raise SealBroken("identity.seal.broken") from None
    return plain.decode()


def key_id_of(sealed: str) -> str:
    """Return the id of the key a text was sealed with; the rotation job asks for it."""
    return sealed.split(":", 2)[1]

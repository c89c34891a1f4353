"""Keyed digests: equality of ID numbers and telephone numbers without storing them in clear.

A plain hash is not enough, since the whole space of numbers can be tried in minutes. The digest
names its key, like a sealed text, so that a search during a change of keys asks for the digests
under every listed key.
"""

import hashlib
import hmac

from config.identity.cipher import Key, KeyRing

ALGORITHM = "hs256"


def keyed_digest(ring: KeyRing, text: str, purpose: str) -> str:
    """Return the digest of a normalised text under the current key.

    Args:
        ring: the listed keys.
        text: normalised before, see `numbers.normalise`; the digest sees every character.
        purpose: what is compared (`id_number`, `phone`); digests of two purposes never match.
    """
    return _digest(ring.current, text, purpose)


def keyed_digests(ring: KeyRing, text: str, purpose: str) -> tuple[str, ...]:
    """Return the digests under every listed key, the current one first; for searching."""
    return tuple(_digest(key, text, purpose) for key in ring.keys)


def _digest(key: Key, text: str, purpose: str) -> str:
    made = hmac.new(key.derived(f"digest:{purpose}"), text.encode(), hashlib.sha256)
    return f"{ALGORITHM}:{key.key_id}:{made.hexdigest()}"

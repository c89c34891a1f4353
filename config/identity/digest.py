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


def digest_steps(ring: KeyRing, text: str, purpose: str) -> tuple[str, ...]:
    """Return the values a unique digest column goes through when a row is written.

    Under every listed key, in an order all processes share, the current one last. A unique index
    then refuses a second row of the same text whichever key the first was written with, also when
    another process lists the keys in another order, and also where row security hides the first.
    With one key listed it is one value.
    """
    steps = [_digest(key, text, purpose) for key in sorted(ring.keys, key=lambda key: key.key_id)]
    current = _digest(ring.current, text, purpose)
    return tuple(steps if steps[-1] == current else [*steps, current])


def _digest(key: Key, text: str, purpose: str) -> str:
    made = hmac.new(key.derived(f"digest:{purpose}"), text.encode(), hashlib.sha256)
    return f"{ALGORITHM}:{key.key_id}:{made.hexdigest()}"

"""The key ring of this process, read once from the settings."""

from functools import lru_cache

from django.conf import settings

from config.identity.cipher import KeyRing


@lru_cache(maxsize=4)
def _read(entries: tuple[str, ...]) -> KeyRing:
    return KeyRing.read(entries)


def key_ring() -> KeyRing:
    """Return the ring listed in `settings.ID_NUMBER_KEYS`; refuses when there is none."""
    return _read(tuple(settings.ID_NUMBER_KEYS))

"""The program PostgreSQL calls to store a segment of its log of changes.

    archive_command = 'set -a; . /etc/desk/backup.env; python -m config.backup.wal put %p %f'

It reads BACKUP_TARGET and BACKUP_KEYS from the environment, starts in a tenth of a second and
knows neither Django nor the database. Exit 0 only when the segment is safely on disk: PostgreSQL
keeps a segment until then, and calls again.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from config.backup.sealed_stream import StreamBroken
from config.backup.shelf import Differs, Shelf
from config.errors import DomainError
from config.identity.cipher import KeyRing

NOT_STORED = 1
NOT_CALLED_RIGHT = 2


class NotSetUp(Exception):
    """The environment names no target or no keys."""


def shelf_of(environment: Mapping[str, str]) -> Shelf:
    """Return the backup target the environment names.

    Raises:
        NotSetUp: BACKUP_TARGET or BACKUP_KEYS is missing or cannot be read.
    """
    target = environment.get("BACKUP_TARGET", "")
    if not target:
        raise NotSetUp("BACKUP_TARGET names no folder.")
    return Shelf(Path(target), ring_of(environment.get("BACKUP_KEYS", "")))


def ring_of(keys: str) -> KeyRing:
    """Return the key ring of backups.

    Raises:
        NotSetUp: none is listed, or one cannot be read; the text never repeats a key.
    """
    try:
        return KeyRing.read(key for key in keys.split(",") if key)
    except (DomainError, ValueError):
        raise NotSetUp("BACKUP_KEYS reads <key id>:<32 bytes in URL-safe base64>.") from None


def put(shelf: Shelf, path: Path, name: str) -> int:
    """Store one segment; the same one twice is well, another one of that name is refused."""
    try:
        shelf.put_once("wal", path, name)
    except (Differs, StreamBroken, OSError) as failure:
        return _failed(f"{name} was not stored: {failure}", NOT_STORED)
    return 0


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run one command of PostgreSQL and return its exit code."""
    try:
        shelf = shelf_of(environment)
    except NotSetUp as problem:
        return _failed(str(problem), NOT_CALLED_RIGHT)
    match list(arguments):
        case ["put", path, name]:
            return put(shelf, Path(path), name)
    return _failed("put <path> <name>", NOT_CALLED_RIGHT)


def _failed(said: str, code: int) -> int:
    sys.stderr.write(f"config.backup.wal: {said}\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))

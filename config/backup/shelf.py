"""The folder backups lie in: whole files or none, never one over another.

    base/<label>.sealed   one base backup of the cluster, with its facts in <label>.json
    wal/<segment>.sealed  one segment of the log of changes, or a small file beside it

Nothing here knows Django or the database: PostgreSQL itself runs it for each segment.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from config.backup.sealed_stream import open_stream, seal_stream
from config.identity.cipher import KeyRing

SUFFIX = ".sealed"
PARTIAL = ".partial"


class Differs(Exception):
    """A file of that name lies there already and is another one."""


@dataclass(frozen=True)
class Shelf:
    """One backup target.

    Args:
        folder: where it is; made private.
        ring: the keys of backups.
    """

    folder: Path
    ring: KeyRing

    def path(self, kind: str, name: str) -> Path:
        """Return where a file lies: kind is `base` or `wal`."""
        return self.folder / kind / f"{name}{SUFFIX}"

    def names(self, kind: str) -> list[str]:
        """Return the names of the whole files of a kind, sorted."""
        place = self.folder / kind
        if not place.is_dir():
            return []
        return sorted(p.name.removesuffix(SUFFIX) for p in place.iterdir() if p.suffix == SUFFIX)

    def put(
        self, kind: str, name: str, plain: BinaryIO, finished: Callable[[], None] | None = None
    ) -> int:
        """Encrypt and store a file that is not there yet, durably.

        Args:
            kind: `base` or `wal`.
            name: what it is called.
            plain: what to store.
            finished: called at the end of the stream; raises where its source had failed, and
                the file is thrown away.

        Returns:
            Bytes of plain text.

        Raises:
            Differs: a file of that name is there with other content.
            OSError: the target is full or gone; nothing half-written stays.
        """
        place = self.path(kind, name)
        with self._new(place) as stream:
            count = seal_stream(plain, stream, self.ring, f"{kind}/{name}")
            if finished is not None:
                finished()
        return count

    def put_once(self, kind: str, path: Path, name: str) -> bool:
        """Store a file, or find that the same content is stored already.

        Returns:
            Whether it was stored now.

        Raises:
            Differs: a file of that name is there with other content.
            StreamBroken: the stored one cannot be read.
        """
        try:
            with path.open("rb") as plain:
                self.put(kind, name, plain)
        except Differs:
            with tempfile.TemporaryFile() as stored:
                self.get(kind, name, stored)
                stored.seek(0)
                with path.open("rb") as plain:
                    if not _same(stored, plain):
                        raise
            return False
        return True

    def get(self, kind: str, name: str, plain: BinaryIO) -> int:
        """Decrypt a file.

        Raises:
            FileNotFoundError: there is none.
            StreamBroken: it was altered, cut, renamed, or its key is not listed.
        """
        with self.path(kind, name).open("rb") as sealed:
            return open_stream(sealed, plain, self.ring, f"{kind}/{name}")

    def note(self, kind: str, name: str, text: str) -> None:
        """Store plain facts beside a file."""
        with self._new(self.folder / kind / name) as stream:
            stream.write(text.encode())

    def remove(self, kind: str, name: str) -> None:
        """Remove a file and the facts beside it."""
        place = self.path(kind, name)
        place.unlink(missing_ok=True)
        place.with_suffix(".json").unlink(missing_ok=True)

    def copy_missing_to(self, other: Shelf) -> int:
        """Copy what the second place has not; the files are sealed already.

        Returns:
            How many files were copied.

        Raises:
            OSError: the second place is full or gone.
        """
        copied = 0
        for kind in ("wal", "base"):
            place = self.folder / kind
            for path in sorted(place.iterdir()) if place.is_dir() else []:
                target = other.folder / kind / path.name
                if path.suffix == PARTIAL or target.exists():
                    continue
                with path.open("rb") as stored, other._new(target) as stream:
                    shutil.copyfileobj(stored, stream, 1024 * 1024)
                copied += 1
        return copied

    @contextmanager
    def _new(self, place: Path) -> Iterator[BinaryIO]:
        """Give a stream that becomes the file when the block ends well, in one step."""
        if place.exists():
            raise Differs(f"{place.name} is there already")
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, unfinished = tempfile.mkstemp(PARTIAL, f".{place.name}.", place.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            try:
                # Unlike a rename, a link never replaces a file that came meanwhile.
                os.link(unfinished, place)
            except FileExistsError:
                raise Differs(f"{place.name} came meanwhile") from None
            _sync_folder(place.parent)
        finally:
            with contextlib.suppress(FileNotFoundError):
                Path(unfinished).unlink()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _same(one: BinaryIO, other: BinaryIO) -> bool:
    while True:
        piece = one.read(1024 * 1024)
        if piece != other.read(1024 * 1024):
            return False
        if not piece:
            return True

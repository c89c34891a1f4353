"""Where uploaded files lie: sealed, under random names, outside whatever a web server shows.

The name a person gave a file is not a path here: it may hold a number of a person. A file is read
through a view that asks for the right (`sealed_answer`), never by its address.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage
from django.http import StreamingHttpResponse
from django.urls import reverse

from config.identity.file_cipher import opened_pieces, plain_size, read_header, sealed_pieces
from config.identity.keys import key_ring

# A folder of the field, then what we named it; nothing else is ever opened or written.
NAME = re.compile(r"(?:[a-z0-9_]+/)*[0-9a-f]{2}/[0-9a-f]{32}(?:\.[a-z0-9]{1,8})?")
_ENDING = re.compile(r"\.[a-z0-9]{1,8}")


class SealedStorage(FileSystemStorage):
    """Files sealed with the ring of ID numbers; no web server shows their folder."""

    def generate_filename(self, filename: str | os.PathLike[str]) -> str:
        """Return a random name in the folder of the field; of the given name only its ending."""
        folder, _, given = str(filename).replace("\\", "/").rpartition("/")
        parts = [part for part in folder.split("/") if re.fullmatch(r"[a-z0-9_]+", part)]
        ending = Path(given).suffix.lower()
        name = secrets.token_hex(16) + (ending if _ENDING.fullmatch(ending) else "")
        return "/".join([*parts, name[:2], name])

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """Return a random name where the given one is not such a name already."""
        del max_length
        return name if NAME.fullmatch(name) else self.generate_filename(name)

    def path(self, name: str) -> str:
        """Return the path of a stored name.

        Raises:
            SuspiciousFileOperation: it is not one of ours.
        """
        if not NAME.fullmatch(name):
            msg = "not the name of a stored file"
            raise SuspiciousFileOperation(msg)
        return super().path(name)

    def url(self, name: str | None) -> str:
        """Return the address of the page that gives the file out, after asking for the right.

        Raises:
            SuspiciousFileOperation: it is not one of ours.
        """
        self.path(str(name))
        return reverse(settings.STORED_FILE_PAGES[str(name).partition("/")[0]], args=[name])

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield the plain bytes of a file, each piece verified before.

        Raises:
            SealBroken: it was altered or cut.
        """
        with Path(self.path(name)).open("rb") as stream:
            yield from opened_pieces(key_ring(), stream)

    def size(self, name: str) -> int:
        """Return the size of the plain file."""
        path = Path(self.path(name))
        with path.open("rb") as stream:
            _header, key_id = read_header(stream)
        return plain_size(path.stat().st_size, key_id)

    def key_id_of(self, name: str) -> str:
        """Return the id of the key a file is sealed with."""
        with Path(self.path(name)).open("rb") as stream:
            return read_header(stream)[1]

    def names(self) -> list[str]:
        """Return the name of every stored file, in order."""
        root = Path(self.location)
        found = (str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())
        return sorted(name for name in found if NAME.fullmatch(name))

    def reseal(self, name: str) -> None:
        """Seal a file anew with the current key, in place of the old one in one step.

        Raises:
            SealBroken: it does not open; it is left as it is.
        """
        self._written(Path(self.path(name)), self.pieces(name))

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        if mode != "rb":
            msg = "a stored file is written once"
            raise ValueError(msg)
        return ContentFile(b"".join(self.pieces(name)), name=name)

    def _save(self, name: str, content: File[bytes]) -> str:
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        if hasattr(content, "seek"):
            content.seek(0)
        self._written(path, content.chunks())
        return name

    def _written(self, path: Path, pieces: Any) -> None:
        """Write beside, flush to the disk, then take the name: a file is whole or not there."""
        beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                for piece in sealed_pieces(key_ring(), pieces):
                    stream.write(piece)
                stream.flush()
                os.fsync(stream.fileno())
            beside.replace(path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise


def sealed_answer(storage: SealedStorage, name: str, shown_as: str) -> StreamingHttpResponse:
    """Answer with a stored file, for a view that has asked for the right.

    Always an attachment of no particular type: no browser opens or guesses it in our pages.

    Args:
        storage: where it lies.
        name: its stored name.
        shown_as: plain ASCII name for the reader's folder; never a number of a person.
    """
    answer = StreamingHttpResponse(storage.pieces(name), content_type="application/octet-stream")
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", shown_as)[:80] or "file"
    answer.headers["Content-Disposition"] = f'attachment; filename="{plain}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["Content-Length"] = str(storage.size(name))
    return answer

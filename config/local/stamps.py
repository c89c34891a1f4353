"""Steps that need not run again: each leaves the digest of what it was made from."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def digest_of_files(paths: Iterable[Path], *facts: str) -> str:
    """Return one digest of the names and contents of files, and of further facts."""
    digest = hashlib.sha256()
    for fact in facts:
        digest.update(fact.encode() + b"\0")
    for path in sorted(paths):
        digest.update(str(path).encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


class Stamps:
    """The digests of finished steps, one small file each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def is_fresh(self, step: str, digest: str) -> bool:
        try:
            return (self.folder / step).read_text(encoding="utf-8") == digest
        except FileNotFoundError:
            return False

    def set(self, step: str, digest: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / step).write_text(digest, encoding="utf-8")

    def clear(self) -> None:
        """Forget every step: the data they were made in is gone."""
        if self.folder.is_dir():
            for stamp in self.folder.iterdir():
                stamp.unlink()

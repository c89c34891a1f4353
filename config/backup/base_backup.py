"""Take one base backup of the cluster, sealed on its way to the target, and read it back.

Nothing lies unencrypted in the target. A backup counts only after it was read back from there,
opened, unpacked and compared with the manifest PostgreSQL wrote (`pg_verifybackup`).
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import tarfile
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from urllib.parse import urlsplit

import psycopg

from config.backup import programs
from config.backup.programs import BackupFailed
from config.backup.sealed_stream import StreamBroken
from config.backup.shelf import Differs, Shelf

KIND = "base"
_FIRST_SEGMENT = re.compile(r"START WAL LOCATION: \S+ \(file ([0-9A-F]{24})\)")


@dataclass(frozen=True)
class BaseBackup:
    """What is known of one base backup without opening it; nothing of a person.

    Args:
        label: name of the file.
        started_at: instant in ISO 8601, UTC.
        ended_at: the same; a restore reaches every instant from here on.
        version: major version of PostgreSQL.
        cluster: identifier of the cluster.
        first_segment: first segment of the log a restore needs.
        segment_bytes: size of a segment.
        plain_bytes: size before encryption.
    """

    label: str
    started_at: str
    ended_at: str
    version: int
    cluster: str
    first_segment: str
    segment_bytes: int
    plain_bytes: int


@dataclass(frozen=True)
class Source:
    """The cluster to copy: URL of a role with REPLICATION, and the programs to do it with."""

    url: str
    programs: str
    scratch: str


def take(shelf: Shelf, source: Source) -> BaseBackup:
    """Copy the cluster into the target and verify what lies there.

    Raises:
        Refused: `backup.other_version`.
        BackupFailed: `backup.server`, `backup.copy`, `backup.target`, `backup.damaged`.
    """
    server = _ask_server(source.url)
    programs.refuse_other_version(source.programs, "pg_basebackup", server.version)
    programs.refuse_other_version(source.programs, "pg_verifybackup", server.version)
    started = datetime.now(UTC)
    label = f"{started:%Y%m%dT%H%M%SZ}-{token_hex(3)}"
    plain_bytes = _copy(shelf, source, label)
    ended = datetime.now(UTC)
    try:
        first_segment = verify(shelf, label, source)
    except BackupFailed:
        shelf.remove(KIND, label)
        raise
    found = BaseBackup(
        label,
        started.isoformat(),
        ended.isoformat(),
        server.version,
        server.cluster,
        first_segment,
        server.segment_bytes,
        plain_bytes,
    )
    shelf.note(KIND, f"{label}.json", json.dumps(asdict(found)))
    return found


@dataclass(frozen=True)
class _Server:
    version: int
    cluster: str
    segment_bytes: int


def _ask_server(url: str) -> _Server:
    try:
        with psycopg.connect(url, connect_timeout=5, autocommit=True) as connection:
            row = connection.execute(
                "SELECT current_setting('server_version_num')::int / 10000,"
                " (SELECT system_identifier FROM pg_control_system())::text,"
                " (SELECT bytes_per_wal_segment FROM pg_control_init())"
            ).fetchone()
    except psycopg.Error as failure:
        raise BackupFailed("backup.server", said=type(failure).__name__) from None
    return _Server(*row)  # type: ignore[misc]


def _copy(shelf: Shelf, source: Source, label: str) -> int:
    """Let pg_basebackup write into the sealed file; the file is kept only if both ended well."""
    command = [
        programs.program(source.programs, "pg_basebackup"),
        "--pgdata", "-", "--format", "tar", "--wal-method", "fetch", "--checkpoint", "fast",
        "--manifest-checksums", "SHA256", "--label", label, "--no-password", "--no-sync",
        "--dbname", "",
    ]  # fmt: skip
    with tempfile.TemporaryFile("w+", errors="replace") as said:
        # The password must not stand in the list of processes.
        command[-1], environment = _without_password(source.url)
        with subprocess.Popen(  # noqa: S603
            command, stdout=subprocess.PIPE, stderr=said, env=environment
        ) as copying:

            def finished() -> None:
                if copying.wait() != 0:
                    said.seek(0)
                    raise BackupFailed("backup.copy", said=said.read()[-programs.LAST_WORDS :])

            try:
                return shelf.put(KIND, label, copying.stdout, finished)  # type: ignore[arg-type]
            except (OSError, Differs) as failure:
                raise BackupFailed("backup.target", said=str(failure)) from None
            finally:
                copying.kill()


def _without_password(url: str) -> tuple[str, dict[str, str]]:
    password = urlsplit(url).password
    environment = dict(os.environ)
    if password is None:
        return url, environment
    info = psycopg.conninfo.conninfo_to_dict(url)
    environment["PGPASSWORD"] = str(info.pop("password"))
    return psycopg.conninfo.make_conninfo(**info), environment


def verify(shelf: Shelf, label: str, source: Source) -> str:
    """Read a stored backup back, unpack it and compare every file with the manifest.

    Returns:
        The first segment of the log it needs.

    Raises:
        BackupFailed: `backup.damaged`.
    """
    with tempfile.TemporaryDirectory(prefix="desk-verify-", dir=source.scratch or None) as place:
        folder = Path(place) / "cluster"
        unpack(shelf, label, folder)
        return check_unpacked(folder, label, source.programs)


def check_unpacked(folder: Path, label: str, programs_folder: str) -> str:
    """Compare an unpacked backup with its manifest; returns the first segment it needs.

    Raises:
        BackupFailed: `backup.damaged`.
        Refused: `backup.other_version`.
    """
    try:
        written_by = int((folder / "PG_VERSION").read_text(encoding="ascii"))
        first = _FIRST_SEGMENT.search((folder / "backup_label").read_text(encoding="utf-8"))
    except (OSError, ValueError) as failure:
        raise BackupFailed("backup.damaged", label=label, said=str(failure)) from None
    if first is None:
        raise BackupFailed("backup.damaged", label=label, said="backup_label")
    programs.refuse_other_version(programs_folder, "pg_verifybackup", written_by)
    programs.run(
        [programs.program(programs_folder, "pg_verifybackup"), "--quiet", str(folder)],
        "backup.damaged",
        label=label,
    )
    return first.group(1)


def unpack(shelf: Shelf, label: str, folder: Path) -> None:
    """Decrypt and unpack a backup into a new folder.

    Raises:
        BackupFailed: `backup.damaged`: altered, cut, gone, or its key is not listed.
    """
    folder.mkdir(mode=0o700, parents=True)
    try:
        with _opened(shelf, label) as stream, tarfile.open(fileobj=stream, mode="r|") as archive:
            archive.extractall(folder, filter="data")
    except (StreamBroken, tarfile.TarError, OSError, EOFError) as failure:
        raise BackupFailed("backup.damaged", label=label, said=str(failure)) from None
    # The filter takes every right from others, PostgreSQL asks for exactly this one.
    folder.chmod(0o700)


@contextmanager
def _opened(shelf: Shelf, label: str) -> Iterator[object]:
    """Give the plain stream of a backup; what breaks the seal breaks the block."""
    reading, writing = os.pipe()
    broken: list[BaseException] = []

    def decrypt() -> None:
        with os.fdopen(writing, "wb") as plain:
            try:
                shelf.get(KIND, label, plain)
            except BrokenPipeError:
                return
            except (StreamBroken, OSError) as failure:
                broken.append(failure)

    worker = threading.Thread(target=decrypt, daemon=True)
    worker.start()
    try:
        with os.fdopen(reading, "rb") as stream:
            try:
                yield stream
            finally:
                # Past the end of the archive lies padding; the seal holds to the last byte.
                while stream.read(1024 * 1024):
                    pass
    except (tarfile.TarError, EOFError):
        worker.join()
        if broken:
            raise broken[0] from None
        raise
    worker.join()
    if broken:
        raise broken[0]


def backups_on(shelf: Shelf) -> list[BaseBackup]:
    """Return the finished base backups, oldest first; a file without facts never counted."""
    found = []
    for label in shelf.names(KIND):
        facts = shelf.folder / KIND / f"{label}.json"
        if facts.exists():
            found.append(BaseBackup(**json.loads(facts.read_text(encoding="utf-8"))))
    return sorted(found, key=lambda each: each.ended_at)

"""A restored cluster on a loopback port, for the length of one drill."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg

from config.backup.base_backup import BaseBackup
from config.backup.programs import BackupFailed
from config.backup.restoring import prepare
from config.backup.shelf import Shelf
from config.local.processes import LOOPBACK, choose_port, wait_until
from config.local.refusal import Refusal
from config.local.servers.account import server_account
from config.local.servers.postgres import PrivatePostgres

FIRST_PORT = 56_400
PATIENCE_S = 900
# Whatever the copied configuration says: the scratch cluster archives nothing, logs no value and
# is reached from this machine alone.
SETTINGS = {
    "archive_mode": "off",
    "ssl": "off",
    "shared_preload_libraries": "",
    "hba_file": "pg_hba.scratch.conf",
    "wal_level": "replica",
    "logging_collector": "off",
}


@dataclass(frozen=True)
class Scratch:
    """Where a restored cluster answers."""

    port: int

    def url(self, like: str) -> str:
        """Return the same role and database on the restored cluster."""
        parts = urlsplit(like)
        account = f"{parts.username}:{quote(parts.password or '', safe='')}@"
        return urlunsplit(("postgresql", f"{account}{LOOPBACK}:{self.port}", parts.path, "", ""))


@dataclass(frozen=True)
class Restoring:
    """How a scratch cluster is made.

    Args:
        programs: folder of PostgreSQL's programs.
        url: a role that may sign in, to see whether the cluster stands.
        place: folder with room for the whole cluster; the system's temporary folder otherwise.
    """

    programs: Path
    url: str
    place: str = ""


@contextmanager
def restored(
    shelf: Shelf, backup: BaseBackup, instant: datetime | None, how: Restoring
) -> Iterator[Scratch]:
    """Restore into a scratch cluster, give it, and leave nothing of it behind.

    Args:
        shelf: where backups lie.
        backup: the one to begin with.
        instant: last moment that comes back; None for all.
        how: programs, role, place.

    Raises:
        Refused, BackupFailed: what cannot be restored, and why.
    """
    account = server_account()
    with tempfile.TemporaryDirectory(prefix="desk-restore-", dir=how.place or None) as made:
        folder = Path(made)
        data = folder / "postgres"
        prepare(shelf, backup, data, str(how.programs), instant)
        (data / "postgresql.conf").touch()
        (data / "pg_ident.conf").touch()
        hba = f"host all all {LOOPBACK}/32 scram-sha-256\n"
        (data / SETTINGS["hba_file"]).write_text(hba, encoding="ascii")
        for path in (folder, *folder.rglob("*")):
            account.own(path)
        settings = SETTINGS | {"hba_file": str(data / SETTINGS["hba_file"])}
        postgres = PrivatePostgres(
            how.programs,
            folder,
            account,
            durable=True,
            settings=settings,
        )
        scratch = Scratch(choose_port(None, FIRST_PORT))
        try:
            _start(postgres, scratch, how.url)
            yield scratch
        finally:
            postgres.stop()
            shutil.rmtree(data, ignore_errors=True)


def _start(postgres: PrivatePostgres, scratch: Scratch, url: str) -> None:
    try:
        postgres.start(scratch.port)
    except Refusal as refusal:
        raise BackupFailed("backup.not_restored", said=_last_words(postgres, refusal)) from None
    if not wait_until(lambda: _is_forward(scratch.url(url)), PATIENCE_S, 0.5):
        raise BackupFailed("backup.not_restored", said=_last_words(postgres, None))


def _last_words(postgres: PrivatePostgres, refusal: Refusal | None) -> str:
    if not postgres.log.exists():
        return refusal.failed if refusal else ""
    return postgres.log.read_text(encoding="utf-8", errors="replace")[-2000:]


def _is_forward(url: str) -> bool:
    """Tell whether the cluster came to the end of what it should bring back."""
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            row = connection.execute("SELECT pg_is_in_recovery()").fetchone()
    except psycopg.Error:
        return False
    return row == (False,)

"""A durable cluster whose log of changes is stored by our own program, to lose and to restore."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from config.local.environment import VAR_DIR
from config.local.processes import wait_until
from config.local.servers.account import server_account, server_folder
from config.local.servers.binaries import postgres_programs
from config.local.servers.place import TEST, alone
from config.local.servers.postgres import PrivatePostgres
from tests.faults.machine import (
    CHECKOUT,
    PASSWORD,
    Database,
    _make_tables,
    free_port,
    kill_all,
    pointed_at,
)

RELAY = """#!/bin/sh
# The account of the server cannot run our interpreter here: ask the test to run the program.
echo "$1" > "{spool}/$2.new" && mv "{spool}/$2.new" "{spool}/$2.asked"
while [ ! -e "{spool}/$2.code" ]; do sleep 0.05; done
code=$(cat "{spool}/$2.code"); rm -f "{spool}/$2.code"; exit "$code"
"""
KEYS = "drill:" + "B" * 43 + "="
BACKUP_ROLE = "desk_backup"
FILL = """
INSERT INTO drill_filler SELECT repeat(md5(g::text || random()::text), 60)
FROM generate_series(1, %s) g
"""
ROW_BYTES = 2000


class Relay(threading.Thread):
    """Runs the product's own program for each segment the server asks to store."""

    def __init__(self, spool: Path, environment: dict[str, str]) -> None:
        super().__init__(daemon=True)
        self.spool, self.environment = spool, environment
        self.stopped = threading.Event()

    @property
    def command(self) -> str:
        return f"{self.spool}/relay.sh {{data}}/%p %f"

    def run(self) -> None:
        while not self.stopped.wait(0.05):
            for asked in sorted(self.spool.glob("*.asked")):
                path = asked.read_text().strip()
                asked.unlink()
                code = subprocess.run(
                    [sys.executable, "-m", "config.backup.wal", "put", path, asked.stem],
                    env=self.environment,
                    check=False,
                ).returncode
                unfinished = asked.with_suffix(".unfinished")
                unfinished.write_text(str(code))
                unfinished.rename(asked.with_suffix(".code"))


def _relay(folder: Path, target: Path) -> Relay:
    spool = folder / "spool"
    spool.mkdir(mode=0o700)
    script = spool / "relay.sh"
    script.write_text(RELAY.format(spool=spool))
    script.chmod(0o700)
    for path in (spool, script):
        server_account().own(path)
    facts = {"BACKUP_TARGET": str(target), "BACKUP_KEYS": KEYS, "PYTHONPATH": str(CHECKOUT)}
    relay = Relay(spool, {**os.environ, **facts})
    relay.start()
    return relay


@dataclass
class Archived:
    """One cluster, its target, and the account that runs it."""

    database: Database
    programs: Path
    target: Path
    folder: Path
    relay: Relay

    def start_again(self, folder: Path) -> Database:
        """Start what was restored into `folder/postgres` as the server of before would be."""
        for path in (folder, *folder.rglob("*")):
            server_account().own(path)
        postgres = _postgres(self.programs, folder, self.relay)
        database = Database(postgres, free_port())
        database.restart()
        assert wait_until(
            lambda: database.execute("SELECT pg_is_in_recovery()") == [(False,)], 120
        ), postgres.log.read_text()[-2000:]
        return database

    def fill(self, megabytes: int) -> None:
        """Make the cluster as large as the drill asks for."""
        self.database.execute("CREATE TABLE drill_filler (text text)")
        self.database.execute(FILL, megabytes * 1024 * 1024 // ROW_BYTES)

    def store_log(self) -> None:
        """End the segment that is written now and wait until it is stored."""
        [(name,)] = self.database.execute("SELECT pg_walfile_name(pg_switch_wal())")
        stored = self.target / "wal" / f"{name}.sealed"
        assert wait_until(stored.exists, 120), self.database.postgres.log.read_text()[-2000:]

    def lose(self) -> None:
        """Kill the server and delete its data: the disk is gone."""
        self.database.kill()
        shutil.rmtree(self.database.postgres.data)


def _postgres(programs: Path, folder: Path, relay: Relay) -> PrivatePostgres:
    settings = {
        "archive_mode": "on",
        "archive_command": relay.command.format(data=folder / "postgres"),
        "archive_timeout": "60",
        "wal_keep_size": "512MB",
    }
    return PrivatePostgres(programs, folder, server_account(), durable=True, settings=settings)


@contextmanager
def archived_cluster() -> Iterator[Archived]:
    """Make a cluster with our tables and a backup role; leave neither process nor file."""
    account = server_account()
    wanted = Path(tempfile.mkdtemp(prefix="drill-", dir=VAR_DIR))
    folder = server_folder(account, wanted)
    with alone(TEST):
        programs = postgres_programs(account, server_folder(account, TEST.var))
    target = folder / "target"
    for place in (target, target / "wal", target / "base"):
        place.mkdir(mode=0o700)
        account.own(place)
    relay = _relay(folder, target)
    postgres = _postgres(programs, folder, relay)
    postgres.make(PASSWORD)
    database = Database(postgres, free_port())
    try:
        database.restart()
        _make_tables(database)
        database.renew()
        database.execute(
            f"CREATE ROLE {BACKUP_ROLE} LOGIN REPLICATION NOINHERIT PASSWORD '{PASSWORD}'"
        )
        yield Archived(database, programs, target, folder, relay)
    finally:
        relay.stopped.set()
        for note in (*folder.rglob("postmaster.pid"), *wanted.rglob("postmaster.pid")):
            kill_all(int(note.read_text().splitlines()[0]))
        for leftover in (folder, wanted):
            shutil.rmtree(leftover, ignore_errors=True)


@pytest.fixture
def archived(django_test_environment, django_db_blocker, settings, monkeypatch):
    """Give a cluster whose log is stored, with the product's settings and connections on it."""
    with django_db_blocker.unblock(), archived_cluster() as made:
        settings.BACKUP_TARGET = str(made.target)
        settings.BACKUP_KEYS = KEYS
        settings.BACKUP_DATABASE_URL = made.database.url(BACKUP_ROLE, "postgres")
        settings.POSTGRES_PROGRAMS = str(made.programs)
        for name, url in made.database.urls.items():
            monkeypatch.setenv(name, url)
        with pointed_at(made.database):
            yield made

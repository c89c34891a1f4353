"""One machine of its own for a fault test: database, broker, web, worker, timetable, all killable.

PostgreSQL is durable (fsync and synchronous_commit on), everything speaks real sockets, and every
process may be killed, stopped, continued and started again on its port. The tables are made once
per run of tests and copied for each test; at the end neither a process nor a file is left.

    def test_something(machine):
        machine.start_web()
        browser = machine.browser(user)
        machine.database.kill()
        machine.database.restart()
"""

from __future__ import annotations

import fcntl
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from urllib.parse import quote

import psutil
import psycopg
import redis
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.test import Client
from psycopg import sql

from config.local.environment import VAR_DIR
from config.local.processes import LOOPBACK, Background, choose_port, wait_until
from config.local.servers.account import Account, server_account, server_folder
from config.local.servers.binaries import postgres_programs, valkey_program
from config.local.servers.place import TEST, alone
from config.local.servers.postgres import SUPERUSER, PrivatePostgres
from config.local.servers.roles import (
    APP,
    OWNER,
    READER,
    RolePasswords,
    ensure_database,
    ensure_roles,
)
from config.local.servers.valkey import PrivateValkey, answers
from tests.database import point_alias
from tests.faults.clients import REQUEST_TIMEOUT_S, Browser, Interface, Log

__all__ = ["Browser", "Interface", "Log", "Machine", "freeze_all", "kill_all", "thaw_all"]

CHECKOUT = VAR_DIR.parent
SETTINGS = "tests.faults.machine_settings"
DATABASE, CLEAN = "desk", "desk_clean"
ALIASES = ("default", "aside", "owner")
# Below the ports clients are given by the kernel: a server that was killed finds its port free.
FIRST_PORT, PORTS = 20_000, 10_000
PASSWORD = "only-on-this-machine"


def kill_all(pid: int) -> None:
    """Kill a process and everything beneath it at once, the parent first."""
    _signal_all(pid, "kill")


def freeze_all(pid: int) -> None:
    _signal_all(pid, "suspend")


def thaw_all(pid: int) -> None:
    _signal_all(pid, "resume")


def _signal_all(pid: int, act: str) -> None:
    try:
        parent = psutil.Process(pid)
        family = [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return
    for process in family:
        try:
            getattr(process, act)()
        except psutil.NoSuchProcess:
            continue
    if act == "kill":
        psutil.wait_procs(family, timeout=10)


class Database:
    """The durable PostgreSQL of the machine."""

    def __init__(self, postgres: PrivatePostgres, port: int) -> None:
        self.postgres, self.port = postgres, port

    @property
    def pid(self) -> int:
        return int((self.postgres.data / "postmaster.pid").read_text().splitlines()[0])

    def url(self, role: str, name: str = DATABASE) -> str:
        return f"postgresql://{role}:{quote(PASSWORD, safe='')}@{LOOPBACK}:{self.port}/{name}"

    @property
    def urls(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.url(APP),
            "OWNER_DATABASE_URL": self.url(OWNER),
            "READER_DATABASE_URL": self.url(READER),
        }

    def kill(self) -> None:
        """Kill the server and all its processes, as `kill -9` or the kernel does."""
        kill_all(self.pid)

    def restart(self) -> float:
        """Start it again on its port, stale lock file or not; returns the seconds it took."""
        began = monotonic()
        self.postgres.start(self.port)
        return monotonic() - began

    def freeze(self) -> None:
        freeze_all(self.pid)

    def thaw(self) -> None:
        thaw_all(self.pid)

    def execute(self, statement: str, *values: object, name: str = DATABASE) -> list[tuple]:
        """Run one statement as the superuser, beyond every right and policy; its rows, if any."""
        with psycopg.connect(self.url(SUPERUSER, name), autocommit=True) as connection:
            cursor = connection.execute(statement, values or None)
            return cursor.fetchall() if cursor.description else []

    def renew(self) -> None:
        """Give the test a database as it is after migration."""
        for alias in ALIASES:
            connections[alias].close()
        pair = {"new": sql.Identifier(DATABASE), "clean": sql.Identifier(CLEAN)}
        with psycopg.connect(self.url(SUPERUSER, "postgres"), autocommit=True) as connection:
            for statement in (
                "DROP DATABASE IF EXISTS {new} WITH (FORCE)",
                "CREATE DATABASE {new} OWNER desk_owner TEMPLATE {clean}",
            ):
                connection.execute(sql.SQL(statement).format(**pair))


class Broker:
    """The Valkey of the machine."""

    def __init__(self, valkey: PrivateValkey, port: int) -> None:
        self.valkey, self.port = valkey, port

    @property
    def url(self) -> str:
        return f"redis://:{PASSWORD}@{LOOPBACK}:{self.port}/0"

    def start(self) -> None:
        self.valkey.start(self.port, PASSWORD)

    def kill(self) -> None:
        pid = self.valkey.process.pid()
        if pid is not None:
            kill_all(pid)

    def restart(self, *, empty: bool = False) -> None:
        """Start it again; `empty` forgets every message, as without a file of changes."""
        self.kill()
        if empty:
            shutil.rmtree(self.valkey.data, ignore_errors=True)
        self.start()

    def freeze(self) -> None:
        freeze_all(self.valkey.process.pid())

    def thaw(self) -> None:
        thaw_all(self.valkey.process.pid())

    def is_up(self) -> bool:
        return answers(self.port, PASSWORD)

    @property
    def client(self) -> redis.Redis:
        """A client of the test's own, to read, delete and copy messages."""
        return redis.Redis.from_url(self.url)


@dataclass
class Machine:
    """Everything of one test. `environment` reaches the processes started after it is set."""

    database: Database
    broker: Broker
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    web_port: int = 0

    def __post_init__(self) -> None:
        self.web = Background("web", self.folder)
        self.worker = Background("worker", self.folder)
        self.beat = Background("beat", self.folder)
        # A second worker, as on another machine.
        self.second = Background("second", self.folder)

    def start_web(self, workers: int = 2, threads: int = 4) -> None:
        """Start gunicorn as the product does, and wait for its first answer."""
        self.web_port = self.web_port or free_port()
        self._start(
            self.web,
            "gunicorn", "config.wsgi:application", "--bind", f"{LOOPBACK}:{self.web_port}",
            "--worker-class", "gthread", "--workers", str(workers), "--threads", str(threads),
            "--timeout", str(REQUEST_TIMEOUT_S), "--no-control-socket",
        )  # fmt: skip
        assert wait_until(self.web_answers, 90), self.web.last_words()

    def web_answers(self, path: str = "/admin/login/") -> bool:
        """Say whether a page of the site comes without a failure of its own."""
        try:
            return Browser(self.web_port, {}).get(path)[0] < 500
        except OSError:
            return False

    def start_worker(
        self,
        concurrency: int = 2,
        queues: str = "desk,bulk",
        program: Background | None = None,
        **facts: str,
    ) -> None:
        """Start the worker without a timetable, and wait until its pool stands.

        Args:
            concurrency: processes of its pool.
            queues: what it takes messages from.
            program: `machine.second` for another one.
            facts: settings of its environment.
        """
        program = program or self.worker
        program.log.unlink(missing_ok=True)
        self._start(
            program,
            "celery", "--app", "config.celery", "worker", "--concurrency", str(concurrency),
            "--queues", queues, "--loglevel", "INFO", **facts,
        )  # fmt: skip
        is_ready = lambda: self._worker_is_ready(program, concurrency)  # noqa: E731
        assert wait_until(is_ready, 90), program.last_words()

    def _worker_is_ready(self, program: Background, concurrency: int) -> bool:
        if len(self._children(program)) < concurrency:
            return False
        said = program.log.read_text(encoding="utf-8", errors="replace")
        # A worker without a broker is up as well: it keeps trying.
        return " ready." in said or "Cannot connect to" in said

    def start_beat(self, **facts: str) -> None:
        """Start the timetable."""
        schedule = self.folder / f"timetable-{random.randrange(10**9)}"
        self._start(
            self.beat,
            "celery", "--app", "config.celery", "beat", "--schedule", str(schedule),
            "--pidfile", "", "--loglevel", "INFO", **facts,
        )  # fmt: skip

    def pool_children(self) -> list[int]:
        """Return the processes of the worker's pool, youngest last."""
        return self._children(self.worker)

    def web_workers(self) -> list[int]:
        return self._children(self.web)

    def kill(self, program: Background) -> None:
        """Kill a whole program: `machine.kill(machine.worker)`."""
        pid = program.pid()
        if pid is not None:
            kill_all(pid)

    def kill_pool_child(self, draw: random.Random) -> int:
        """Kill one process of the pool, drawn at random; returns its number."""
        pid = draw.choice(self.pool_children())
        kill_all(pid)
        return pid

    def kill_web_worker(self, draw: random.Random) -> int:
        pid = draw.choice(self.web_workers())
        kill_all(pid)
        return pid

    def browser(self, user) -> Browser:
        """Return a session of a person; the sign-in page is not what fault tests are about."""
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        return Browser(self.web_port, {name: client.cookies[name].value})

    def run(self, *arguments: str) -> Background:
        """Start one of Django's commands beside the test; its output is in `.log`."""
        program = Background(f"command-{random.randrange(10**9)}", self.folder)
        self._start(program, "django", *arguments)
        return program

    def _start(self, program: Background, module: str, *arguments: str, **facts: str) -> None:
        program.start(
            [sys.executable, "-m", module, *arguments],
            cwd=CHECKOUT,
            env=self.child_environment() | facts,
        )

    def child_environment(self) -> dict[str, str]:
        """Return the environment of a process that belongs to this machine."""
        return {
            **os.environ,
            **self.database.urls,
            "REDIS_URL": self.broker.url,
            "DJANGO_SETTINGS_MODULE": SETTINGS,
            "PYTHONUNBUFFERED": "1",
            "PYTHONPATH": str(CHECKOUT),
            **self.environment,
        }

    def _children(self, program: Background) -> list[int]:
        pid = program.pid()
        if pid is None:
            return []
        try:
            children = psutil.Process(pid).children()
        except psutil.NoSuchProcess:
            return []
        return [child.pid for child in children if child.status() != psutil.STATUS_ZOMBIE]

    def stop(self) -> None:
        """Kill what this test started."""
        for note in self.folder.glob("*.pid"):
            if note.stem != "valkey":
                self.kill(Background(note.stem, self.folder))
        self.broker.kill()


def free_port() -> int:
    return choose_port(None, FIRST_PORT + random.SystemRandom().randrange(PORTS))


@contextmanager
def servers() -> Iterator[Database]:
    """Make the durable server of a run of tests and the tables in it; remove all at the end."""
    var = VAR_DIR / f"test-machine-{os.environ.get('PYTEST_XDIST_WORKER', 'one')}"
    var.mkdir(parents=True, exist_ok=True)
    with (var.parent / f"{var.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        account = server_account()
        folder = server_folder(account, var)
        _remove_leftovers(folder)
        with alone(TEST):
            programs = postgres_programs(account, server_folder(account, TEST.var))
        postgres = PrivatePostgres(programs, folder, account, durable=True)
        postgres.make(PASSWORD)
        database = Database(postgres, free_port())
        try:
            database.restart()
            _make_tables(database)
            yield database
        finally:
            if (postgres.data / "postmaster.pid").exists():
                database.thaw()
                database.kill()
            shutil.rmtree(folder, ignore_errors=True)
            shutil.rmtree(var, ignore_errors=True)


def _remove_leftovers(folder: Path) -> None:
    """End the server of a run that was killed, and forget its data."""
    note = folder / "postgres" / "postmaster.pid"
    if note.exists():
        pid = int(note.read_text().splitlines()[0])
        if psutil.pid_exists(pid) and psutil.Process(pid).name() == "postgres":
            kill_all(pid)
    shutil.rmtree(folder / "postgres", ignore_errors=True)


def _make_tables(database: Database) -> None:
    superuser = database.url(SUPERUSER, "postgres")
    ensure_roles(superuser, RolePasswords(PASSWORD, PASSWORD, PASSWORD), owner_makes_databases=True)
    ensure_database(superuser, CLEAN)
    with pointed_at(database, CLEAN):
        call_command("migrate", database="owner", verbosity=0)


@contextmanager
def pointed_at(database: Database, name: str = DATABASE) -> Iterator[None]:
    """Let the test's own process work on the machine's database inside the block."""
    parts = ("NAME", "USER", "PASSWORD", "HOST", "PORT")
    before = {a: {part: connections.settings[a][part] for part in parts} for a in ALIASES}
    point_alias("owner", database.url(OWNER, name))
    for alias in ("default", "aside"):
        point_alias(alias, database.url(APP, name))
    try:
        yield
    finally:
        for alias in ALIASES:
            connections[alias].close()
            connections.settings[alias].update(before[alias])


@contextmanager
def machine_for_one_test(database: Database) -> Iterator[Machine]:
    """Give a test fresh tables and an empty broker, and end whatever it started."""
    account: Account = server_account()
    wanted = Path(tempfile.mkdtemp(prefix="machine-", dir=VAR_DIR))
    folder = server_folder(account, wanted)
    notes = Path(tempfile.mkdtemp(prefix="desk-notes-"))
    with alone(TEST):
        program = valkey_program(account, server_folder(account, TEST.var))
    broker = Broker(PrivateValkey(program, folder, account, notes), free_port())
    machine = Machine(database, broker, notes)
    if not database.postgres.running_port():
        database.restart()
    database.renew()
    broker.start()
    try:
        with pointed_at(database):
            yield machine
    finally:
        machine.stop()
        for leftover in (notes, folder, wanted):
            shutil.rmtree(leftover, ignore_errors=True)

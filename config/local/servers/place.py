"""Start and stop one set of private servers: one for the demo, another for the tests."""

import fcntl
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

from config.local.environment import VAR_DIR, read_facts, write_facts
from config.local.processes import LOOPBACK, choose_port
from config.local.refusal import Refusal
from config.local.servers.account import existing_server_folder, server_account, server_folder
from config.local.servers.binaries import postgres_programs, valkey_program
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

FACTS_NAME = "servers.env"
DATABASE_NAME = "desk"
FIRST_POSTGRES_PORT = 54400
FIRST_VALKEY_PORT = 63900


@dataclass(frozen=True)
class Place:
    """Where one set of servers lives, and what is expected of it.

    Args:
        var: our own folder for it.
        durable: every acknowledged row survives a kill or a power cut.
        is_for_tests: the owner role may make databases.
    """

    var: Path
    durable: bool
    is_for_tests: bool = False

    @property
    def facts_file(self) -> Path:
        return self.var / FACTS_NAME

    @property
    def users_file(self) -> Path:
        """Held shared by every run of tests that uses these servers."""
        return self.var / "users.lock"


DEMO = Place(VAR_DIR, durable=True)
TEST = Place(VAR_DIR / "test", durable=False, is_for_tests=True)
# Tests that kill servers count what was acknowledged: nothing may be sped up.
DURABLE_TEST = Place(VAR_DIR / "test-durable", durable=True, is_for_tests=True)


def is_used_by_tests(place: Place) -> bool:
    """Say whether a run of tests holds the servers of this place now."""
    if not place.users_file.exists():
        return False
    with place.users_file.open("w") as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


@contextmanager
def alone(place: Place) -> Iterator[None]:
    """Let one command at a time start or stop the servers of a place."""
    place.var.mkdir(parents=True, exist_ok=True)
    with (place.var / "servers.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def start_postgres(place: Place, environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the URLs of the database, of a private server where the environment names none.

    Returns:
        DATABASE_URL and OWNER_DATABASE_URL; of a private server READER_DATABASE_URL as well.

    Raises:
        Refusal: only one of the two URLs is set, or the private server cannot start.
    """
    given = {
        name: environment[name]
        for name in ("DATABASE_URL", "OWNER_DATABASE_URL")
        if environment.get(name)
    }
    if len(given) == 1:
        raise Refusal(
            f"Only {next(iter(given))} is set.",
            "Set both: DATABASE_URL for the application's role, OWNER_DATABASE_URL for the role "
            "that runs migrations (docs/deployment.md). Or unset both for a private server.",
        )
    if given:
        return given
    account = server_account()
    folder = server_folder(account, place.var)
    facts = _facts(place)
    postgres = PrivatePostgres(
        postgres_programs(account, folder), folder, account, durable=place.durable
    )
    if not postgres.exists():
        postgres.make(facts["POSTGRES_PASSWORD"])
    port = postgres.running_port()
    if port is None:
        port = choose_port(_port(facts, "POSTGRES_PORT"), FIRST_POSTGRES_PORT)
        postgres.start(port)
        _remember(place, facts, POSTGRES_PORT=str(port))
    superuser_url = _url(SUPERUSER, facts["POSTGRES_PASSWORD"], port, "postgres")
    passwords = RolePasswords(
        owner=facts["OWNER_PASSWORD"], app=facts["APP_PASSWORD"], reader=facts["READER_PASSWORD"]
    )
    try:
        ensure_roles(superuser_url, passwords, owner_makes_databases=place.is_for_tests)
        ensure_database(superuser_url, DATABASE_NAME)
    except psycopg.OperationalError as failure:
        raise Refusal(
            f"The private database server does not let us in: {failure}",
            f"If {place.facts_file} was lost, its passwords are lost: `make reset` begins anew.",
        ) from failure
    return {
        "DATABASE_URL": _url(APP, passwords.app, port, DATABASE_NAME),
        "OWNER_DATABASE_URL": _url(OWNER, passwords.owner, port, DATABASE_NAME),
        "READER_DATABASE_URL": _url(READER, passwords.reader, port, DATABASE_NAME),
    }


def start_valkey(place: Place, environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return REDIS_URL, of a private broker where the environment names none."""
    if environment.get("REDIS_URL"):
        return {"REDIS_URL": environment["REDIS_URL"]}
    account = server_account()
    folder = server_folder(account, place.var)
    facts = _facts(place)
    valkey = PrivateValkey(valkey_program(account, folder), folder, account, place.var)
    port = _port(facts, "VALKEY_PORT")
    if not (valkey.is_running() and port and answers(port, facts["VALKEY_PASSWORD"])):
        valkey.stop()
        port = choose_port(port, FIRST_VALKEY_PORT)
        valkey.start(port, facts["VALKEY_PASSWORD"])
        _remember(place, facts, VALKEY_PORT=str(port))
    return {"REDIS_URL": f"redis://:{facts['VALKEY_PASSWORD']}@{LOOPBACK}:{port}/0"}


def stop_servers(place: Place) -> list[str]:
    """Stop what runs here; return the names of what was stopped."""
    account = server_account()
    folder = existing_server_folder(place.var)
    if folder is None:
        return []
    stopped = []
    if PrivateValkey(folder, folder, account, place.var).stop():
        stopped.append("broker")
    if (folder / "postgres").is_dir():
        programs = postgres_programs(account, folder)
        if PrivatePostgres(programs, folder, account, durable=place.durable).stop():
            stopped.append("database")
    return stopped


def _facts(place: Place) -> dict[str, str]:
    """Return this place's ports and passwords; passwords are made the first time."""
    facts = read_facts(place.facts_file)
    names = ("POSTGRES", "OWNER", "APP", "READER", "VALKEY")
    missing = [f"{name}_PASSWORD" for name in names if f"{name}_PASSWORD" not in facts]
    if missing:
        facts |= {name: secrets.token_urlsafe(24) for name in missing}
        write_facts(place.facts_file, facts)
    return facts


def _remember(place: Place, facts: dict[str, str], **changed: str) -> None:
    facts |= changed
    write_facts(place.facts_file, facts)


def _port(facts: Mapping[str, str], name: str) -> int | None:
    return int(facts[name]) if facts.get(name, "").isdigit() else None


def _url(role: str, password: str, port: int, name: str) -> str:
    return f"postgresql://{role}:{quote(password, safe='')}@{LOOPBACK}:{port}/{name}"

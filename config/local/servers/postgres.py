"""A private PostgreSQL: loopback only, passwords, C.UTF-8, durable unless made for tests."""

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from config.local.processes import LOOPBACK, accepts, wait_until
from config.local.refusal import Refusal
from config.local.servers.account import Account

SUPERUSER = "cluster_admin"
# No socket file: a long checkout path would exceed the 107 bytes a socket may have.
# Values never reach the log: they are people's data.
SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_min_error_statement": "panic",
    # Without the row and the keys an error quotes.
    "log_error_verbosity": "terse",
    "timezone": "Asia/Shanghai",
}
# Rows of tests are thrown away, so tests need not wait for the disk. Fault tests set fsync on.
SPEED_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
START_PATIENCE_S = 30.0


class PrivatePostgres:
    """One cluster in one folder, run by one account."""

    def __init__(
        self,
        programs: Path,
        folder: Path,
        account: Account,
        *,
        durable: bool,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        """Name programs, folder and account, and settings beside or instead of ours."""
        self.programs = programs
        self.settings = settings or {}
        self.folder = folder
        self.data = folder / "postgres"
        self.log = folder / "postgres.log"
        self.account = account
        self.durable = durable

    def exists(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    def make(self, password: str) -> None:
        """Make the cluster; one that was interrupted half-way is made again."""
        unfinished = self.folder / "postgres.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        password_file = self.folder / "password"
        password_file.unlink(missing_ok=True)
        descriptor = os.open(password_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(password)
        self.account.own(password_file)
        try:
            made = self._run(
                "initdb",
                "--pgdata", str(unfinished),
                "--username", SUPERUSER,
                "--pwfile", str(password_file),
                "--auth", "scram-sha-256",
                "--encoding", "UTF8",
                "--locale", "C.UTF-8",
                "--data-checksums",
            )  # fmt: skip
        finally:
            password_file.unlink()
        if made.returncode != 0:
            raise Refusal(
                f"PostgreSQL could not make its data folder:\n{made.stdout.strip()}",
                f"Check that {self.folder} has room and that the locale C.UTF-8 exists.",
            )
        unfinished.rename(self.data)

    def running_port(self) -> int | None:
        """Return the port of the server if it accepts connections, or None."""
        port = self._noted_port()
        return port if port is not None and accepts(port) else None

    def _noted_port(self) -> int | None:
        """Return the port in the server's own note while its process lives."""
        if not self.exists() or self._run("pg_ctl", "status", "-D", str(self.data)).returncode:
            return None
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
            return int(lines[3])
        except (OSError, ValueError, IndexError):
            return None

    def start(self, port: int) -> None:
        """Start and wait until it answers.

        After a hard kill the old processes may hold the data folder for some seconds, so a
        refused start is repeated for half a minute.
        """
        self._refuse_other_version()
        end = time.monotonic() + START_PATIENCE_S
        while self.running_port() != port:
            started = self._run(
                "pg_ctl", "start", "-D", str(self.data), "-l", str(self.log),
                "-w", "-t", "60", "-o", f"-p {port} {self._options()}",
            )  # fmt: skip
            if started.returncode == 0:
                return
            if time.monotonic() > end:
                raise Refusal("PostgreSQL did not start.", f"Read the last lines of {self.log}.")
            time.sleep(1)

    def stop(self) -> bool:
        """Stop after finishing what runs. False where nothing ran."""
        if self._noted_port() is None:
            return False
        stopped = self._run("pg_ctl", "stop", "-D", str(self.data), "-m", "fast", "-w", "-t", "60")
        if stopped.returncode != 0 and not wait_until(lambda: self._noted_port() is None, 10):
            raise Refusal("PostgreSQL did not stop.", f"Read the last lines of {self.log}.")
        return True

    def _refuse_other_version(self) -> None:
        written = (self.data / "PG_VERSION").read_text(encoding="utf-8").strip()
        said = self._run("postgres", "--version").stdout
        found = re.search(r"\d+", said)
        if found is None or found.group() != written:
            raise Refusal(
                f"The data was written by PostgreSQL {written}, this program is {said.strip()}.",
                "Dump with the older version and load into this one (docs/deployment.md), or "
                "`make reset` to begin with an empty demo.",
            )

    def _options(self) -> str:
        """Return the settings as options, so that a newer release may change them."""
        settings = SETTINGS | ({} if self.durable else SPEED_SETTINGS) | dict(self.settings)
        return " ".join(f"-c {name}='{value}'" for name, value in settings.items())

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "HOME": str(self.folder)}
        # A file, not a pipe: the server would inherit the pipe and keep it open for ever.
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as stream:
            done = subprocess.run(
                [str(self.programs / program), *arguments],
                cwd=self.folder if not self.account.is_other else "/",
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                check=False,
                **self.account.run_options(),
            )
            stream.seek(0)
            said = stream.read()
        return subprocess.CompletedProcess(done.args, done.returncode, said, "")

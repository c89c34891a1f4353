"""A private Valkey (or Redis): loopback only, with a password, its log of changes on disk."""

import os
import socket
from pathlib import Path

from config.local.processes import LOOPBACK, Background, wait_until
from config.local.refusal import Refusal
from config.local.servers.account import Account


class PrivateValkey:
    """One broker in one folder, run by one account."""

    def __init__(self, program: Path, folder: Path, account: Account, notes: Path) -> None:
        """Name the program, its folder, the account, and our own folder for log and number."""
        self.program = program
        self.folder = folder
        self.data = folder / "valkey"
        self.account = account
        self.process = Background("valkey", notes)

    def is_running(self) -> bool:
        return self.process.pid() is not None

    def start(self, port: int, password: str) -> None:
        """Start and wait until it answers a signed-in PING."""
        if not self.data.exists():
            self.data.mkdir(mode=0o700)
            self.account.own(self.data)
        settings = self.folder / "valkey.conf"
        settings.unlink(missing_ok=True)
        descriptor = os.open(settings, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(
                f'bind {LOOPBACK}\nport {port}\ndir "{self.data}"\nrequirepass {password}\n'
                'protected-mode yes\nappendonly yes\nappendfsync everysec\nsave ""\n'
                "maxmemory-policy noeviction\n"
            )
        self.account.own(settings)
        self.process.start(
            [self.program, settings],
            cwd=self.folder if not self.account.is_other else Path("/"),
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
            options=self.account.run_options(),
        )
        if not wait_until(lambda: answers(port, password), 15):
            raise Refusal(
                f"The broker did not start:\n{self.process.last_words()}",
                f"Read {self.process.log}, then start again.",
            )

    def stop(self) -> bool:
        return self.process.stop()


def answers(port: int, password: str) -> bool:
    """Say whether a broker with this password answers on this loopback port."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=2) as connection:
            connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            answer = b""
            while answer.count(b"\r\n") < 2:  # one line for each of the two commands
                piece = connection.recv(256)
                if not piece:
                    return False
                answer += piece
    except OSError:
        return False
    return answer == b"+OK\r\n+PONG\r\n"

"""Which account runs the private servers, and where their files may lie.

PostgreSQL refuses to run as root. Started as root, the servers run as an unprivileged account
that already exists. No account is made and no folder above ours changes its rights: where that
account cannot enter the checkout, the files go to a private folder under the system's temporary
folder, and `var/private_folder` names it.
"""

import os
import pwd
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.local.refusal import Refusal

CANDIDATES = ("postgres", "nobody")
POINTER_NAME = "private_folder"


@dataclass(frozen=True)
class Account:
    """The account that runs a server: our own, or another one when we are root."""

    uid: int
    gid: int
    is_other: bool

    def run_options(self) -> dict[str, Any]:
        """Return what `subprocess` needs to run a program as this account."""
        if not self.is_other:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        """Hand a file or an empty folder of ours over to this account."""
        if self.is_other:
            os.chown(path, self.uid, self.gid)

    def can(self, right: str, path: Path) -> bool:
        """Say whether this account has a right (`r`, `w`, `x` of `test`) on a path."""
        asked = subprocess.run(
            ["test", f"-{right}", str(path)], cwd="/", check=False, **self.run_options()
        )
        return asked.returncode == 0


def server_account(candidates: Sequence[str] = CANDIDATES) -> Account:
    """Return our own account, or an existing unprivileged one when we are root.

    Raises:
        Refusal: we are root and none of the candidates exists.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), is_other=False)
    for name in candidates:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_uid, entry.pw_gid, is_other=True)
    raise Refusal(
        f"PostgreSQL does not run as root, and none of these accounts exists: "
        f"{', '.join(candidates)}.",
        "Run the command as an ordinary user, or set DATABASE_URL and OWNER_DATABASE_URL.",
    )


def server_folder(account: Account, wanted: Path) -> Path:
    """Return the folder for one set of servers, made where the account can work in it.

    Args:
        account: who runs the servers.
        wanted: the folder under `var/`; it always exists afterwards and stays ours.

    Returns:
        A folder inside `wanted`, or a private one under the temporary folder.
    """
    wanted.mkdir(parents=True, exist_ok=True)
    pointer = wanted / POINTER_NAME
    if pointer.exists():
        folder = Path(pointer.read_text(encoding="utf-8").strip())
        if _belongs_to(folder, account):
            return folder
    if account.can("x", wanted):
        folder = wanted / "servers"
        if not folder.exists():
            folder.mkdir(mode=0o700)
            account.own(folder)
        pointer.unlink(missing_ok=True)
        return folder
    folder = Path(tempfile.mkdtemp(prefix="desk-"))
    account.own(folder)
    pointer.write_text(f"{folder}\n", encoding="utf-8")
    return folder


def existing_server_folder(wanted: Path) -> Path | None:
    """Return the folder made earlier, or None where there is none."""
    pointer = wanted / POINTER_NAME
    folder = (
        Path(pointer.read_text(encoding="utf-8").strip())
        if pointer.exists()
        else wanted / "servers"
    )
    return folder if folder.is_dir() else None


def _belongs_to(folder: Path, account: Account) -> bool:
    """Say whether a folder in the shared temporary folder is still the one we made."""
    return folder.is_dir() and not folder.is_symlink() and folder.stat().st_uid == account.uid

"""Facts of this machine as `NAME=value` lines in files only their owner can read (mode 0600).

`var/local.env` holds what the product reads: URLs of the private servers and keys.
"""

import os
from pathlib import Path

VAR_DIR = Path(__file__).resolve().parent.parent.parent / "var"
LOCAL_FACTS = VAR_DIR / "local.env"


def read_facts(path: Path) -> dict[str, str]:
    """Return the facts of a file; empty where there is none yet."""
    if not path.exists():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def write_facts(path: Path, facts: dict[str, str]) -> None:
    """Replace the file in one step, readable by its owner alone: it holds keys and passwords."""
    unfinished = path.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.writelines(f"{name}={value}\n" for name, value in sorted(facts.items()))
    unfinished.replace(path)

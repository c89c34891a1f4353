"""The facts of this machine's private servers and keys, kept in `var/local.env` (mode 0600).

One `NAME=value` per line. Written by `python -m config.local up`, read by the local settings.
"""

import os
from pathlib import Path

VAR_DIR = Path(__file__).resolve().parent.parent.parent / "var"
FILE_NAME = "local.env"


def local_environment(var_dir: Path = VAR_DIR) -> dict[str, str]:
    """Return the facts written by the last start; empty before the first."""
    path = var_dir / FILE_NAME
    if not path.exists():
        return {}
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def write_local_environment(facts: dict[str, str], var_dir: Path = VAR_DIR) -> None:
    """Replace the file in one step, readable by its owner alone: it holds keys and passwords."""
    path = var_dir / FILE_NAME
    unfinished = path.with_suffix(".new")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.writelines(f"{name}={value}\n" for name, value in sorted(facts.items()))
    unfinished.replace(path)

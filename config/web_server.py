"""What gunicorn asks of us: numbers of ended processes stay counted, and begin anew with the server."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from prometheus_client import multiprocess

FOLDER = "PROMETHEUS_MULTIPROC_DIR"


def on_starting(_server: Any) -> None:
    """Empty the folder of numbers: those of an earlier server would be counted again."""
    if os.environ.get(FOLDER):
        place = Path(os.environ[FOLDER])
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        for numbers in place.glob("*.db"):
            numbers.unlink()


def child_exit(_server: Any, worker: Any) -> None:
    """Forget what a process that ended measured of the moment; its counts stay."""
    if os.environ.get(FOLDER):
        multiprocess.mark_process_dead(worker.pid)

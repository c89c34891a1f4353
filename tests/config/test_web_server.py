"""Numbers of several web processes are summed, and begin anew with the server."""

import os
import subprocess
import sys
from types import SimpleNamespace

from config import web_server

COUNT = "from config import metrics; metrics.count_refusal('money.empty')"
SUM = """
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
registry = CollectorRegistry()
MultiProcessCollector(registry)
print(generate_latest(registry).decode())
"""


def run(program, folder):
    return subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(folder)},
        cwd=os.getcwd(),  # noqa: PTH109  the checkout pytest was started in
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_processes_are_summed_and_a_new_server_begins_at_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path / "numbers"))
    web_server.on_starting(None)
    for _ in range(2):
        run(COUNT, tmp_path / "numbers")
    web_server.child_exit(None, SimpleNamespace(pid=os.getpid()))
    assert 'desk_refusals_total{code="money.empty"} 2.0' in run(SUM, tmp_path / "numbers")
    web_server.on_starting(None)
    assert "money.empty" not in run(SUM, tmp_path / "numbers")


def test_without_a_folder_nothing_happens(monkeypatch):
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)
    web_server.on_starting(None)
    web_server.child_exit(None, SimpleNamespace(pid=1))

"""Try one mutant: the pure tests in a process of its own, that meets the changed source.

The process is forked from one that has read everything else, packs included, so that a trial
costs the tests and nothing more.
"""

from __future__ import annotations

import importlib.abc
import importlib.util
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from config.policy import loader
from tests.mutation.mutants import ROOT, Mutant

# In the order in which most mutants die soonest.
TESTS = (
    "tests/claims/cases",
    "tests/claims/settlement",
    "tests/config/test_money.py",
    "tests/reference",
)
PACKS = ROOT / "tests" / "claims" / "packs"
AGREEMENT_BILLS = "800"
SECONDS_AT_MOST = 240
_PLUGINS = (
    "django",
    "randomly",
    "xdist",
    "cacheprovider",
    "playwright",
    "base_url",
    "time_machine",
)


class ChangedSource(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads the mutant instead of its file."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def find_spec(self, name, _path, _target=None):
        if name != self.mutant.module:
            return None
        return importlib.util.spec_from_file_location(name, ROOT / self.mutant.path, loader=self)

    def create_module(self, _spec):
        return None

    def exec_module(self, module):
        exec(compile(self.mutant.source, self.mutant.path, "exec"), module.__dict__)  # noqa: S102


def prepare() -> None:
    """Read once what no mutant changes."""
    notices = loader.load_notices()
    folders = [*loader.find_packs().values(), *loader.find_packs(str(PACKS)).values()]
    read = {folder: loader.load_pack(folder, notices) for folder in folders}
    load_pack = loader.load_pack
    loader.load_notices = lambda: notices
    loader.load_pack = lambda folder, known: read.get(folder) or load_pack(folder, known)
    os.environ["AGREEMENT_BILLS"] = AGREEMENT_BILLS
    kernel = [name for name in sys.modules if name.startswith("claims") or name == "config.money"]
    # `config.money` is met by what was just read; each trial must meet its own.
    for name in kernel:
        del sys.modules[name]


def start(mutant: Mutant | None) -> int:
    """Start a trial; returns its process. None tries the source as it is."""
    child = os.fork()
    if child:
        return child
    code = 3
    try:
        os.setsid()
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        if mutant is not None:
            _meet(mutant)
        code = int(pytest.main(_arguments()))
    finally:
        os._exit(code)


def _meet(mutant: Mutant) -> None:
    for name in [
        name for name in sys.modules if name.split(".")[0] in {"claims", "config", "tests"}
    ]:
        if mutant.module == "config.money" or name == mutant.module:
            sys.modules.pop(name, None)
    sys.meta_path.insert(0, ChangedSource(mutant))


def _arguments() -> Sequence[str]:
    plugins = [argument for name in _PLUGINS for argument in ("-p", f"no:{name}")]
    ini = Path(__file__).with_name("trial.ini")
    # Of the fixtures of all tests, only those that count what was tried.
    plugins += ["-p", "tests.rows"]
    return ["-q", "-x", "--noconftest", "-c", str(ini), f"--rootdir={ROOT}", *plugins, *TESTS]


def finished(child: int, began: float) -> bool | None:
    """Tell whether the tests of a trial failed; None while it runs.

    A trial that takes far too long has failed: a mutant that never ends is noticed.
    """
    done, status = os.waitpid(child, os.WNOHANG)
    if not done:
        if time.monotonic() - began < SECONDS_AT_MOST:
            return None
        os.kill(child, 9)
        os.waitpid(child, 0)
        return True
    return os.waitstatus_to_exitcode(status) != 0

"""What decides money and rights is run by tests, line by line and branch by branch."""

import subprocess
import sys

import pytest

from tests.supply.floors import ROOT


@pytest.mark.row("I-5")
@pytest.mark.nightly
def test_each_group_reaches_its_share():
    measured = subprocess.run(
        [sys.executable, ROOT / ".ci" / "coverage", "-q"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert measured.returncode == 0, measured.stdout[-6000:]

"""The program PostgreSQL calls for each segment: exit 0 means stored, and nothing else does."""

import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest

from config.backup.wal import NotSetUp, main, ring_of, shelf_of

KEYS = "a:" + "A" * 43 + "="
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def environment(tmp_path):
    return {"BACKUP_TARGET": str(tmp_path / "target"), "BACKUP_KEYS": KEYS}


@pytest.fixture
def segment(tmp_path):
    path = tmp_path / "000000010000000000000001"
    path.write_bytes(os.urandom(100_000))
    return path


def test_a_segment_is_stored_by_the_program_itself(environment, segment):
    done = subprocess.run(
        [sys.executable, "-m", "config.backup.wal", "put", str(segment), segment.name],
        env={**environment, "PATH": os.defpath, "PYTHONPATH": str(ROOT)},
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    plain = BytesIO()
    shelf_of(environment).get("wal", segment.name, plain)
    assert plain.getvalue() == segment.read_bytes()


def test_the_same_segment_twice_is_well_another_one_of_that_name_is_not(
    environment, segment, capsys
):
    put = ["put", str(segment), segment.name]
    assert [main(put, environment), main(put, environment)] == [0, 0]
    segment.write_bytes(b"another")
    assert main(put, environment) == 1
    assert "was not stored" in capsys.readouterr().err


@pytest.mark.parametrize("missing", ["BACKUP_TARGET", "BACKUP_KEYS"])
def test_without_target_or_key_nothing_is_stored(environment, segment, missing, capsys):
    left = {name: value for name, value in environment.items() if name != missing}
    assert main(["put", str(segment), segment.name], left) == 2
    assert missing in capsys.readouterr().err


def test_a_missing_segment_and_a_wrong_call_fail(environment, tmp_path):
    assert main(["put", str(tmp_path / "none"), "none"], environment) == 1
    assert main(["get"], environment) == 2


def test_a_key_that_cannot_be_read_is_not_repeated():
    with pytest.raises(NotSetUp) as refused:
        ring_of("a:secret")
    assert "secret" not in str(refused.value)

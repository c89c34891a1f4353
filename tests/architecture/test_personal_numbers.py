"""The hook against personal ID numbers can fail, and the repository passes it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOOK = ROOT / ".ci" / "personal-numbers"
FOLDERS = ("config", "enrollment", "claims", "assistance", "poverty_monitoring", "tests", "docs")
SUFFIXES = {".py", ".yaml", ".md", ".html", ".json", ".csv", ".po", ".txt"}
# Put together here, so that this file passes the hook itself.
BIRTH_AND_ORDER = "19491231" + "002"


def run(*paths):
    return subprocess.run(
        [sys.executable, HOOK, *map(str, paths)], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("110105" + BIRTH_AND_ORDER + "X", 1),
        ("110105" + BIRTH_AND_ORDER + "x", 1),
        ("110105" + BIRTH_AND_ORDER + "1", 0),
        ("110105" + "19491331" + "002" + "X", 0),
        ("990105" + BIRTH_AND_ORDER + "5", 0),
    ],
    ids=["valid", "small x", "wrong check digit", "no such day", "reserved for tests"],
)
def test_a_number_is_found_by_its_date_and_check_digit(tmp_path, number, code):
    text = tmp_path / "notes.txt"
    text.write_text(f"person {number}, settled")
    hook = run(text)
    assert hook.returncode == code, hook.stdout
    assert number not in hook.stdout


def test_the_repository_holds_no_personal_number():
    paths = [
        path
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*")
        if path.suffix in SUFFIXES and path.is_file()
    ]
    assert len(paths) > 100
    hook = run(*paths)
    assert hook.returncode == 0, hook.stdout

"""The hook against personal ID numbers can fail, and the repository passes it."""

import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
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


@pytest.mark.row("G6")
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


def personal_numbers_in_history(repository):
    """Return how many lines were read that a commit ever added, and where a number stood."""
    loader = SourceFileLoader("personal_numbers", str(HOOK))
    hook = module_from_spec(spec_from_loader(loader.name, loader))
    loader.exec_module(hook)
    log = subprocess.Popen(
        ["git", "-C", repository, "log", "--all", "--patch", "--unified=0", "--format=commit %h"],
        stdout=subprocess.PIPE,
        text=True,
        errors="replace",
    )
    commit, lines, found = "", 0, []
    with log:
        for line in log.stdout:
            if line.startswith("commit "):
                commit = line.split()[1]
            elif line.startswith("+"):
                lines += 1
                if any(hook.is_personal(match.group()) for match in hook.SHAPE.finditer(line)):
                    found.append(commit)
    return lines, found


@pytest.mark.row("G6")
@pytest.mark.nightly
def test_no_commit_ever_held_a_personal_number(tried):
    lines, found = personal_numbers_in_history(ROOT)
    assert found == []
    tried(lines)


@pytest.mark.row("G6")
def test_a_number_that_was_taken_out_again_is_found_in_the_history(tmp_path):
    def git(*arguments):
        identity = ["-c", "user.name=t", "-c", "user.email=t@example.invalid"]
        subprocess.run(["git", "-C", tmp_path, *identity, *arguments], check=True)

    notes = tmp_path / "notes.txt"
    git("init", "--quiet")
    for text in ("person 110105" + BIRTH_AND_ORDER + "X", "nobody"):
        notes.write_text(text + "\n")
        git("add", "notes.txt")
        git("commit", "--quiet", "--message", "note")
    lines, found = personal_numbers_in_history(tmp_path)
    assert (lines >= 2, len(found)) == (True, 1)

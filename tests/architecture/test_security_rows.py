"""docs/security.md says of every row of the bar which test proves it, or which issue brings it."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "security.md"
GROUPS = {"A": 13, "B": 16, "C": 12, "D": 11, "E": 7, "F": 8, "G": 9, "H": 6, "I-": 5, "I": 16}
ROWS = [f"{group}{number}" for group, count in GROUPS.items() for number in range(1, count + 1)]
LINE = re.compile(r"^\| ([A-Z]-?\d+) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
LATER = re.compile(r"^issue ([B-L])$")


def marked_rows(folder: Path) -> dict[str, set[str]]:
    """Return row to the test files that carry its mark, read from the source.

    Where a table of cases gives the mark its row, every row its folder names counts.
    """
    found: dict[str, set[str]] = {}
    for path in sorted(folder.rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        arguments = [argument for call in _row_marks(tree) for argument in call.args]
        constants = [node for node in arguments if isinstance(node, ast.Constant)]
        if len(constants) < len(arguments):
            tables = [
                ast.parse(each.read_text(encoding="utf-8")) for each in path.parent.glob("*.py")
            ]
            constants += [
                node
                for table in tables
                for node in ast.walk(table)
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            ]
        for name in {node.value for node in constants} & set(ROWS):
            found.setdefault(name, set()).add(str(path.relative_to(ROOT)))
        foreign = {node.value for node in arguments if isinstance(node, ast.Constant)} - set(ROWS)
        assert foreign == set(), f"{path}: no such rows"
    return found


def _row_marks(tree: ast.AST) -> list[ast.Call]:
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and ast.unparse(node.func) == "pytest.mark.row"
    ]


@pytest.fixture(scope="module")
def page():
    return LINE.findall(PAGE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def marks():
    return marked_rows(ROOT / "tests")


def test_every_row_stands_once(page):
    assert [row for row, *_rest in page] == ROWS


def test_every_row_names_tests_that_carry_its_mark_or_an_issue(page, marks):
    wrong = []
    for row, _holds, test, _counts in page:
        if LATER.match(test):
            if row in marks:
                wrong.append(f"{row}: tests carry its mark, the page says {test}")
            continue
        named = set(re.findall(r"`(tests/[^`]+)`", test))
        if not named or not named <= marks.get(row, set()):
            wrong.append(f"{row}: {sorted(named - marks.get(row, set()))} carry no such mark")
    assert wrong == []


def test_a_mark_is_read_from_the_source(tmp_path):
    marks = marked_rows(ROOT / "tests" / "architecture")
    assert "tests/architecture/test_static_rules.py" in marks["I-4"]

"""No float near money: no float literal, no `float`, no true division, where fen are counted."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MONEY = (
    "config/money.py",
    "claims/bill_input.py",
    "claims/models",
    "claims/selectors",
    "claims/services",
    "claims/settlement",
    "claims/statement",
)
# A path joined by its slash is no division.
JOINS_PATHS = {"claims/statement/own_files.py"}
FLOAT_NAMES = {"float", "float16", "float32", "float64", "true_divide", "divide", "mean", "average"}


def floats_in(source: str) -> list[str]:
    """Describe every place where a float could come from."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            found.append(f"{node.lineno}: {node.value}")
        elif isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div):
            found.append(f"{node.lineno}: /")
        elif isinstance(node, ast.Name) and node.id in FLOAT_NAMES:
            found.append(f"{node.lineno}: {node.id}")
        elif isinstance(node, ast.Attribute) and node.attr in FLOAT_NAMES:
            found.append(f"{node.lineno}: .{node.attr}")
    return found


def files():
    for name in MONEY:
        path = ROOT / name
        yield from sorted(path.rglob("*.py")) if path.is_dir() else [path]


@pytest.mark.parametrize("path", list(files()), ids=lambda path: str(path.relative_to(ROOT)))
def test_money_is_whole(path):
    found = floats_in(path.read_text(encoding="utf-8"))
    if str(path.relative_to(ROOT)) in JOINS_PATHS:
        found = [each for each in found if not each.endswith(": /")]
    assert found == []


@pytest.mark.parametrize(
    "source", ["rate = 0.65", "a = b / c", "a /= 2", "float('1')", "np.float64(x)", "x.mean()"]
)
def test_the_check_can_fail(source):
    assert len(floats_in(source)) == 1

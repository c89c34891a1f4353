"""Error codes that a module raises, read from its source."""

import ast
from pathlib import Path

ERRORS = {"InvalidInput", "Refused", "Conflict", "NotKnown"}


def codes_raised_in(path: Path) -> set[str]:
    return {
        node.args[0].value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ERRORS
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }

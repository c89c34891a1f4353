"""Every small change of a source file that a test should notice.

One change at a time: a comparison, an operator, a number, a branch. Texts are left alone, and so
are annotations, decorators and what only type checkers read: nothing computed depends on them.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted([*(ROOT / "claims" / "settlement").rglob("*.py"), ROOT / "config" / "money.py"])

_COMPARED = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_COMPUTED = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Add,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_CALLED = {"minimum": "maximum", "maximum": "minimum", "min": "max", "max": "min"} | {
    "any": "all",
    "all": "any",
}


class Mutant(NamedTuple):
    """One changed source.

    Attributes:
        path: the file, from the root.
        place: function and class it stands in.
        line: line of the change.
        change: before and after, as source.
        source: the whole changed file.
    """

    path: str
    place: str
    line: int
    change: str
    source: str

    @property
    def module(self) -> str:
        return self.path.removesuffix(".py").replace("/", ".")

    @property
    def name(self) -> str:
        """What it is known by as long as the line reads as it does."""
        return f"{self.path}: {self.place}: {self.change}"


def mutants_of(path: Path) -> list[Mutant]:
    """Return every mutant of a file, in the order of its lines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        _mutant(path, tree, parents, node, new)
        for parents, node in _nodes(tree, ())
        for new in (*_computed_otherwise(node), *_decided_otherwise(node))
    ]


def _nodes(
    node: ast.AST, parents: tuple[ast.AST, ...]
) -> Iterator[tuple[tuple[ast.AST, ...], ast.AST]]:
    """Walk what is computed."""
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list", "type_params"}:
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or _is_for_types(child):
                continue
            yield (*parents, node), child
            yield from _nodes(child, (*parents, node))


def _is_for_types(node: ast.AST) -> bool:
    if isinstance(node, ast.If):
        return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    return isinstance(node, ast.Raise | ast.Import | ast.ImportFrom)


def _computed_otherwise(node: ast.AST) -> Iterator[ast.AST]:
    """Operators, numbers and the functions of numpy."""
    match node:
        case ast.BinOp(op=op) if type(op) in _COMPUTED and not _is_text(node):
            yield _with(node, op=_COMPUTED[type(op)]())
        case ast.AugAssign(op=op) if type(op) in _COMPUTED:
            yield _with(node, op=_COMPUTED[type(op)]())
        case ast.UnaryOp(op=ast.USub() | ast.Invert()):
            yield node.operand
        case ast.Constant(value=int()) if not isinstance(node.value, bool):
            yield ast.Constant(node.value + 1)
        case ast.Call(func=ast.Attribute(attr="where"), args=[test, one, other]):
            yield _with(node, args=[test, other, one])
        case ast.Call(func=ast.Attribute(attr=name)) if name in _CALLED:
            yield _with(node, func=_with(node.func, attr=_CALLED[name]))
        case ast.Call(func=ast.Name(id=name)) if name in _CALLED:
            yield _with(node, func=ast.Name(_CALLED[name], ast.Load()))


def _decided_otherwise(node: ast.AST) -> Iterator[ast.AST]:
    """Comparisons, conditions and branches."""
    match node:
        case ast.Compare(ops=[one]) if type(one) in _COMPARED:
            yield _with(node, ops=[_COMPARED[type(one)]()])
        case ast.BoolOp(op=ast.And()):
            yield _with(node, op=ast.Or())
        case ast.BoolOp(op=ast.Or()):
            yield _with(node, op=ast.And())
        case ast.UnaryOp(op=ast.Not()):
            yield node.operand
        case ast.Constant(value=bool()):
            yield ast.Constant(not node.value)
        case ast.IfExp():
            yield _with(node, body=node.orelse, orelse=node.body)
        case ast.If():
            yield _with(node, test=ast.UnaryOp(ast.Not(), node.test))
        case ast.Continue():
            yield ast.Break()


def _is_text(node: ast.BinOp) -> bool:
    return any(
        isinstance(side, ast.JoinedStr)
        or (isinstance(side, ast.Constant) and isinstance(side.value, str))
        for side in (node.left, node.right)
    )


def _with(node: ast.AST, **changed: object) -> ast.AST:
    new = copy.copy(node)
    for name, value in changed.items():
        setattr(new, name, value)
    return new


def _mutant(
    path: Path, tree: ast.Module, parents: tuple[ast.AST, ...], node: ast.AST, new: ast.AST
) -> Mutant:
    named = ast.FunctionDef | ast.ClassDef
    place = ".".join(parent.name for parent in parents if isinstance(parent, named)) or "module"
    before, after = (_shown(each) for each in (node, new))
    ast.copy_location(new, node)
    parent = parents[-1]
    with _replaced(parent, node, new):
        source = ast.unparse(ast.fix_missing_locations(copy.deepcopy(tree)))
    return Mutant(
        path.relative_to(ROOT).as_posix(), place, node.lineno, f"{before} => {after}", source
    )


def _shown(node: ast.AST) -> str:
    shown = node.test if isinstance(node, ast.If) else node
    return " ".join(ast.unparse(ast.fix_missing_locations(copy.deepcopy(shown))).split())


class _replaced:  # noqa: N801  reads as a word of the `with`
    """Put one child in the place of another for the length of a block."""

    def __init__(self, parent: ast.AST, old: ast.AST, new: ast.AST) -> None:
        self.parent, self.old, self.new = parent, old, new

    def __enter__(self) -> None:
        self._swap(self.old, self.new)

    def __exit__(self, *_error: object) -> None:
        self._swap(self.new, self.old)

    def _swap(self, old: ast.AST, new: ast.AST) -> None:
        for name, value in ast.iter_fields(self.parent):
            if value is old:
                setattr(self.parent, name, new)
            elif isinstance(value, list) and any(each is old for each in value):
                setattr(self.parent, name, [new if each is old else each for each in value])

"""Find what the sources hand to gettext, in Python alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from django.utils.translation.template import templatize

# Where the arguments of a call stand: context, singular, plural.
SHAPES = {
    "gettext": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "pgettext": (0, 1, None),
    "npgettext": (0, 1, 2),
}
LITERAL = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
TEMPLATE_CALL = re.compile(rf"\b(_|n?p?gettext)\(\s*({LITERAL}(?:\s*,\s*{LITERAL})*)")


@dataclass(frozen=True, order=True)
class Message:
    """One text as gettext knows it; an empty context or plural is none."""

    singular: str
    plural: str = ""
    context: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Return what a catalogue finds the text by."""
        return self.context, self.singular


@dataclass(frozen=True)
class Unreadable(Exception):
    """A call whose text is made at run time: no catalogue can hold it."""

    line: int


def _message(function: str, texts: list[str | None], line: int) -> Message:
    context, singular, plural = (
        "" if place is None else (texts[place] if place < len(texts) else None)
        for place in SHAPES[function]
    )
    if context is None or singular is None or plural is None:
        raise Unreadable(line)
    return Message(singular, plural, context)


def _imported(tree: ast.AST) -> dict[str, str]:
    """Return the names a module gives to the functions of `django.utils.translation`."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            for name in node.names:
                function = name.name.removesuffix("_lazy")
                if function in SHAPES:
                    names[name.asname or name.name] = function
    return names


def _function(call: ast.Call, names: dict[str, str]) -> str | None:
    if isinstance(call.func, ast.Name):
        return names.get(call.func.id)
    if isinstance(call.func, ast.Attribute):
        function = call.func.attr.removesuffix("_lazy")
        return function if function in SHAPES else None
    return None


def python_messages(source: str) -> Iterator[Message]:
    """Yield the texts of a Python source; raise `Unreadable` at one made at run time."""
    tree = ast.parse(source)
    names = _imported(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (function := _function(node, names)):
            texts = [
                a.value if isinstance(a, ast.Constant) and isinstance(a.value, str) else None
                for a in node.args
            ]
            yield _message(function, texts, node.lineno)


def template_messages(source: str) -> Iterator[Message]:
    """Yield the texts of a Django template."""
    for call in TEMPLATE_CALL.finditer(templatize(source)):
        function = "gettext" if call[1] == "_" else call[1]
        texts: list[str | None] = [ast.literal_eval(t) for t in re.findall(LITERAL, call[2])]
        yield _message(function, texts, 0)


def pack_messages(folder: Path) -> Iterator[Message]:
    """Yield the texts of policy packs that pages show: sources and reasons for not knowing."""
    for path in sorted(folder.glob("*/*.yaml")):
        pending = [yaml.safe_load(path.read_text(encoding="utf-8"))]
        while pending:
            node = pending.pop()
            if isinstance(node, list):
                pending += node
            elif isinstance(node, dict):
                pending += node.values()
                source = node.get("source") or {}
                if source.get("where") != "demonstration":
                    yield from (Message(text) for text in source.values())
                if "not_known" in node:
                    yield Message(node["not_known"])


def messages_in(folder: Path) -> dict[Message, str]:
    """Return the texts of all Python and HTML files of a folder, each with one place."""
    found: dict[Message, str] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix not in {".py", ".html"}:
            continue
        read = python_messages if path.suffix == ".py" else template_messages
        for message in read(path.read_text(encoding="utf-8")):
            found.setdefault(message, f"{folder.name}/{path.relative_to(folder).as_posix()}")
    return found

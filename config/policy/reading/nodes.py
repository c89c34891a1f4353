"""YAML as its author wrote it: nodes with their lines, read without guessing types.

A plain YAML loader turns `on` into true, `2.10` into a float and `2021-01-01` into a date.
Here every scalar is asked for as what the format expects, and anything else is a problem
with its line. A reading function returns None after it has noted a problem.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from config.policy.reading.problems import Problem, nearest_word

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"
_MISTAKES = {
    "bool": (
        "mangled_word",
        "YAML reads `{0}` as true or false: put it in quotes or use another word",
    ),
    "null": ("empty_value", "a value is missing"),
    "int": (
        "bare_number",
        "`{0}` is a bare number: write it as a quantity with its unit, or in quotes",
    ),
    "float": (
        "bare_number",
        "`{0}` is a bare number: write it as a quantity with its unit, or in quotes",
    ),
    "timestamp": ("unquoted_date", "`{0}` is a date and no date may stand here: put it in quotes"),
}

Node = yaml.Node
Fields = dict[str, Node]


class SourceFile:
    """One YAML file and the problems found in it."""

    def __init__(self, path: Path, problems: list[Problem]) -> None:
        """Name the file by its folder and its own name."""
        self.path = path
        self.name = f"{path.parent.name}/{path.name}"
        self.problems = problems

    def problem(self, code: str, node: Node | None, text: str, nearest: str = "") -> None:
        """Note a problem at a node, or of the whole file."""
        line = 0 if node is None else node.start_mark.line + 1
        self.problems.append(Problem(self.name, line, code, text, nearest))

    def root(self) -> Node | None:
        """Return the root node of the file."""
        if not self.path.is_file():
            self.problem("missing_file", None, f"the file {self.path.name} is missing")
            return None
        try:
            node: Node | None = yaml.compose(self.path.read_text(encoding="utf-8"), Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            line = 0 if error.problem_mark is None else error.problem_mark.line + 1
            self.problems.append(Problem(self.name, line, "not_yaml", str(error.problem or error)))
            return None
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            self.problem("not_yaml", None, str(error))
            return None
        if node is None:
            self.problem("missing_file", None, f"the file {self.path.name} is empty")
        return node

    def fields(
        self, node: Node | None, known: Collection[str] | None, required: Iterable[str] = ()
    ) -> Fields:
        """Read a mapping.

        Args:
            node: the node.
            known: keys that may stand; None takes any word.
            required: keys that must stand.

        Returns:
            Value nodes by key; known keys only.
        """
        if not isinstance(node, yaml.MappingNode):
            if node is not None:
                self.problem("not_a_mapping", node, "`key: value` lines are expected here")
            return {}
        found: Fields = {}
        for key_node, value_node in node.value:
            key = self.text(key_node)
            if key is None:
                continue
            if key in found:
                self.problem("duplicate_key", key_node, f"`{key}` stands twice")
            elif known is not None and key not in known:
                self.problem(
                    "unknown_key", key_node, f"`{key}` is not a key here", nearest_word(key, known)
                )
            else:
                found[key] = value_node
        for key in required:
            if key not in found:
                self.problem("missing_key", node, f"`{key}` is missing")
        return found

    def items(self, node: Node | None) -> list[Node]:
        """Read a list."""
        if isinstance(node, yaml.SequenceNode):
            return list(node.value)
        if node is not None:
            self.problem("not_a_list", node, "a list is expected here")
        return []

    def _scalar(self, node: Node | None, wanted: str) -> str | None:
        if node is None:
            return None
        if not isinstance(node, yaml.ScalarNode):
            self.problem("not_a_word", node, "a single value is expected here")
            return None
        kind = node.tag.removeprefix(_TAG)
        if kind == wanted:
            return str(node.value)
        code, text = _MISTAKES.get(kind, ("not_a_word", "`{0}` cannot be read here"))
        if wanted in ("int", "timestamp"):
            expected = "a whole number" if wanted == "int" else "a date such as 2021-01-01"
            code, text = (
                f"not_a_{'number' if wanted == 'int' else 'date'}",
                f"`{{0}}` is not {expected}",
            )
        self.problem(code, node, text.format(node.value))
        return None

    def text(self, node: Node | None) -> str | None:
        """Read a text; numbers, dates and words that YAML mangles are problems."""
        text = self._scalar(node, "str")
        if text is not None and not text.strip():
            self.problem("empty_value", node, "a value is missing")
            return None
        return text

    def day(self, node: Node | None) -> date | None:
        """Read an unquoted day."""
        text = self._scalar(node, "timestamp")
        if text is None:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.problem("not_a_date", node, f"`{text}` is not a day such as 2021-01-01")
            return None

    def number(self, node: Node | None) -> int | None:
        """Read a whole number, where a level, an age or a count is meant."""
        text = self._scalar(node, "int")
        if text is None:
            return None
        if not text.isdecimal() or len(text) > 4 or text != str(int(text)):
            self.problem("not_a_number", node, f"`{text}` is not a small whole number")
            return None
        return int(text)

    def word(
        self, node: Node | None, known: Collection[str], code: str = "unknown_word"
    ) -> str | None:
        """Read a word of a vocabulary."""
        text = self.text(node)
        if text is not None and text not in known:
            self.problem(
                code, node, f"`{text}` is none of {', '.join(known)}", nearest_word(text, known)
            )
            return None
        return text

    def words(
        self, node: Node | None, known: Collection[str], code: str = "unknown_word"
    ) -> tuple[str, ...]:
        """Read a list of different words of a vocabulary."""
        read: list[str] = []
        for item in self.items(node):
            word = self.word(item, known, code)
            if word is None:
                continue
            if word in read:
                self.problem("duplicate_word", item, f"`{word}` stands twice")
            read.append(word)
        return tuple(read)

    def texts(self, node: Node | None) -> tuple[str, ...]:
        """Read a list of texts."""
        return tuple(text for text in map(self.text, self.items(node)) if text is not None)

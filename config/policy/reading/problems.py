"""What is wrong in policy files: all of it at once, each with file and line."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from config.errors import DomainError


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake.

    Attributes:
        file: path as shown to the author.
        line: line, from 1; 0 where the whole file is meant.
        code: stable code of the mistake.
        text: what is wrong.
        nearest: the known word nearest to what was written; empty where none is near.
    """

    file: str
    line: int
    code: str
    text: str
    nearest: str = ""

    def __str__(self) -> str:
        """Print it as compilers do, so that editors can jump to it."""
        hint = f" (did you mean `{self.nearest}`?)" if self.nearest else ""
        return f"{self.file}:{self.line}: {self.code}: {self.text}{hint}"


def nearest_word(word: object, known: Iterable[object]) -> str:
    """Return the known word nearest to what was written, or nothing."""
    near = difflib.get_close_matches(str(word), [str(each) for each in known], n=1, cutoff=0.5)
    return near[0] if near else ""


class PolicyErrors(DomainError):
    """Policy files that do not load, with every problem found.

    Args:
        problems: at least one.
    """

    problems: tuple[Problem, ...]

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Sort the problems by file and line."""
        self.problems = tuple(sorted(set(problems)))
        super().__init__(
            "policy.pack_refused", count=len(self.problems), first=str(self.problems[0])
        )

    def __str__(self) -> str:
        """Print one problem per line."""
        return "\n".join(str(problem) for problem in self.problems)

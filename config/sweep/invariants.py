"""What an invariant is: a code, a sentence, and a way to find every row that breaks it.

Most are a few SQL statements, each of which returns the rows that break one rule; `SqlRule`
holds one, `holds_in_sql` makes an invariant of several. What SQL cannot say (a replay through
the kernel) is a function of the `Reader`. Packages below this one may use these types in a
module of the name `invariants`: they are plain data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from psycopg import sql

from config.sweep.reader import Reader

# Of each rule as many broken rows are kept by name; all are counted.
KEPT = 200


@dataclass(frozen=True)
class Finding:
    """One row that breaks an invariant.

    Args:
        row: its number, as staff know it; never a person.
        rule: the sentence that does not hold.
        facts: what was found, by name: numbers and codes.
    """

    row: str
    rule: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def line(self) -> str:
        """Return it as one line for a terminal."""
        facts = ", ".join(f"{name} {value}" for name, value in self.facts.items())
        return f"{self.row}: {self.rule}" + (f" ({facts})" if facts else "")


@dataclass(frozen=True)
class Checked:
    """What checking one invariant found.

    Args:
        rows: rows that were read.
        findings: how many broken rows there are.
        first: the first of them.
    """

    rows: int
    findings: int = 0
    first: tuple[Finding, ...] = ()

    def __add__(self, other: Checked) -> Checked:
        return Checked(
            self.rows + other.rows, self.findings + other.findings, self.first + other.first
        )


@dataclass(frozen=True)
class Invariant:
    """Something that must always hold of the stored rows.

    Args:
        code: its id in the table of the reliability bar: `I5`.
        sentence: what holds.
        check: reads rows, returns what is broken. It reads only, and asks no clock.
    """

    code: str
    sentence: str
    check: Callable[[Reader], Checked]


@dataclass(frozen=True)
class NotBuilt:
    """An invariant over something the product does not have yet.

    Args:
        added_with: what brings the tables it speaks of.
    """

    code: str
    sentence: str
    added_with: str


@dataclass(frozen=True)
class SqlRule:
    """One rule and the statement that returns the rows breaking it.

    Args:
        sentence: what holds.
        statement: a SELECT whose first column is the number of a broken row as text; every
            further column is a fact of that row under its own name.
        values: for the placeholders of the statement; with them, percent signs are doubled.
    """

    sentence: str
    statement: str | sql.Composable
    values: Mapping[str, Any] = field(default_factory=dict)

    def broken(self, reader: Reader) -> Checked:
        """Return the rows that break the rule; rows read are counted by the invariant."""
        told = self.statement
        statement = sql.SQL(told) if isinstance(told, str) else told
        whole = sql.SQL(
            "SELECT count(*) OVER () AS all_found, found.* FROM ({}) found ORDER BY 2 LIMIT {}"
        ).format(statement, KEPT)
        names, rows = reader.query(whole, dict(self.values) or None)
        first = tuple(
            Finding(
                str(row[1]),
                self.sentence,
                {name: _plain(value) for name, value in zip(names[2:], row[2:], strict=True)},
            )
            for row in rows
        )
        return Checked(0, rows[0][0] if rows else 0, first)


def _plain(value: Any) -> Any:
    """Return a value as JSON has it; sums come as decimals."""
    if isinstance(value, Decimal) and value == int(value):
        return int(value)
    return value if value is None or isinstance(value, bool | int | str) else str(value)


def holds_in_sql(code: str, sentence: str, tables: Sequence[str], *rules: SqlRule) -> Invariant:
    """Return an invariant that holds where no rule finds a row.

    Args:
        code: its id.
        sentence: what holds.
        tables: whose rows are read; their rows are counted, no more.
        rules: each with its statement.
    """

    def check(reader: Reader) -> Checked:
        found = Checked(sum(reader.count(table) for table in tables))
        for rule in rules:
            found += rule.broken(reader)
        return found

    return Invariant(code, sentence, check)

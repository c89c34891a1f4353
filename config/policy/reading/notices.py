"""Notice files: `config/policy/notices/<national|region>/<id>.yaml`."""

from __future__ import annotations

from pathlib import Path

import yaml

from config.policy.citation import STATEMENT_KINDS, Clause, Notice, Statement
from config.policy.quantities import QuantityError, parse_quantity
from config.policy.reading.nodes import Node, SourceFile
from config.policy.reading.problems import Problem
from config.policy.schema import NUMBER_SELECTORS, SELECTORS

_NOTICE_KEYS = (
    "notice",
    "number",
    "title",
    "issuers",
    "issued_on",
    "implements",
    "note",
    "clauses",
)
_REQUIRED = ("notice", "number", "title", "issuers", "issued_on", "clauses")
_STATEMENT_KEYS = ("kind", "says", "quote", "key", "for", "value", "steps", "from", "through")


def _is_not_known(node: Node | None) -> bool:
    return getattr(node, "value", None) == "not_known"


def _number(file: SourceFile, node: Node | None) -> int | None:
    """Read the amount of a statement; words that are no quantity stay words."""
    text = file.text(node)
    if text is None or not text[0].isdigit():
        return None
    try:
        return parse_quantity(text).number
    except QuantityError as error:
        file.problem("bad_quantity", node, str(error))
        return None


def _selectors(file: SourceFile, node: Node | None) -> dict[str, tuple[str | int, ...]]:
    """Read a `for`; a national notice knows no vocabulary, only the names of selectors."""
    read: dict[str, tuple[str | int, ...]] = {}
    for name, words in (file.fields(node, SELECTORS) if node is not None else {}).items():
        items = words.value if isinstance(words, yaml.SequenceNode) else [words]
        asked = file.number if name in NUMBER_SELECTORS else file.text
        read[name] = tuple(word for word in map(asked, items) if word is not None)
    return read


def _statement(file: SourceFile, node: Node) -> Statement | None:
    fields = file.fields(node, _STATEMENT_KEYS, required=("kind", "says", "quote"))
    kind = file.word(fields.get("kind"), STATEMENT_KINDS)
    says, quote = file.text(fields.get("says")), file.text(fields.get("quote"))
    if kind is None or says is None or quote is None:
        return None
    return Statement(
        kind=kind,
        says=" ".join(says.split()),
        quote=quote,
        key=file.text(fields.get("key")) or "",
        number=_number(file, fields.get("value")),
        start=file.day(fields.get("from")),
        through=file.day(fields.get("through")),
        selectors=_selectors(file, fields.get("for")),
    )


def _clause(file: SourceFile, node: Node) -> Clause | None:
    fields = file.fields(
        node, ("clause", "topic", "statements"), required=("clause", "topic", "statements")
    )
    clause_id, topic = file.text(fields.get("clause")), file.text(fields.get("topic"))
    statements = [_statement(file, item) for item in file.items(fields.get("statements"))]
    if clause_id is None or topic is None:
        return None
    return Clause(clause_id, topic, tuple(each for each in statements if each is not None))


def _clauses(file: SourceFile, node: Node | None) -> dict[str, Clause]:
    clauses: dict[str, Clause] = {}
    for item in file.items(node):
        clause = _clause(file, item)
        if clause is None:
            continue
        if clause.id in clauses:
            file.problem("duplicate_clause", item, f"clause `{clause.id}` stands twice")
        clauses[clause.id] = clause
    return clauses


def read_notice(path: Path, problems: list[Problem]) -> Notice | None:
    """Read one notice; None after a problem that leaves nothing to cite."""
    file = SourceFile(path, problems)
    root = file.root()
    fields = file.fields(root, _NOTICE_KEYS, _REQUIRED if root is not None else ())
    notice_id, number = file.text(fields.get("notice")), file.text(fields.get("number"))
    title = (
        file.fields(fields.get("title"), ("zh", "en"), ("zh", "en")) if "title" in fields else {}
    )
    issued_on = (
        None if _is_not_known(fields.get("issued_on")) else file.day(fields.get("issued_on"))
    )
    clauses = _clauses(file, fields.get("clauses"))
    if notice_id is not None and notice_id != path.stem:
        file.problem("wrong_name", fields["notice"], f"`{notice_id}` is not the name of the file")
    if notice_id is None or number is None:
        return None
    return Notice(
        id=notice_id,
        number=number,
        title_zh=file.text(title.get("zh")) or "",
        title_en=file.text(title.get("en")) or "",
        issuers=file.texts(fields.get("issuers")),
        issued_on=issued_on,
        clauses=clauses,
    )

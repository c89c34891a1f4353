"""Rules about source code that no linter of ours knows: one function each, from tree to findings.

A rule takes the tree of one module and yields the lines that break it. What a rule must let
stand is named in `REVIEWED`, with the reason beside it; a test refuses a name that no longer
applies, so the list cannot rot.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

Rule = Callable[[ast.AST], Iterator[int]]

EXECUTING = {"execute", "executemany"}
RAW = {"raw", "extra", "RawSQL"}
QUERYING = {
    "filter", "exclude", "get", "create", "update", "order_by", "values", "values_list",
    "annotate", "aggregate", "get_or_create", "update_or_create", "only", "defer",
}  # fmt: skip
FROM_A_REQUEST = {"GET", "POST", "data", "query_params", "cleaned_data", "body", "headers"}
CLOCKS = {
    ("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow"), ("date", "today"),
    ("timezone", "now"), ("timezone", "localtime"), ("timezone", "localdate"), ("time", "time"),
}  # fmt: skip
UNSCOPED = {"_base_manager", "_default_manager", "base_manager", "default_manager"}
UNSAFE_LOADERS = {"pickle", "cPickle", "shelve", "marshal", "dill", "jsonpickle"}


def interpolated_sql(tree: ast.AST) -> Iterator[int]:
    """A statement handed to the database is a constant or composed by psycopg, never glued."""
    for call in _calls(tree):
        if _name(call.func) in EXECUTING and call.args and _is_glued(call.args[0]):
            yield call.lineno


def raw_sql(tree: ast.AST) -> Iterator[int]:
    """The framework's own doors to raw SQL stay shut."""
    yield from (call.lineno for call in _calls(tree) if _name(call.func) in RAW)


def marked_safe(tree: ast.AST) -> Iterator[int]:
    """No text is declared free of markup; `format_html` gets a literal and escapes the rest."""
    for call in _calls(tree):
        name = _name(call.func)
        if name in {"mark_safe", "SafeString", "SafeText"}:
            yield call.lineno
        elif name in {"format_html", "format_html_join"}:
            place = 0 if name == "format_html" else 1
            if not (len(call.args) > place and isinstance(call.args[place], ast.Constant)):
                yield call.lineno


def request_as_keywords(tree: ast.AST) -> Iterator[int]:
    """What a request carries never becomes the keyword or the field name of a query."""
    for call in _calls(tree):
        if _name(call.func) not in QUERYING:
            continue
        expanded = [keyword.value for keyword in call.keywords if keyword.arg is None]
        expanded += [arg for arg in call.args if isinstance(arg, ast.Starred)]
        if _name(call.func) == "order_by":
            expanded += [arg for arg in call.args if not isinstance(arg, ast.Constant)]
        if any(_names_inside(value) & FROM_A_REQUEST for value in expanded):
            yield call.lineno


def message_inside_transaction(tree: ast.AST) -> Iterator[int]:
    """A message goes out after the commit: nobody calls `delay` or `apply_async` at once."""
    deferred = {
        id(node)
        for call in _calls(tree)
        if _name(call.func) == "on_commit"
        for node in ast.walk(call)
    }
    for call in _calls(tree):
        if _name(call.func) in {"delay", "apply_async", "send_task"} and id(call) not in deferred:
            yield call.lineno


def clock_of_its_own(tree: ast.AST) -> Iterator[int]:
    """Business code has one clock, `config.calendar`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and (_name(node.value), node.attr) in CLOCKS:
            yield node.lineno


def unsafe_loader(tree: ast.AST) -> Iterator[int]:
    """Nothing is read back by a format that runs code."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names = {(node.module or "").split(".")[0]}
        elif isinstance(node, ast.Call) and _name(node.func) in {"unsafe_load", "full_load"}:
            names = {"pickle"}
        else:
            continue
        if names & UNSAFE_LOADERS:
            yield node.lineno


def unscoped_manager(tree: ast.AST) -> Iterator[int]:
    """Rows of an office are asked for through `objects`; the framework's inner managers forget it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in UNSCOPED:
            yield node.lineno


RULES: dict[str, Rule] = {
    rule.__name__: rule
    for rule in (
        interpolated_sql,
        raw_sql,
        marked_safe,
        request_as_keywords,
        message_inside_transaction,
        clock_of_its_own,
        unsafe_loader,
        unscoped_manager,
    )
}

# (rule, file) -> why it stands.
REVIEWED: dict[tuple[str, str], str] = {
    ("clock_of_its_own", "config/calendar.py"): "it is the clock",
    ("clock_of_its_own", "config/audit/sign_in.py"): "an instant of the account, no business day",
    ("clock_of_its_own", "config/offices/models.py"): "an instant of the account, no business day",
    ("clock_of_its_own", "config/backup/base_backup.py"): "when a copy began and ended",
    ("clock_of_its_own", "config/outbox/selectors.py"): "an age by the clock of the rows",
    ("clock_of_its_own", "config/runs/selectors.py"): "an age by the clock of the rows",
    ("message_inside_transaction", "config/outbox/services.py"): "runs after the commit",
    ("message_inside_transaction", "config/runs/services.py"): "runs after the commit",
    ("unscoped_manager", "config/runs/file_stores.py"): "any model's first manager, in scope",
    ("unscoped_manager", "config/runs/key_rotation.py"): "any model's first manager, in scope",
}


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _name(node: ast.AST) -> str:
    """Return the last part of a dotted name."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _is_glued(node: ast.AST) -> bool:
    if isinstance(node, ast.JoinedStr):
        return True
    if isinstance(node, ast.BinOp):
        return True
    is_format = isinstance(node, ast.Call) and _name(node.func) == "format"
    return (
        is_format
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Constant | ast.JoinedStr)
    )


def _names_inside(node: ast.AST) -> set[str]:
    return {_name(inner) for inner in ast.walk(node)}

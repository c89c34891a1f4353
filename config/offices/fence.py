"""Tell the database which offices may be seen, once per transaction.

Row-level security compares `office_id` with the setting `app.office_ids`. The setting is local
to a transaction, so nothing is left behind on a connection that serves many people. It is set
by a wrapper around every statement: whoever opens the transaction (a request, a task, a
service), its first statement carries the scope in force, and a scope that changes inside a
transaction is told before the next statement. A statement in a scope but outside any
transaction gets a transaction of its own; otherwise it would silently see no rows.

COPY does not pass here: whoever copies runs an ordinary statement first in the same transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.pq import TransactionStatus

from config.offices import scope

NOTHING = ("", "", "")
# An error quotes the row it failed on below its first line.
QUOTED = ("DETAIL:", "CONTEXT:", "HINT:")
TELL = (
    "SELECT set_config('app.office_ids', %s, true),"
    " set_config('pghistory.context_id', %s, true),"
    " set_config('pghistory.context_metadata', %s, true)"
)


def attach(connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    """Wrap the statements of a connection; called whenever Django opens one."""
    if carry_scope not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, carry_scope)


@contextmanager
def quiet_errors() -> Iterator[None]:
    """Let a database error say what failed, not on which row: its text ends up in reports.

    Whoever needs to know reads `diag` of the cause.
    """
    try:
        yield
    except DatabaseError as error:
        for each in (error, error.__cause__):
            if each is not None and each.args and isinstance(each.args[0], str):
                each.args = (_first_line(each.args[0]), *each.args[1:])
        raise


def _first_line(text: str) -> str:
    places = [place for word in QUOTED if (place := text.find(f"\n{word}")) >= 0]
    return text[: min(places)] if places else text


def carry_scope(
    execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Run one statement under the scope in force."""
    with quiet_errors():
        return _carried(execute, sql, params, many, context)


def _carried(
    execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    connection = context["connection"]
    in_force = scope.current_or_none()
    told = in_force.settings if in_force else NOTHING
    if not connection.in_atomic_block:
        if in_force is None or not connection.get_autocommit():
            return execute(sql, params, many, context)
        with transaction.atomic(using=connection.alias):
            _tell(connection, told)
            return execute(sql, params, many, context)
    _tell(connection, told)
    result = execute(sql, params, many, context)
    if str(sql).startswith("ROLLBACK TO"):
        # The database went back to what it was told before the savepoint.
        connection.told_scope = None
    return result


def _tell(connection: Any, told: tuple[str, str, str]) -> None:
    status = connection.connection.info.transaction_status
    if status == TransactionStatus.INERROR:
        return  # only a rollback can follow, and it needs no scope
    before = (
        NOTHING if status == TransactionStatus.IDLE else getattr(connection, "told_scope", None)
    )
    if before == told:
        connection.told_scope = told
        return
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        cursor.execute(TELL, told)
    connection.told_scope = told

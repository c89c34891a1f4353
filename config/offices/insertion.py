"""Write one row by a statement made once per table.

`save()` makes its statement anew for every row, which takes longer than the database needs for
it. Rows of the ledger and of the record are only ever inserted, one act writes many of them, and
the person at the desk waits: they are written here. No signal is sent; nobody listens to one.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, connections, models

from config.offices.models import ScopedModel


class _Insertion(NamedTuple):
    """The statement for a table, the fields it is given, the names of those it answers."""

    statement: str
    given: tuple[models.Field, ...]
    answered: tuple[str, ...]


def insert(row: ScopedModel, using: str = DEFAULT_DB_ALIAS) -> None:
    """Insert a row; its number, and what the database fills in, are set on it.

    Args:
        row: a new row.
        using: alias of the connection.
    """
    connection = connections[using]
    insertion = _insertion(type(row))
    values = [
        field.get_db_prep_save(field.pre_save(row, add=True), connection)
        for field in insertion.given
    ]
    with connection.cursor() as cursor:
        cursor.execute(insertion.statement, values)
        for name, value in zip(insertion.answered, cursor.fetchone(), strict=True):
            setattr(row, name, value)
    # What Django says of a row it has loaded or saved itself.
    state = row._state  # noqa: SLF001  documented by Django for such use
    state.adding, state.db = False, using


@cache
def _insertion(model: type[ScopedModel]) -> _Insertion:
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    fields = model._meta.concrete_fields
    answered = [field for field in fields if field.primary_key or field.has_db_default()]
    given = [field for field in fields if field not in answered]
    statement = "INSERT INTO {} ({}) VALUES ({}) RETURNING {}".format(  # noqa: S608  names of the model
        quote(model._meta.db_table),
        ", ".join(quote(field.column) for field in given),
        ", ".join(_placeholder(field) for field in given),
        ", ".join(quote(field.column) for field in answered),
    )
    return _Insertion(statement, tuple(given), tuple(field.attname for field in answered))


def _placeholder(field: Any) -> str:
    """Return where the value stands; an array states its type, or an empty one would have none."""
    if not hasattr(field, "get_placeholder"):
        return "%s"
    return field.get_placeholder(None, None, connections[DEFAULT_DB_ALIAS])

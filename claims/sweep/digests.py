"""H6: no stored version was altered: its digest is made anew, in SQL, and compared.

The text under a digest is what `claims.services.versions.row_digest` writes: JSON with sorted
keys, made here column by column. A column that is added to the model is added here by itself.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from claims.models import Settlement
from claims.services.versions import UNDIGESTED
from claims.sweep.rows import NAME
from config.sweep.invariants import SqlRule, holds_in_sql

# Python writes a float with as many digits as it takes, and at least one behind the point.
_SECONDS = """regexp_replace(
    trim(trailing '0' FROM extract(epoch FROM s.{column})::numeric(20, 6)::text), '[.]$', '.0')"""
_SORTED = """'{{' || COALESCE((
    SELECT string_agg(to_json(kept.key)::text || ': ' || kept.value::text, ', '
        ORDER BY kept.key COLLATE "C")
    FROM jsonb_each(s.{column}) kept), '') || '}}'"""
_WRITTEN: tuple[tuple[type[models.Field], str], ...] = (
    (models.JSONField, _SORTED),
    (ArrayField, "'[' || array_to_string(s.{column}, ', ') || ']'"),
    (models.DateTimeField, _SECONDS),
    (models.DateField, "'\"' || s.{column} || '\"'"),
    (models.UUIDField, "'\"' || s.{column} || '\"'"),
    (models.BooleanField, "s.{column}::text"),
    (models.CharField, "to_json(s.{column})::text"),
    (models.IntegerField, "s.{column}::text"),
    (models.ForeignKey, "s.{column}::text"),
)


def digested_text() -> str:
    """Return the expression for the text under a digest, column by column in their order."""
    fields = sorted(
        (field for field in Settlement._meta.concrete_fields if field.attname not in UNDIGESTED),
        key=lambda field: field.attname,
    )
    pieces = []
    for number, field in enumerate(fields):
        start = "{" if number == 0 else ", "
        value = _value(field)
        if field.null:
            value = f"COALESCE({value}, 'null')"
        pieces.append(f"'{start}\"{field.attname}\": ', {value}")
    # A function takes a hundred arguments: the text is put together from several.
    halves = [", ".join(pieces[at : at + 40]) for at in range(0, len(pieces), 40)]
    return " || ".join(f"concat({half})" for half in halves) + " || '}'"


def _value(field: models.Field) -> str:
    for kind, written in _WRITTEN:
        if isinstance(field, kind):
            return written.format(column=field.column)
    msg = f"no form for the column {field.attname}"
    raise TypeError(msg)


H6 = holds_in_sql(
    "H6",
    "no settlement version was altered since it was written",
    ["claims_settlement"],
    SqlRule(
        "the digest of a version is that of its row",
        f"SELECT {NAME} FROM claims_settlement s"  # noqa: S608  the columns are those of the model
        f" WHERE s.row_digest <> encode(sha256(convert_to({digested_text()}, 'UTF8')), 'hex')",
    ),
)

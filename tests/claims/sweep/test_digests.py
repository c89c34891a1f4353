"""A version altered anywhere, in any column, is found by its digest."""

import random

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import models

from claims.models import Settlement
from claims.services.versions import UNDIGESTED
from tests.claims.sweep.test_controls import sweep
from tests.tampering import without_fences

pytestmark = pytest.mark.django_db(transaction=True)
ALTERATIONS = 100
# Column kinds, and what somebody would turn a value into.
CHANGES = (
    (models.JSONField, "{column} || '{{\"admissions\": 77}}'"),
    (ArrayField, "{column} || 1::bigint"),
    (models.DateTimeField, "{column} + interval '1 microsecond'"),
    (models.DateField, "{column} + 1"),
    (models.UUIDField, "gen_random_uuid()"),
    (models.BooleanField, "NOT {column}"),
    (models.CharField, "CASE WHEN {column} = '改' THEN '' ELSE '改' END"),
    (models.IntegerField, "{column} + 1"),
    (models.ForeignKey, "COALESCE({column}, 0) + 1"),
)
COLUMNS = [field for field in Settlement._meta.concrete_fields if field.attname not in UNDIGESTED]


def change_of(field) -> str:
    written = next(change for kind, change in CHANGES if isinstance(field, kind))
    return f"{field.column} = {written.format(column=field.column)}"


@pytest.mark.row("H6")
def test_a_hundred_altered_rows_are_a_hundred_findings(ledger, seed, tried):
    draw = random.Random(seed)
    missed = []
    with without_fences("claims_settlement") as tampering:
        rows = [pk for (pk,) in tampering.owner.execute("SELECT id FROM claims_settlement")]
        for number in range(ALTERATIONS):
            # Every column once, then by lot.
            field = COLUMNS[number] if number < len(COLUMNS) else draw.choice(COLUMNS)
            row = draw.choice(rows)
            statement = f"UPDATE claims_settlement SET {change_of(field)} WHERE id = {row}"  # noqa: S608
            assert tampering.change(statement) == 1
            if sweep("H6")["H6"].findings != 1:
                missed.append((field.attname, row))
            tampering.restore()
    tried(ALTERATIONS)
    assert len(COLUMNS) < ALTERATIONS
    assert missed == []

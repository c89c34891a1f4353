"""Rows written by a statement made once per table."""

from uuid import uuid4

import pytest

from config.audit.models import ActKey
from config.offices.acting import run_in_office
from config.offices.insertion import insert
from tests.factories.offices import make_offices


@pytest.fixture
def east(db):
    offices = make_offices()
    with run_in_office(offices.east, roles=["clerk"]):
        yield offices.east


def act_key(office, **changes):
    plain = {
        "office_id": office.pk,
        "kind": "settlement.confirm",
        "key": str(uuid4()),
        "body_digest": "0" * 64,
        "result": {"number": "2026-000001", "reasons": ["H01"]},
    }
    return ActKey(**plain | changes)


def test_a_row_is_stored_as_save_would_store_it(east):
    inserted, saved = act_key(east), act_key(east)
    insert(inserted)
    saved.save()
    for row in (inserted, saved):
        stored = ActKey.objects.get(pk=row.pk)
        for field in ActKey._meta.concrete_fields:
            assert getattr(row, field.attname) == getattr(stored, field.attname)
    assert inserted._state.adding is saved._state.adding is False
    assert inserted._state.db == saved._state.db == "default"


def test_one_statement_serves_every_row_of_a_table(east, django_assert_num_queries):
    with django_assert_num_queries(2):
        insert(act_key(east))
        insert(act_key(east))

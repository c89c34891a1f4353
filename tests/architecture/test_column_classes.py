"""Every column has a class, and what the class demands holds of it."""

from pathlib import Path

import pytest
import yaml
from django.apps import apps

from config.identity.fields import EncryptedText

TABLE = Path(__file__).resolve().parents[2] / "config" / "identity" / "column_classes.yaml"
CLASSES = {"S3", "S2", "S1", "none"}
# S3 that stands in plain: whoever settles or certifies must see it, and no list shows it.
SEEN_BY_THE_DESK = {
    ("claims_billitem", "item_name"),
    ("claims_billversion", "disease"),
    ("enrollment_diseasecertification", "disease"),
    ("enrollment_diseasecertificationevent", "disease"),
    # What the office of the person is handed over: the bill as entered.
    ("enrollment_acceptedcase", "payload"),
    ("enrollment_acceptedcaseevent", "payload"),
    ("enrollment_casereceipt", "payload"),
    ("enrollment_casereceiptevent", "payload"),
}


@pytest.fixture(scope="module")
def classes():
    return yaml.safe_load(TABLE.read_text(encoding="utf-8"))


def columns():
    return {
        model._meta.db_table: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed
    }


def test_every_column_stands_in_the_table_once(classes, tried):
    listed = {table: [c for named in by.values() for c in named] for table, by in classes.items()}
    assert {by for each in classes.values() for by in each} <= CLASSES
    assert {table: sorted(names) for table, names in listed.items()} == {
        table: sorted(field.column for field in model._meta.concrete_fields)
        for table, model in columns().items()
    }
    tried(sum(len(names) for names in listed.values()))


def test_what_is_s3_is_sealed_or_a_keyed_digest_of_it(classes):
    plain = {
        (table, field.column)
        for table, model in columns().items()
        for field in model._meta.concrete_fields
        if field.column in classes[table].get("S3", ())
        and not isinstance(field, EncryptedText)
        and not field.column.endswith("_digest")
    }
    assert plain == SEEN_BY_THE_DESK


def test_no_unique_rule_stands_on_what_an_error_would_tell(classes):
    """G2: an error of a unique index quotes its key; only digests and ids may be one."""
    telling = {
        (table, field.column)
        for table, model in columns().items()
        for field in model._meta.concrete_fields
        if field.unique and not field.primary_key
        if field.column in {*classes[table].get("S3", ()), *classes[table].get("S2", ())}
        and "digest" not in field.column
    }
    # The name of an account is its sign-in; a session's key is random.
    assert telling <= {("offices_user", "username"), ("sign_in_livesession", "session_key")}


def test_every_sealed_column_is_s3(classes):
    for table, model in columns().items():
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedText):
                assert field.column in {*classes[table].get("S3", ()), "seed"}, (table, field)

"""The glossary binds identifiers to words of the notices, once each."""

import re

import pytest
import yaml

from config.policy.loader import NOTICES, REGIONS, load_notices
from config.policy.schema import CARE_TYPES, CATEGORIES, OUTPATIENT_BALANCE

ROWS = yaml.safe_load((REGIONS.parent / "glossary.yaml").read_text(encoding="utf-8"))
BY_IDENTIFIER = {row["identifier"]: row for row in ROWS}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["identifier"])
def test_a_row_has_its_shape(row):
    assert (
        {"identifier", "zh", "meaning"}
        <= set(row)
        <= {"identifier", "zh", "also", "meaning", "source"}
    )
    assert re.fullmatch(r"[a-z][a-z_]*", row["identifier"])
    assert re.search(r"[\u4e00-\u9fff]", row["zh"])
    assert row["meaning"].endswith(".")


def test_identifiers_and_words_stand_once():
    words = [word for row in ROWS for word in (row["zh"], *row.get("also", []))]
    assert len(BY_IDENTIFIER) == len(ROWS)
    assert sorted(words) == sorted(set(words))


def test_sources_are_clauses_that_exist():
    notices = load_notices([NOTICES])
    for row in ROWS:
        if "source" in row:
            assert row["source"]["clause"] in notices[row["source"]["notice"]].clauses, row[
                "identifier"
            ]


def test_every_category_and_care_type_has_its_word():
    assert {*CATEGORIES, *CARE_TYPES, OUTPATIENT_BALANCE} <= set(BY_IDENTIFIER)

from datetime import date

import numpy as np
import pytest

from claims.settlement.columns import HELD, RESERVED_ACCUMULATORS
from claims.settlement.reasons import REASONS
from claims.settlement.rules import RuleBook
from config.policy.pack import RegionPack
from config.policy.tree import PolicyTree
from tests.claims.settlement.plain import columns_of, facts, plain_book, plain_tree

FIRST_HALF = (date(2021, 1, 1), date(2022, 6, 30))
SECOND_HALF = (date(2022, 7, 1), date(2022, 12, 31))


def row_of(book, **changes):
    return book.row("", book.combination(facts(**changes)))


def test_days_with_the_same_answers_share_a_row_but_never_across_years(tmp_path):
    book = plain_book(tmp_path)
    march = row_of(book, discharged_on=date(2022, 3, 1))
    assert row_of(book, discharged_on=date(2022, 12, 31)) == march
    assert row_of(book, discharged_on=date(2021, 12, 31)) != march


def test_a_change_inside_a_year_divides_it(tmp_path):
    book = plain_book(tmp_path, {"basic.rate": [({}, "65%", FIRST_HALF), ({}, "66%", SECOND_HALF)]})
    june = row_of(book, discharged_on=date(2022, 6, 30))
    july = row_of(book, discharged_on=date(2022, 7, 1))
    assert row_of(book, discharged_on=date(2022, 1, 1)) == june
    assert book.table.rules["basic_rate"][[june, july]].tolist() == [650_000, 660_000]


@pytest.mark.parametrize(("later", "is_same"), [("12000 yuan", True), ("13000 yuan", False)])
def test_terms_change_by_value_and_not_by_who_says_it(tmp_path, later, is_same):
    changes = {
        "catastrophic.deductible": [({}, "12000 yuan", FIRST_HALF), ({}, later, SECOND_HALF)]
    }
    content = plain_tree(tmp_path, changes).pack.content()
    content["keys"]["catastrophic.deductible"]["values"][1]["citation"]["note"] = "said again"
    book = RuleBook.of(PolicyTree(RegionPack.from_content(content)))
    rows = [row_of(book, discharged_on=day) for day in (date(2022, 6, 30), date(2022, 7, 1))]
    periods = book.table.rules["catastrophic_period"][rows].tolist()
    assert rows[0] != rows[1]
    assert (periods[0] == periods[1]) == is_same


def test_unfiled_care_knows_its_filed_counterpart(tmp_path):
    book = plain_book(tmp_path)
    unfiled = row_of(book, off_area="in_province_unfiled")
    filed = row_of(book, off_area="in_province")
    assert book.table.rules["filed_row"][unfiled] == filed
    assert book.table.rules["filed_row"][filed] == filed


def test_two_releases_share_accumulators_by_id(tmp_path):
    old = plain_tree(tmp_path / "old", {"basic.rate": [({}, "60%")]})
    more = {
        "basic.counts_into": [({}, ["basic_cap", "extra"])],
        "basic.limits.extra": [({}, "1 yuan")],
    }
    new = plain_tree(tmp_path / "new", more)
    book = RuleBook({"old": old, "new": new})
    names = book.accumulator_names
    assert names[: len(RESERVED_ACCUMULATORS)] == RESERVED_ACCUMULATORS
    assert len(names) == len(set(names))
    assert set(names) == {*RESERVED_ACCUMULATORS, *old.accumulator_ids, *new.accumulator_ids}
    columns = columns_of(book, [facts(release="old"), facts(release="new")])
    slots = book.table.rules["basic_limit_slot"][:2, columns.rule_row].tolist()
    assert slots == [[names.index("basic_cap")] * 2, [-1, names.index("extra")]]
    assert book.table.rules["basic_rate"][columns.rule_row].tolist() == [600_000, 650_000]


def outcome_of(book, **changes):
    columns = columns_of(book, [facts(**changes)])
    return columns.outcome[0], REASONS[columns.reason[0]].code


def test_a_day_outside_the_pack_is_held(tmp_path):
    book = plain_book(tmp_path)
    assert outcome_of(book, discharged_on=date(2020, 12, 31)) == (HELD, "H04")
    assert outcome_of(book, discharged_on=date(2021, 1, 1))[1] == ""


def test_old_all_year_asks_for_new_years_day(tmp_path):
    tree = plain_tree(tmp_path, {"catastrophic.on_rule_change": [({}, "old_all_year")]})
    assert outcome_of(RuleBook.of(tree), discharged_on=date(2021, 4, 1))[1] == ""
    content = tree.pack.content()
    content["region"]["known"] = ["2021-03-01", "2022-12-31"]
    late = RuleBook.of(PolicyTree(RegionPack.from_content(content)))
    assert outcome_of(late, discharged_on=date(2021, 4, 1)) == (HELD, "H04")
    assert outcome_of(late, discharged_on=date(2022, 4, 1))[1] == ""


def test_paper_claims_have_a_last_day(tmp_path):
    book = plain_book(tmp_path, {"coverage.paper_deadline": [({}, "03-31 of the next year")]})
    last, late = date(2023, 3, 31), date(2023, 4, 1)
    assert outcome_of(book, kind="manual", received_on=last)[1] == ""
    assert outcome_of(book, kind="manual", received_on=late) == (HELD, "H06")
    assert outcome_of(book, kind="direct", received_on=late)[1] == ""


def test_a_level_the_region_does_not_have_is_no_level(tmp_path):
    book = plain_book(tmp_path, region={"levels": [1, 2, 3]})
    assert outcome_of(book, level=0) == (HELD, "H07")
    assert outcome_of(book, level=None) == (HELD, "H07")


def test_columns_hold_the_facts_of_the_place(tmp_path):
    bills = [
        facts(off_area=place, is_referred=False, other_aid_fen=number)
        for number, place in enumerate(
            ("none", "in_province", "out_province_unfiled", "out_province_residence")
        )
    ]
    columns = columns_of(plain_book(tmp_path), bills)
    assert columns.is_referred.tolist() == [True, False, False, True]
    assert columns.is_filed.tolist() == [True, True, False, True]
    assert columns.is_in_province.tolist() == [True, True, False, False]
    assert columns.other_aid_fen.tolist() == [0, 1, 2, 3]
    assert columns.other_aid_fen.dtype == np.int64

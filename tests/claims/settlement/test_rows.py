import pytest

from claims.settlement.rule_values import TooWide
from claims.settlement.table import NEVER_REACHED_FEN, NOT_OFFERED
from tests.claims.settlement.plain import POOR, facts, plain_book


def written(book, **changes):
    """The rule row of a bill: column -> value."""
    bill = facts(**changes)
    row = book.row("", book.combination(bill))
    return lambda name, *index: int(book.table.rules[name][(*index, row)])


def test_a_plain_row(tmp_path):
    says = written(plain_book(tmp_path))
    assert (says("basic_rate"), says("basic_over", 0), says("basic_step", 0)) == (
        650_000,
        0,
        650_000,
    )
    assert [says("basic_deductible_fen", order) for order in range(4)] == [70_000] * 4
    assert says("basic_limit_fen", 0) == 8_000_000
    assert says("basic_limit_slot", 1) == -1
    assert (says("catastrophic_limit_open", 0), says("catastrophic_base_deductible")) == (1, 1)
    assert says("catastrophic_base_self_pay_first") == 0
    assert says("assistance_status", 0) == NOT_OFFERED
    assert says("basic_over", 1) == NEVER_REACHED_FEN


def test_rate_bonuses_points_and_factor_come_together(tmp_path):
    changes = {
        "basic.age_bonus": [({"age_group": "minor"}, "5 points")],
        "basic.points_off": [({"off_area": "in_province"}, "10 points")],
        "basic.factor": [({"off_area": "in_province"}, "90%")],
    }
    book = plain_book(tmp_path, changes)
    # (65 % + 5 - 10) x 90 %
    says = written(book, age_group="minor", off_area="in_province")
    assert says("basic_rate") == 540_000
    assert written(book, age_group="minor")("basic_rate") == 700_000


def test_an_own_rate_replaces_all_of_it(tmp_path):
    changes = {
        "basic.age_bonus": [({"age_group": "minor"}, "5 points")],
        "basic.off_area_rate": [({"off_area": "out_province_unfiled"}, "40%")],
        "basic.off_area_deductible": [({"off_area": "out_province_unfiled"}, "1500 yuan")],
        "basic.local_terms": [({"category": "minimum_living"}, "applies")],
    }
    book = plain_book(tmp_path, changes)
    says = written(book, age_group="minor", off_area="out_province_unfiled")
    assert (says("basic_rate"), says("basic_deductible_fen", 0)) == (400_000, 150_000)
    # Poor people are treated at the terms of home elsewhere too.
    says = written(book, age_group="minor", off_area="out_province_unfiled", **POOR)
    assert (says("basic_rate"), says("basic_deductible_fen", 0)) == (700_000, 70_000)


def test_deductibles_by_order_and_category_are_rounded_once(tmp_path):
    changes = {
        "basic.deductible": [({}, "333.33 yuan")],
        "basic.deductible_order_share": [({"order": 2}, "50%"), ({"order": 3}, "0%")],
        "basic.deductible_category_share": [({"category": "minimum_living"}, "50%")],
    }
    says = written(plain_book(tmp_path, changes), **POOR)
    # 333.33 x 50 % = 166.665; x 50 % = 83.3325, not half of 166.67
    assert [says("basic_deductible_fen", order) for order in range(4)] == [16_667, 8_333, 0, 0]


def test_a_fixed_sum_stands_for_rate_and_deductible(tmp_path):
    book = plain_book(tmp_path, {"basic.fixed_sum": [({"care_type": "maternity"}, "1500 yuan")]})
    says = written(book, care_type="maternity")
    assert (says("basic_is_fixed"), says("basic_fixed_fen")) == (1, 150_000)
    assert (says("basic_rate"), says("basic_deductible_fen", 0)) == (0, 0)


def test_conditions_of_a_kind(tmp_path):
    changes = {
        "assistance.kind_condition": [
            (
                {"kind": "large"},
                {"level_at_least": 2, "cost_over": "30000 yuan", "cost": "either"},
            )
        ]
    }
    book = plain_book(tmp_path, changes, {"assistance_kinds": ["large", "ordinary"]})
    says = written(book)
    assert (says("kind_possible", 0), says("kind_cost_fen", 0)) == (1, 3_000_000)
    assert (says("kind_possible", 1), says("kind_cost_fen", 1)) == (1, -1)
    assert written(book, level=1)("kind_possible", 0) == 0
    assert book.table.kinds == 2


def test_a_limit_means_the_category_of_the_subject_that_defines_it(tmp_path):
    changes = {
        "assistance.limits.assistance_limit": [],
        "supplementary.counts_into": [({}, ["assistance_limit"])],
    }
    changes["assistance.limits.assistance_limit"] = [
        ({}, "6000 yuan"),
        ({"category": "near_poor"}, "2000 yuan"),
    ]
    book = plain_book(tmp_path, changes)
    says = written(book, category_assistance="near_poor", category_supplementary="none")
    assert says("supplementary_limit_fen", 0, 0) == 200_000


def test_a_pack_wider_than_the_table_is_refused(tmp_path):
    steps = [(f"{over}000 yuan", "50%") for over in range(9)]
    book = plain_book(tmp_path, {"basic.rate": [({}, steps)]})
    with pytest.raises(TooWide, match="9 bands; 8 are provided for"):
        written(book)


def test_too_many_limits_are_refused(tmp_path):
    names = [f"limit_{number}" for number in range(5)]
    changes = {"basic.counts_into": [({}, names)], "basic.limits.basic_cap": [({}, "1 yuan")]}
    changes |= {f"basic.limits.{name}": [({}, "1 yuan")] for name in names}
    with pytest.raises(TooWide, match="5 limits; 4 are provided for"):
        written(plain_book(tmp_path, changes))


def test_too_many_kinds_are_refused(tmp_path):
    kinds = [f"kind_{number}" for number in range(4)]
    conditions = [({"kind": kind}, {"level_at_least": 3}) for kind in kinds]
    book = plain_book(
        tmp_path,
        {"assistance.kind_condition": conditions},
        {"assistance_kinds": [*kinds, "ordinary"]},
    )
    with pytest.raises(TooWide, match="5 assistance kinds; 4 are provided for"):
        written(book)

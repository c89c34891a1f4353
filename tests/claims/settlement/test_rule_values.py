from datetime import date

import numpy as np
import pytest

from claims.settlement.rule_values import (
    adjusted_rate,
    bands_of,
    half_up,
    whole_number,
    write_scale,
    write_terms,
)
from claims.settlement.table import NEVER_REACHED_FEN, NOT_OFFERED, STATUS, RuleTable
from config.policy.citation import Citation
from config.policy.tree import Answer, Step
from tests.claims.settlement.plain import plain_tree


def answer(value):
    return Answer("offered", value, False, None, None, Citation("source"))


@pytest.mark.parametrize(
    ("rate", "points", "factor", "adjusted"),
    [
        (650_000, 0, 1_000_000, 650_000),
        (650_000, -100_000, 900_000, 495_000),
        (50_000, -100_000, 1_000_000, 0),
        (950_000, 100_000, 1_000_000, 1_000_000),
        # Above 100 % before the factor: only the outcome is clamped.
        (950_000, 100_000, 900_000, 945_000),
        (333_333, 0, 500_000, 166_667),
    ],
)
def test_a_rate_is_adjusted_then_clamped(rate, points, factor, adjusted):
    assert adjusted_rate(rate, points, factor) == adjusted


@pytest.mark.parametrize(
    ("numerator", "denominator", "quotient"),
    [(0, 7, 0), (1, 2, 1), (49, 100, 0), (5, 10, 1), (14, 10, 1), (15, 10, 2), (10**30, 10**30, 1)],
)
def test_half_goes_up(numerator, denominator, quotient):
    assert half_up(numerator, denominator) == quotient


def test_numbers_and_bands_are_told_apart():
    bands = (Step(0, 1), Step(5, 2))
    assert whole_number(answer(5)) == 5
    assert bands_of(answer(5)) == [Step(0, 5)]
    assert bands_of(answer(bands)) == list(bands)
    with pytest.raises(TypeError, match="a quantity was expected"):
        whole_number(answer(bands))
    with pytest.raises(TypeError, match="a rate or steps were expected"):
        bands_of(answer("in"))


def test_a_scale_holds_where_the_rate_changes_and_by_how_much():
    thresholds, changes = np.zeros((4, 2), dtype=np.int64), np.zeros((4, 2), dtype=np.int64)
    write_scale(thresholds, changes, 1, [Step(0, 600_000), Step(100, 700_000), Step(200, 500_000)])
    assert thresholds[:, 1].tolist() == [0, 100, 200, NEVER_REACHED_FEN]
    assert changes[:, 1].tolist() == [600_000, 100_000, -200_000, 0]
    assert not thresholds[:, 0].any()


@pytest.mark.parametrize(
    ("basis", "thresholds"),
    [
        ("above_deductible", [1_200_000, 3_200_000, 6_200_000]),
        # The lowest band reaches down to the deductible.
        ("absolute", [1_200_000, 2_000_000, 5_000_000]),
    ],
)
def test_terms_by_both_readings_of_the_bands(tmp_path, basis, thresholds):
    tree = plain_tree(tmp_path, {"catastrophic.band_basis": [({}, basis)]})
    table = RuleTable(("cap",), 1)
    row = table.terms.append()
    write_terms(tree, table, row, date(2022, 1, 1), "none")
    assert table.terms["threshold"][:3, row].tolist() == thresholds
    assert table.terms["step"][:3, row].tolist() == [650_000, 50_000, 50_000]
    assert table.terms_bands == 3


def test_terms_that_are_not_offered_pay_nothing(tmp_path):
    tree = plain_tree(tmp_path, {"catastrophic.brackets": [({}, "not_offered")]})
    table = RuleTable(("cap",), 1)
    row = table.terms.append()
    write_terms(tree, table, row, date(2022, 1, 1), "none")
    assert table.terms["status"][row] == NOT_OFFERED == STATUS["not_offered"]
    assert not table.terms["step"][:, row].any()

"""Amounts in Chinese capitals, against the examples of the rules for filling in bills."""

import pytest

from claims.statement.capitals import yuan_in_capitals
from config.money import LIMIT_FEN


@pytest.mark.parametrize(
    ("fen", "capitals"),
    [
        (0, "零元整"),
        (1, "壹分"),
        (10, "壹角整"),
        (105, "壹元零伍分"),
        (1_00, "壹元整"),
        (10_00, "壹拾元整"),
        (1_409_50, "壹仟肆佰零玖元伍角整"),
        (6_007_14, "陆仟零柒元壹角肆分"),
        (16_409_02, "壹万陆仟肆佰零玖元零贰分"),
        (325_04, "叁佰贰拾伍元零肆分"),
        (12_345_67, "壹万贰仟叁佰肆拾伍元陆角柒分"),
        (100_005_00, "壹拾万零伍元整"),
        (10_010_000_00, "壹仟零壹万元整"),
        (100_000_001_00, "壹亿零壹元整"),
        (100_100_000_00, "壹亿零壹拾万元整"),
        (-1_20, "负壹元贰角整"),
    ],
)
def test_an_amount_in_capitals(fen, capitals):
    assert yuan_in_capitals(fen) == capitals


def test_an_amount_beyond_the_product_is_refused():
    with pytest.raises(ValueError, match="beyond the limit"):
        yuan_in_capitals(LIMIT_FEN + 1)


def test_the_largest_amount_can_be_written():
    assert yuan_in_capitals(LIMIT_FEN) == "玖佰贰拾亿元整"

"""What may not stand beside the last four of a number."""

import pytest

from config.identity.masking import reversible_combination

NUMBER = "099001197006081234"


@pytest.mark.row("G3")
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("张三 ****1234 · 1970", []),
        ("张三 ****1234 · 生于 1970-06-09", []),
        ("099001 1970-06-08 without the end of the number", []),
        (f"号码 {NUMBER}", ["number"]),
        ("099001 ****1234", ["region"]),
        ("****1234 1970-06-08", ["birth"]),
        ("****1234 1970年6月8日", ["birth"]),
        ("****1234 19700608", ["birth"]),
        ("****1234 1970/6/8 区划 099001", ["region", "birth"]),
        ("票据 0990011 金额 11234 元", []),
    ],
)
def test_what_makes_a_number_again_is_found(text, found):
    assert reversible_combination(text, NUMBER) == found

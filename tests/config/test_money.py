import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.errors import InvalidInput
from config.money import (
    LIMIT_FEN,
    PPM,
    apply_rate,
    format_ppm,
    format_yuan,
    parse_yuan,
    plain_yuan,
    round_ppm,
    split_fen,
)

FULL_WIDTH = "1" + chr(0xFF12) + chr(0xFF0C) + chr(0xFF13) + "45" + chr(0xFF0E) + chr(0xFF16)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("0", 0),
        ("1234.5", 123450),
        ("1234.56", 123456),
        (" 1,234.56 ", 123456),
        ("1,234,567", 123456700),
        (FULL_WIDTH, 1234560),
        ("92000000000.00", LIMIT_FEN),
        ("0000000000000000000001", 100),
    ],
)
def test_yuan_are_read_into_fen(text, fen):
    assert parse_yuan(text) == fen


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "money.empty"),
        ("  ", "money.empty"),
        ("1.005", "money.too_many_decimals"),
        ("1.000", "money.too_many_decimals"),
        ("-1", "money.sign"),
        ("+1", "money.sign"),
        ("1.", "money.not_a_number"),
        (".5", "money.not_a_number"),
        ("1e3", "money.not_a_number"),
        ("0x10", "money.not_a_number"),
        ("12 000", "money.not_a_number"),
        ("NaN", "money.not_a_number"),
        ("٣", "money.not_a_number"),
        ("一千", "money.not_a_number"),
        ("12,34", "money.grouping"),
        ("1,2345.00", "money.grouping"),
        ("92000000000.01", "money.too_large"),
        ("9" * 5000, "money.too_large"),
        (12.5, "money.not_text"),
        (12, "money.not_text"),
        (None, "money.not_text"),
    ],
)
def test_what_is_no_amount_is_refused_with_its_reason(text, code):
    with pytest.raises(InvalidInput) as caught:
        parse_yuan(text)
    assert caught.value.code == code


def test_a_sign_may_be_allowed():
    assert parse_yuan("-1.50", allow_sign=True) == -150
    assert parse_yuan("+1.50", allow_sign=True) == 150


def test_a_lower_limit_may_be_set():
    with pytest.raises(InvalidInput) as caught:
        parse_yuan("1000.01", limit_fen=100_000)
    assert caught.value.facts["limit_fen"] == 100_000


@given(st.integers(-LIMIT_FEN, LIMIT_FEN))
def test_printing_and_reading_are_opposites(fen):
    assert parse_yuan(format_yuan(fen), allow_sign=True) == fen
    assert parse_yuan(plain_yuan(fen), allow_sign=True) == fen


def test_amounts_print_with_two_decimals():
    assert format_yuan(123456789) == "1,234,567.89"
    assert format_yuan(-5) == "-0.05"
    assert plain_yuan(123456) == "1234.56"


def test_rates_print_with_the_decimals_they_need():
    assert [format_ppm(ppm) for ppm in (650_000, 625_000, 1_000_000, 1, -50_000)] == [
        "65%",
        "62.5%",
        "100%",
        "0.0001%",
        "-5%",
    ]


@pytest.mark.parametrize(
    ("base", "rate", "fen"),
    [
        (1, 500_000, 1),
        (1, 499_999, 0),
        (3, 500_000, 2),
        (84505, 600_000, 50703),
        (LIMIT_FEN, PPM, LIMIT_FEN),
    ],
)
def test_a_rate_is_rounded_half_up_once(base, rate, fen):
    assert apply_rate(base, rate) == fen
    assert apply_rate(np.array([base], dtype=np.int64), rate).tolist() == [fen]


@given(st.lists(st.tuples(st.integers(0, LIMIT_FEN), st.integers(0, PPM)), min_size=1, max_size=20))
def test_columns_and_single_amounts_agree(pairs):
    bases = np.array([base for base, _ in pairs], dtype=np.int64)
    rates = np.array([rate for _, rate in pairs], dtype=np.int64)
    assert apply_rate(bases, rates).tolist() == [apply_rate(base, rate) for base, rate in pairs]
    assert round_ppm(bases * rates).dtype == np.int64


def test_a_split_gives_the_rest_to_the_largest_fractions():
    assert split_fen(100, [1, 1, 1]) == [34, 33, 33]
    assert split_fen(10, [1, 2, 0]) == [3, 7, 0]
    assert split_fen(-100, [1, 1, 1]) == [-34, -33, -33]


@given(st.integers(-LIMIT_FEN, LIMIT_FEN), st.lists(st.integers(0, 10**6), min_size=1).filter(any))
def test_the_parts_of_a_split_are_the_whole(amount, shares):
    parts = split_fen(amount, shares)
    assert sum(parts) == amount
    assert all(part == 0 for part, share in zip(parts, shares, strict=True) if share == 0)


@pytest.mark.parametrize("shares", [[], [0, 0], [1, -1, 2]])
def test_a_split_without_shares_is_refused(shares):
    with pytest.raises(ValueError, match="shares"):
        split_fen(100, shares)


def test_the_largest_fraction_gets_the_fen_not_the_largest_share():
    # 15/7 and 6/7: what is left of the second is more
    assert split_fen(3, [5, 2]) == [2, 1]

import pytest

from config.policy.quantities import Quantity, QuantityError, QuantityKind, derive, parse_quantity

MONEY, RATE, POINTS = QuantityKind.MONEY, QuantityKind.RATE, QuantityKind.POINTS


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("700 yuan", Quantity(MONEY, 70_000)),
        ("8450.50 yuan", Quantity(MONEY, 845_050)),
        ("0.5 yuan", Quantity(MONEY, 50)),
        ("65%", Quantity(RATE, 650_000)),
        ("62.5%", Quantity(RATE, 625_000)),
        ("0.0001%", Quantity(RATE, 1)),
        ("5 points", Quantity(POINTS, 50_000)),
        ("1 point", Quantity(POINTS, 10_000)),
    ],
)
def test_quantities_are_whole_fen_and_ppm(text, quantity):
    assert parse_quantity(text) == quantity


@pytest.mark.parametrize(
    "text",
    [
        "700",
        "700yuan",
        "700.001 yuan",
        "-1 yuan",
        "1,000 yuan",
        "65 %",
        "0.00001%",
        "half",
        "92000000000.01 yuan",
        "700 元",
    ],
)
def test_anything_else_is_no_quantity(text):
    with pytest.raises(QuantityError):
        parse_quantity(text)


@pytest.mark.parametrize(
    ("text", "quantity"),
    [
        ("16901 yuan x 50%", Quantity(MONEY, 845_050)),
        ("50% x 12000 yuan", Quantity(MONEY, 600_000)),
        ("60% + 5 points", Quantity(RATE, 650_000)),
        ("80% - 5 points", Quantity(RATE, 750_000)),
        ("5 points + 2 points", Quantity(POINTS, 70_000)),
        ("12000 yuan - 0.01 yuan", Quantity(MONEY, 1_199_999)),
    ],
)
def test_derivations_are_exact(text, quantity):
    assert derive(text) == quantity


@pytest.mark.parametrize(
    "text",
    [
        "12000 yuan",
        "12000 yuan x 2 yuan",
        "60% + 5 yuan",
        "5 points + 60%",
        "0.01 yuan x 50%",
        "12000 yuan / 2",
    ],
)
def test_derivations_that_mix_or_do_not_come_out_are_refused(text):
    with pytest.raises(QuantityError):
        derive(text)

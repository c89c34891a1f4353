"""Shares in percent, half up, without a float."""

import pytest

from claims.statement.shares import percent_text


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (0, 100, "0.00%"),
        (100, 100, "100.00%"),
        (1, 3, "33.33%"),
        (2, 3, "66.67%"),
        (1, 8000, "0.01%"),  # 0.0125
        (1, 20_000, "0.01%"),  # 0.005 exactly: half up
        (1, 20_001, "0.00%"),
        (-50, -200, "25.00%"),
        (0, 0, "—"),
    ],
)
def test_a_share_in_percent(part, whole, text):
    assert percent_text(part, whole) == text

import numpy as np
import pytest

from claims.settlement.rule_values import write_scale
from claims.settlement.scales import scale_value
from config.policy.tree import Step

BANDS = [Step(1_200_000, 650_000), Step(11_200_000, 700_000), Step(21_200_000, 600_000)]


@pytest.fixture
def scale():
    thresholds, steps = np.zeros((8, 2), dtype=np.int64), np.zeros((8, 2), dtype=np.int64)
    write_scale(thresholds, steps, 0, [Step(0, 500_000)])
    write_scale(thresholds, steps, 1, BANDS)
    return thresholds, steps


@pytest.mark.parametrize(
    ("amount_fen", "value"),
    [
        (0, 0),
        (1_200_000, 0),
        (1_200_001, 650_000),
        (11_200_000, 10_000_000 * 650_000),
        (11_200_001, 10_000_000 * 650_000 + 700_000),
        (21_200_003, 10_000_000 * (650_000 + 700_000) + 3 * 600_000),
    ],
)
def test_each_band_pays_its_own_part_and_no_rate_the_whole(scale, amount_fen, value):
    rows = np.array([1], dtype=np.int64)
    assert scale_value(*scale, rows, np.array([amount_fen])).tolist() == [value]


def test_each_claim_has_its_own_scale(scale):
    value = scale_value(*scale, np.array([0, 1, 0]), np.array([3, 1_200_003, 0]))
    assert value.tolist() == [1_500_000, 3 * 650_000, 0]


def test_the_largest_amount_stays_exact(scale):
    largest = 9_200_000_000_000
    value = scale_value(*scale, np.array([0]), np.array([largest]))
    assert value.tolist() == [largest * 500_000]

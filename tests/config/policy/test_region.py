from datetime import date

import pytest

from config.calendar import DaySpan
from tests.config.policy.sound_pack import sound_pack


@pytest.fixture(scope="module")
def region():
    return sound_pack().region


def test_known_days_are_inclusive_outside_and_half_open_inside(region):
    first, last = region.known
    assert (
        (first, last)
        == (region.known_from, region.known_through)
        == (date(2021, 1, 1), date(2022, 12, 31))
    )
    assert region.known_span == DaySpan(date(2021, 1, 1), date(2023, 1, 1))


def test_diseases_may_be_named_where_the_region_says(region):
    assert region.may_name("inpatient", "uraemia")
    assert not region.may_name("two_disease", "uraemia")
    assert not region.may_name("inpatient", "no_such_disease")
    assert region.may_name("maternity", "none")
    assert region.diseases["uraemia"].is_listed
    assert not region.diseases["hypertension"].is_listed


def test_the_first_category_of_the_rank_counts_and_nothing_stacks(region):
    held = ["minimum_living", "near_poor", "extreme_poverty"]
    assert region.category("catastrophic", held) == "extreme_poverty"
    assert region.category("catastrophic", ["near_poor"]) == "none"


def test_a_law_pack_is_no_demonstration(region):
    assert not region.is_demonstration

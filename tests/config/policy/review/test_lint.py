from datetime import date

import pytest

from config.policy.review.lint import lint, unknown_spans
from tests.config.policy.sound_pack import changed_pack, sound_pack

TODAY = date(2026, 11, 23)


def codes(pack, today=TODAY):
    return {(oddity.code, oddity.key) for oddity in lint(pack, today)}


def test_the_sound_pack_has_no_oddity():
    assert lint(sound_pack(), TODAY) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "oddity"),
    [
        ("basic.yaml", "value: 80%", "value: 60%", ("rate_rises_with_level", "basic.rate")),
        ("basic.yaml", "value: 80%", "value: 100.5%", ("rate_over_whole", "basic.rate")),
        ("basic.yaml", "value: 80%", "value: 59%", ("below_floor", "basic.rate")),
        (
            "basic.yaml",
            "value: 80000 yuan",
            "value: 699.99 yuan",
            ("cap_below_deductible", "limits.basic_cap"),
        ),
        (
            "basic.yaml",
            "quote: 起付线700元",
            "quote: 起付线800元",
            ("quote_not_found", "basic.deductible"),
        ),
        ("basic.yaml", "value: [basic_cap]", "value: []", ("limit_not_used", "limits.basic_cap")),
        (
            "catastrophic.yaml",
            "for: {category: [extreme_poverty, minimum_living]}\n      from: 2021-01-01\n      value",
            "for: {category: minimum_living}\n      from: 2021-01-01\n      value",
            ("lower_rank_better", "catastrophic.deductible"),
        ),
        (
            "assistance.yaml",
            "for: {category: [extreme_poverty, minimum_living]}",
            "for: {category: minimum_living}",
            ("lower_rank_better", "assistance.rate"),
        ),
    ],
)
def test_each_oddity_is_found(file, old, new, oddity, tmp_path):
    assert oddity in codes(changed_pack(tmp_path, file, old, new))


def test_values_nobody_checked_for_a_year_are_named():
    assert codes(sound_pack(), date(2027, 11, 22)) == set()
    assert ("verified_long_ago", "basic.rate") in codes(sound_pack(), date(2027, 11, 23))


def test_what_is_not_known_is_listed():
    (unknown,) = unknown_spans(sound_pack())
    assert (unknown.key, unknown.why) == ("basic.rate", "No source")
    assert unknown.selectors == "care_type chronic_special, disease uraemia"

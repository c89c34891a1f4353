from datetime import date

import pytest

from config.calendar import DaySpan
from config.errors import PolicyNotKnown
from config.policy.review.comparison import compare, compare_packs
from tests.config.policy.sound_pack import changed_pack, sound_pack

IN_2021, IN_2022 = date(2021, 6, 1), date(2022, 6, 1)


def test_two_days_of_one_pack():
    pack = sound_pack()
    changes = compare(pack, IN_2021, pack, IN_2022)
    assert [
        (change.key, change.selectors, change.kind, change.before, change.after)
        for change in changes
    ] == [
        (
            "basic.rate",
            "care_type inpatient, level 2",
            "changed",
            "65%",
            "over 0.00 yuan: 65%; over 20,000.00 yuan: 70%",
        ),
        ("limits.catastrophic_cap", "", "changed", "500,000.00 yuan", "no limit"),
    ]
    assert compare(pack, IN_2021, pack, IN_2021) == []


def test_two_packs_differ_on_the_days_of_the_change(tmp_path):
    changed = changed_pack(
        tmp_path, "catastrophic.yaml", "value: 500000 yuan", "value: 400000 yuan"
    )
    ((span, changes),) = compare_packs(sound_pack(), changed)
    assert span == DaySpan(date(2021, 1, 1), date(2022, 1, 1))
    assert [(change.key, change.before, change.after) for change in changes] == [
        ("limits.catastrophic_cap", "500,000.00 yuan", "400,000.00 yuan")
    ]
    assert compare_packs(sound_pack(), sound_pack()) == []


def test_a_new_citation_is_told_apart_from_a_new_figure(tmp_path):
    changed = changed_pack(tmp_path, "basic.yaml", "note: not verified", "note: seen again")
    ((_, changes),) = compare_packs(sound_pack(), changed)
    assert [change.kind for change in changes] == ["cited anew"]


def test_added_and_removed_values(tmp_path):
    changed = changed_pack(
        tmp_path,
        "basic.yaml",
        "off_area: [out_province, out_province_unfiled]",
        "off_area: out_province",
    )
    kinds = [change.kind for change in compare(sound_pack(), IN_2021, changed, IN_2021)]
    assert sorted(kinds) == ["added", "removed"]


def test_days_outside_a_pack_are_refused():
    with pytest.raises(PolicyNotKnown):
        compare(sound_pack(), IN_2021, sound_pack(), date(2023, 1, 1))

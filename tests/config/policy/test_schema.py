"""The declared tables hold together, and large vocabularies are enumerated quickly."""

import time

from config.policy.reading.combinations import combinations
from config.policy.schema import SELECTORS, SUBJECTS, Need, vocabulary
from tests.config.policy.sound_pack import sound_pack


def test_every_key_names_known_selectors_and_keys():
    for subject, specs in SUBJECTS.items():
        for name, spec in specs.items():
            assert (spec.subject, spec.name) == (subject, name)
            assert set(spec.selectors) <= set(SELECTORS)
            assert {*spec.of, *spec.but_not} <= set(specs)
            assert bool(spec.of) == (spec.need in (Need.UNLESS, Need.WHERE_OFFERED))


def test_categories_of_a_subject_are_those_ranked_for_it():
    region = sound_pack().region
    assert vocabulary(region, "category", "catastrophic") == (
        "extreme_poverty",
        "minimum_living",
        "none",
    )
    assert vocabulary(region, "category", "basic") == ("none",)


def test_combinations_tell_apart_only_what_values_tell_apart():
    pack = sound_pack()
    found = {
        combination.text()
        for combination in combinations(pack.region, [pack.keys["basic.deductible"]])
    }
    assert found == {"level=1", "level=2"}
    both = list(combinations(pack.region, [pack.keys["basic.deductible"], pack.keys["basic.rate"]]))
    assert len(both) == 6
    assert not any(
        each.facts[("care_type", "")] == "chronic_special" and each.facts[("disease", "")] == "none"
        for each in both
    )


def test_the_sound_pack_loads_within_a_second():
    begun = time.perf_counter()
    sound_pack()
    assert time.perf_counter() - begun < 1

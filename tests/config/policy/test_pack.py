import json
from datetime import date
from itertools import product

import pytest

from config.policy.loader import NOTICES, find_packs, load_notices, load_pack
from config.policy.pack import RegionPack
from config.policy.schema import CARE_TYPES_BY_DISEASE, SUBJECTS, Need, vocabulary
from config.policy.tree import PolicyTree
from tests.config.policy.sound_pack import SOUND, changed_pack, sound_pack


def packs():
    notices = load_notices([NOTICES])
    return [sound_pack(), *(load_pack(folder, notices) for folder in find_packs().values())]


@pytest.mark.parametrize("pack", packs(), ids=lambda pack: pack.region.id)
def test_a_pack_is_the_same_after_its_content_went_through_json(pack):
    content = json.loads(json.dumps(pack.content()))
    rebuilt = RegionPack.from_content(content)
    assert rebuilt.content() == content == pack.content()
    assert rebuilt.digest == pack.digest
    assert rebuilt.region == pack.region
    before, after = PolicyTree(pack), PolicyTree(rebuilt)
    assert sorted(before.entries(), key=str) == sorted(after.entries(), key=str)
    assert before.change_days() == after.change_days()
    assert before.accumulator_ids == after.accumulator_ids


def test_the_digest_is_stable_and_tells_one_changed_figure(tmp_path):
    assert sound_pack().digest == sound_pack().digest
    changed = changed_pack(tmp_path, "basic.yaml", "value: 80000 yuan", "value: 80000.01 yuan")
    assert changed.digest != sound_pack().digest


def test_the_order_in_a_file_does_not_matter(tmp_path):
    one = "      - {from: 2021-01-01, through: 2021-12-31, value: 500000 yuan, interpretation: sound-reading, verified_on: 2026-11-22}\n"
    two = "      - {from: 2022-01-01, value: no limit, interpretation: sound-reading, verified_on: 2026-11-22}\n"
    assert (
        changed_pack(tmp_path, "catastrophic.yaml", one + two, two + one).digest
        == sound_pack().digest
    )


def test_content_of_another_format_is_refused():
    content = {**sound_pack().content(), "format": 2}
    with pytest.raises(ValueError, match="format 2"):
        RegionPack.from_content(content)


def test_further_folders_are_found_and_replace(tmp_path):
    (tmp_path / "regions" / "111111_other").mkdir(parents=True)
    (tmp_path / "regions" / "111111_other" / "region.yaml").write_text(
        "region: x\n", encoding="utf-8"
    )
    shipped = set(find_packs())
    assert {"230800_jiamusi", "500000_chongqing"} <= shipped
    found = find_packs(f"{tmp_path}:{SOUND.parent}")
    assert set(found) == shipped | {"111111_other", "900000_sound"}
    assert find_packs([SOUND])["900000_sound"] == SOUND


@pytest.mark.parametrize("pack", packs(), ids=lambda pack: pack.region.id)
def test_every_region_answers_on_every_quarter_day_it_knows(pack):
    tree = PolicyTree(pack)
    first, last = pack.region.known
    days = [
        date(year, month, 1) for year in range(first.year, last.year + 1) for month in (1, 4, 7, 10)
    ]
    for day in (first, *(day for day in days if first <= day <= last), last):
        for category in (*pack.region.ranks["catastrophic"], "none"):
            assert tree.ask("catastrophic.brackets", day, category=category) is not None
            assert tree.ask("catastrophic.deductible", day, category=category) is not None


def every_bill(region, key):
    """Yield every combination of facts a key depends on, one by one."""
    words = [vocabulary(region, name, key.subject) for name in key.selectors]
    for chosen in product(*words):
        facts = dict(zip(key.selectors, chosen, strict=True))
        care_type, disease = facts.get("care_type"), facts.get("disease")
        if care_type and disease:
            is_missing = disease == "none" and care_type in CARE_TYPES_BY_DISEASE
            if is_missing or not region.may_name(care_type, disease):
                continue
        yield facts


@pytest.mark.parametrize("pack", packs(), ids=lambda pack: pack.region.id)
def test_asking_one_by_one_finds_no_gap_and_no_second_voice(pack):
    tree = PolicyTree(pack)
    for key in pack.keys.values():
        subject, _, name = key.name.partition(".")
        is_required = subject in SUBJECTS and SUBJECTS[subject][name].need is Need.REQUIRED
        for day in tree.change_days(key.name):
            for facts in every_bill(pack.region, key):
                answer = tree.ask(key.name, day, **facts)
                assert answer is not None or not is_required, (key.name, day, facts)

"""The shelf of wrong files: each has one mistake, and the loader names it and its line."""

import shutil

import pytest
import yaml

from config.policy.loader import PolicyErrors, load_notices, load_pack
from tests.config.policy.sound_pack import HERE, NOTICES, SOUND, changed_pack, sound_pack

SHELF = sorted((HERE / "broken").glob("*.yaml"))


def test_the_sound_pack_loads():
    assert sound_pack().region.id == "900000_sound"


@pytest.mark.parametrize("path", SHELF, ids=lambda path: path.stem)
def test_each_mistake_has_its_own_error(path, tmp_path):
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    with pytest.raises(PolicyErrors) as caught:
        changed_pack(tmp_path, case["file"], case["replace"], case["by"])
    problems = caught.value.problems
    found = {(problem.code, problem.file, problem.line) for problem in problems}
    assert found == {(case["code"], f"{SOUND.name}/{case['file']}", case["line"])}
    assert problems[0].nearest == case.get("nearest", "")


def test_all_mistakes_are_reported_at_once(tmp_path):
    with pytest.raises(PolicyErrors) as caught:
        changed_pack(
            tmp_path,
            "basic.yaml",
            "    - for: {level: 1}\n      from: 2021-01-01\n      value: 300 yuan",
            "    - for: {levle: 1}\n      from: 2021-01-01\n      value: 300\n      colour: red",
        )
    assert [problem.code for problem in caught.value.problems] == [
        "unknown_selector",
        "bare_number",
        "unknown_key",
    ]


def test_a_missing_file_is_named(tmp_path):
    home = tmp_path / SOUND.name
    shutil.copytree(SOUND, home)
    (home / "coverage.yaml").unlink()
    (home / "extra.yaml").write_text("a: b\n", encoding="utf-8")
    with pytest.raises(PolicyErrors) as caught:
        load_pack(home, load_notices([NOTICES]))
    found = {(problem.code, problem.file) for problem in caught.value.problems}
    assert found == {
        ("missing_file", "900000_sound/coverage.yaml"),
        ("unknown_file", "900000_sound/extra.yaml"),
    }


def test_only_aid_draws_on_a_limit_by_kind(tmp_path):
    home = tmp_path / SOUND.name
    shutil.copytree(SOUND, home)
    for name, old, new in (
        ("basic.yaml", "value: [basic_cap]", "value: [assistance_limit]"),
        (
            "assistance.yaml",
            "      - {from: 2021-01-01, value: 60000 yuan",
            "      - {for: {kind: large}, from: 2021-01-01, value: 80000 yuan,"
            " interpretation: sound-reading, verified_on: 2026-11-22}\n"
            "      - {from: 2021-01-01, value: 60000 yuan",
        ),
    ):
        text = (home / name).read_text(encoding="utf-8")
        (home / name).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(PolicyErrors) as caught:
        load_pack(home, load_notices([NOTICES]))
    assert {problem.code for problem in caught.value.problems} == {"kind_not_known_here"}


def test_a_problem_prints_like_a_compiler_message(tmp_path):
    with pytest.raises(PolicyErrors) as caught:
        changed_pack(tmp_path, "basic.yaml", "points_off:\n", "point_off:\n")
    expected = "900000_sound/basic.yaml:46: unknown_key: `point_off` is not a key here (did you mean `points_off`?)"
    assert str(caught.value.problems[0]) == expected


@pytest.mark.parametrize("path", sorted(SOUND.glob("*.yaml")), ids=lambda path: path.name)
def test_a_lost_line_never_crashes_the_loader(path, tmp_path):
    notices = load_notices([NOTICES])
    home = tmp_path / SOUND.name
    shutil.copytree(SOUND, home)
    lines = path.read_text(encoding="utf-8").split("\n")
    refused = 0
    for place in range(len(lines)):
        (home / path.name).write_text(
            "\n".join(lines[:place] + lines[place + 1 :]), encoding="utf-8"
        )
        try:
            load_pack(home, notices)
        except PolicyErrors:
            refused += 1
    assert refused > len(lines) // 2

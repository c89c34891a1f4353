import io
import shutil

import pytest
from django.core.management import CommandError, call_command

from tests.config.policy.sound_pack import NOTICES, SOUND


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(SOUND, tmp_path / "regions" / SOUND.name)
    shutil.copytree(NOTICES, tmp_path / "notices")
    return tmp_path


def run(*args, **options):
    out = io.StringIO()
    call_command(*args, stdout=out, **options)
    return out.getvalue()


def test_policy_check_prints_packs_and_what_is_not_known(folder):
    printed = run("policy_check", packs=[folder])
    assert "900000_sound 稳城市 (law)" in printed
    assert "230800_jiamusi 佳木斯市 (law)" in printed
    assert (
        "care_type chronic_special, disease uraemia  2021-01-01  2022-12-31  No source" in printed
    )


def test_policy_check_fails_on_a_wrong_pack(folder):
    path = folder / "regions" / SOUND.name / "basic.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("value: 700 yuan", "value: 700"), encoding="utf-8"
    )
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 errors in 1 packs"):
        call_command("policy_check", packs=[folder], stdout=out)
    assert "900000_sound/basic.yaml:42: bare_number" in out.getvalue()


def test_policy_check_fails_on_a_wrong_notice_and_a_missing_folder(folder):
    (folder / "notices" / "sound-2021.yaml").write_text("notice: other\n", encoding="utf-8")
    with pytest.raises(CommandError, match="errors in notices"):
        run("policy_check", packs=[folder])
    with pytest.raises(CommandError, match="no folder"):
        run("policy_check", packs=[folder / "nowhere"])


@pytest.mark.parametrize("name", ["900000_sound", "900000", "sound"])
def test_policy_show_lists_a_day_with_clauses(name, folder, settings):
    settings.POLICY_PACKS = [folder]
    printed = run("policy_show", name, "2022-01-01", "basic.deductible")
    assert "level 2  700.00 yuan  2021-01-01  2022-12-31  稳医保发〔2021〕1号 一" in printed
    assert "catastrophic" not in printed
    assert "unverified: a page (not verified)" in run("policy_show", name, "2022-01-01", "basic")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("sond", "2022-01-01"), "did you mean 900000_sound"),
        (("sound", "2023-01-01"), "known from 2021-01-01 through 2022-12-31"),
        (("sound", "January"), "not a day"),
        (("sound", "2022-01-01", "basic.rates"), "did you mean basic.rate"),
    ],
)
def test_policy_show_says_what_is_wrong(args, words, folder, settings):
    settings.POLICY_PACKS = [folder]
    with pytest.raises(CommandError, match=words):
        run("policy_show", *args)


def test_policy_diff_lists_what_differs(folder, settings):
    settings.POLICY_PACKS = [folder]
    printed = run("policy_diff", "sound", "2021-12-31", "2022-01-01")
    assert "limits.catastrophic_cap" in printed
    assert "500,000.00 yuan" in printed
    assert "nothing differs" in run("policy_diff", "sound", "2021-01-01", "2021-12-31")
    with pytest.raises(CommandError, match="not on 2023-01-01"):
        run("policy_diff", "sound", "2021-12-31", "2023-01-01")

from datetime import date

import pytest

from config.errors import NotKnown, PolicyNotKnown
from config.policy.tree import Condition, PolicyTree, Step
from tests.config.policy.sound_pack import changed_pack, sound_pack

IN_2021, IN_2022 = date(2021, 6, 1), date(2022, 6, 1)
STAY = {"care_type": "inpatient", "level": 2, "disease": "none"}


@pytest.fixture(scope="module")
def tree():
    return PolicyTree(sound_pack())


def test_the_value_that_names_most_facts_answers(tree):
    assert tree.ask("basic.rate", IN_2021, **STAY).value == 650_000
    assert (
        tree.ask("basic.rate", IN_2021, **{**STAY, "care_type": "maternity"}).status
        == "not_offered"
    )


def test_a_value_changes_on_its_day(tree):
    assert tree.ask("basic.rate", date(2021, 12, 31), **STAY).value == 650_000
    assert tree.ask("basic.rate", date(2022, 1, 1), **STAY).value == (
        Step(0, 650_000),
        Step(2_000_000, 700_000),
    )


def test_the_first_and_last_known_days_answer_and_no_other(tree):
    assert tree.ask("basic.rate", date(2021, 1, 1), **STAY) is not None
    assert tree.ask("basic.rate", date(2022, 12, 31), **STAY) is not None
    for day in (date(2020, 12, 31), date(2023, 1, 1)):
        with pytest.raises(PolicyNotKnown) as caught:
            tree.ask("basic.rate", day, **STAY)
        assert caught.value.facts["known_through"] == date(2022, 12, 31)


def test_what_is_not_known_says_why(tree):
    answer = tree.ask(
        "basic.rate", IN_2021, care_type="chronic_special", level=2, disease="uraemia"
    )
    assert (answer.status, answer.value, answer.citation.why) == ("not_known", None, "No source")


def test_no_limit_is_a_flag_and_no_number(tree):
    before, after = (tree.ask("limits.catastrophic_cap", day) for day in (IN_2021, IN_2022))
    assert (before.value, before.is_unlimited) == (50_000_000, False)
    assert (after.value, after.is_unlimited, after.status) == (None, True, "offered")


def test_limits_and_yearly_deductibles_name_their_accumulator(tree):
    assert tree.ask("limits.basic_cap", IN_2021).accumulator_id == "basic_cap"
    assert tree.ask("limits.basic_cap", IN_2021).role == "cap"
    assert (
        tree.ask("catastrophic.deductible", IN_2021, category="none").accumulator_id
        == "catastrophic_deductible"
    )
    assert tree.ask("basic.deductible", IN_2021, level=1).accumulator_id is None
    assert tree.accumulator_ids == (
        "assistance_deductible",
        "assistance_limit",
        "basic_cap",
        "catastrophic_cap",
        "catastrophic_deductible",
        "supplementary_limit",
        "supplementary_threshold",
    )
    assert tree.limit_ids == (
        "assistance_limit",
        "basic_cap",
        "catastrophic_cap",
        "supplementary_limit",
    )


def test_words_and_conditions(tree):
    assert tree.ask("catastrophic.base_deductible", IN_2021).value == "in"
    assert tree.ask("supplementary.requires", IN_2021).value == ("referred", "in_province")
    assert tree.ask("basic.counts_into", IN_2021).value == ("basic_cap",)
    assert tree.ask("coverage.paper_deadline", IN_2021).value == "03-31"
    condition = Condition(level_at_least=2, cost_over_fen=3_000_000, cost="in_scope")
    assert tree.ask("assistance.kind_condition", IN_2021, kind="large").value == condition
    assert tree.ask("assistance.kind_condition", IN_2021, kind="ordinary") is None


def test_an_optional_key_may_be_silent(tree):
    assert tree.ask("basic.factor", IN_2021, **STAY) is None
    assert tree.ask("basic.points_off", IN_2021, off_area="none") is None
    assert tree.ask("basic.points_off", IN_2021, off_area="out_province").value == 100_000


def test_facts_the_key_does_not_depend_on_are_ignored(tree):
    assert (
        tree.ask("limits.basic_cap", IN_2021, grade="none", category="none", **STAY).value
        == 8_000_000
    )


def test_misuse_is_refused(tree):
    with pytest.raises(ValueError, match="depends on level"):
        tree.ask("basic.deductible", IN_2021)
    with pytest.raises(ValueError, match="no such selector: colour"):
        tree.ask("basic.rate", IN_2021, colour="red", **STAY)
    with pytest.raises(NotKnown) as caught:
        tree.ask("basic.rates", IN_2021)
    assert caught.value.facts["nearest"] == "basic.rate"
    with pytest.raises(NotKnown):
        tree.change_days("limits.no_such_limit")


def test_citations_name_the_document(tree):
    citation = tree.ask("basic.deductible", IN_2021, level=2).citation
    assert (citation.kind, citation.number, citation.clause) == (
        "cite",
        "稳医保发〔2021〕1号",
        "一",
    )
    assert citation.quote == "起付线700元"
    assert citation.verified_on == date(2026, 11, 22)
    assert citation.text() == "稳医保发〔2021〕1号 一"
    source = tree.ask(
        "basic.rate", IN_2021, care_type="inpatient", level=1, disease="none"
    ).citation
    assert source.is_unverified
    derived = tree.ask("catastrophic.deductible", IN_2021, category="minimum_living").citation
    assert (derived.derived_from, derived.interpretation) == ("12000 yuan x 50%", "sound-reading")
    assert derived.text() == "稳医保发〔2021〕1号 一 [sound-reading]"


def test_change_days(tree):
    first, second = date(2021, 1, 1), date(2022, 1, 1)
    assert tree.change_days() == (first, second)
    assert tree.change_days("basic.rate", "basic.deductible") == (first, second)
    assert tree.change_days("basic.deductible", "basic.factor") == (first,)


def test_an_equal_value_that_follows_is_no_change(tmp_path):
    value = "{from: 2021-01-01, value: 80000 yuan, interpretation: sound-reading, verified_on: 2026-11-22}"
    split = value.replace("01-01, value", "01-01, through: 2021-06-30, value")
    pack = changed_pack(
        tmp_path, "basic.yaml", value, f"{split}\n      - {value.replace('2021-01', '2021-07')}"
    )
    assert PolicyTree(pack).change_days("limits.basic_cap") == (date(2021, 1, 1),)


def test_people_are_placed_by_age_and_rank(tree):
    assert tree.age_group(date(2004, 6, 2), IN_2022) == "minor"
    assert tree.age_group(date(2004, 6, 1), IN_2022) == "adult"
    assert tree.category("assistance", ["minimum_living", "extreme_poverty"]) == "extreme_poverty"
    assert tree.category("supplementary", ["minimum_living"]) == "none"
    assert tree.category("basic", ["minimum_living"]) == "none"


def test_every_value_is_listed_with_its_clause(tree):
    entries = tree.entries()
    assert len(entries) == sum(len(key.values) for key in tree.pack.keys.values())
    shown = next(
        entry for entry in entries if entry.key == "catastrophic.brackets" and entry.selectors
    )
    assert shown.selectors == "category extreme_poverty or minimum_living"
    assert shown.text == "over 0.00 yuan: 65%; over 20,000.00 yuan: 70%"
    assert (shown.start, shown.last) == (date(2021, 1, 1), date(2022, 12, 31))
    assert all(entry.text and entry.citation.text() for entry in entries)

import pytest

from config.policy.answers import Answer, Condition, Step
from config.policy.citation import Citation
from config.policy.text import answer_text, selector_text


def answer(value, status="offered", is_unlimited=False):
    return Answer(status, value, is_unlimited, None, None, Citation("source", where="a page"))


@pytest.mark.parametrize(
    ("key", "said", "text"),
    [
        ("basic.deductible", answer(70_000), "700.00 yuan"),
        ("limits.any_cap", answer(8_000_000), "80,000.00 yuan"),
        ("limits.any_cap", answer(None, is_unlimited=True), "no limit"),
        ("basic.rate", answer(625_000), "62.5%"),
        ("basic.age_bonus", answer(50_000), "5 points"),
        ("basic.rate", answer(None, "not_offered"), "not offered"),
        ("basic.rate", answer(None, "not_known"), "not known"),
        (
            "basic.rate",
            answer((Step(0, 600_000), Step(100, 700_000))),
            "over 0.00 yuan: 60%; over 1.00 yuan: 70%",
        ),
        ("basic.counts_into", answer(("a", "b")), "a, b"),
        ("basic.counts_into", answer(()), "nothing"),
        ("catastrophic.base_deductible", answer("in"), "in"),
        (
            "assistance.kind_condition",
            answer(Condition(True, 2, 3_000_000, "total", ("inpatient", "chronic_special"))),
            "listed disease and level at least 2 and total cost over 30,000.00 yuan and care type inpatient or chronic_special",
        ),
    ],
)
def test_answers_in_words(key, said, text):
    assert answer_text(key, said) == text


def test_selectors_in_words():
    assert (
        selector_text({"level": (1, 2), "care_type": ("inpatient",)})
        == "care_type inpatient, level 1 or 2"
    )
    assert selector_text({}) == ""

import pytest

from claims.settlement.reasons import REASON_ROW, REASONS

# Stored with every held and refused bill: a number keeps its place and its meaning for ever.
STABLE = ("", "H01", "H02", "H03", "H04", "H05", "H06", "H07", "R01", "R02", "R03", "R04")


def test_numbers_keep_their_places():
    assert tuple(reason.code for reason in REASONS)[: len(STABLE)] == STABLE
    assert [REASON_ROW[code] for code in STABLE] == list(range(len(STABLE)))


def test_holds_stand_before_refusals():
    letters = "".join(reason.code[:1] for reason in REASONS)
    assert letters == "H" * letters.count("H") + "R" * letters.count("R")


@pytest.mark.parametrize("reason", REASONS[1:], ids=lambda reason: reason.code)
def test_each_has_a_sentence_in_both_languages(reason):
    assert any("\u4e00" <= letter <= "\u9fff" for letter in reason.sentence_zh)
    assert reason.sentence_en.isascii()
    assert reason.sentence_en.endswith(".")

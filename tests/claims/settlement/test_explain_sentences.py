import string

import pytest

from claims.settlement.explain_sentences import SENTENCES


def names_in(sentence):
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


@pytest.mark.parametrize("code", SENTENCES)
def test_both_languages_name_the_same_figures(code):
    chinese, english = SENTENCES[code]
    of_language = {"bands_zh": "bands", "bands_en": "bands"}
    assert {of_language.get(name, name) for name in names_in(chinese)} == {
        of_language.get(name, name) for name in names_in(english)
    }
    assert "result" in names_in(english)
    assert english.isascii()

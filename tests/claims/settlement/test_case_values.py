from datetime import date

import pytest

from claims.settlement.case_values import (
    at_place,
    day_of,
    needed,
    only_keys,
    read_day,
    read_fen,
    read_mapping,
    read_sequence,
    read_whole,
    read_word,
    yuan_text,
)
from config.errors import InvalidInput


def code_of(reader, *args, **options):
    with pytest.raises(InvalidInput) as error:
        reader(*args, **options)
    return error.value.code


def test_amounts_are_written_in_words():
    assert read_fen("49000.00 yuan") == 4_900_000
    assert read_fen("-1.50 yuan", allow_sign=True) == -150
    assert yuan_text(4_900_000) == "49,000.00 yuan"
    assert read_fen(yuan_text(4_900_001)) == 4_900_001
    assert code_of(read_fen, "49000.00") == "claims.case.bare_amount"
    assert code_of(read_fen, "-1.50 yuan") == "money.sign"


def test_days_and_whole_numbers():
    assert read_day("2022-02-10") == read_day(date(2022, 2, 10)) == date(2022, 2, 10)
    assert day_of({"from": "2022-02-10"}, "from") == date(2022, 2, 10)
    assert code_of(read_day, "2022-02-30") == "claims.case.no_day"
    assert code_of(day_of, {}, "from") == "claims.case.missing_key"
    assert read_whole(3) == 3
    for value in ("3", True, 3.0):
        assert code_of(read_whole, value) == "claims.case.no_whole_number"


def test_words_keys_and_shapes():
    assert read_word("none", ("none", "settled")) == "none"
    assert read_word("anything", None) == "anything"
    assert code_of(read_word, "some", ("none", "settled")) == "claims.case.unknown_word"
    assert only_keys({"a": 1}, {"a", "b"}) == {"a": 1}
    assert code_of(only_keys, {"c": 1}, {"a"}) == "claims.case.unknown_key"
    assert needed({"a": None}, "a") is None
    assert code_of(needed, {}, "a") == "claims.case.missing_key"
    assert read_mapping({}) == {}
    assert code_of(read_mapping, []) == "claims.case.no_mapping"
    assert read_sequence([1], "events") == [1]
    assert code_of(read_sequence, "ab", "events") == "claims.case.no_list_here"


def test_places_are_named_from_the_outside():
    with pytest.raises(InvalidInput) as error, at_place("case"), at_place("event 2"):
        raise InvalidInput("money.sign", text="-1")
    assert error.value.field == "case: event 2"
    assert error.value.facts == {"text": "-1"}

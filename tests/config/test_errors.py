from datetime import date

from django.utils.translation import override

from config.error_sentences import SENTENCES, sentence, sentence_of
from config.errors import (
    Conflict,
    DomainError,
    InvalidInput,
    InvalidInputs,
    PolicyNotKnown,
    Refused,
)


def test_an_error_keeps_its_code_and_facts():
    error = Refused("claims.settlement.waiting", day=date(2022, 1, 1))
    assert error.code == "claims.settlement.waiting"
    assert error.facts == {"day": date(2022, 1, 1)}
    assert str(error) == "claims.settlement.waiting (day=datetime.date(2022, 1, 1))"
    assert str(Conflict("x.y")) == "x.y"
    assert isinstance(error, DomainError)


def test_a_wrong_input_can_be_marked_at_a_field():
    error = InvalidInput("money.sign", text="-1").at("total")
    assert (error.field, error.code, error.facts) == ("total", "money.sign", {"text": "-1"})


def test_all_mistakes_of_a_form_travel_together():
    errors = InvalidInputs(
        [InvalidInput("money.empty", field="total"), InvalidInput("money.sign", field="in_scope")]
    )
    assert [mistake.field for mistake in errors.mistakes] == ["total", "in_scope"]
    assert errors.facts == {"count": 2}


def test_days_outside_a_pack_name_what_is_known():
    error = PolicyNotKnown("230800_jiamusi", date(2023, 1, 1), date(2021, 1, 1), date(2022, 12, 31))
    with override("en"):
        expected = "The rules of 230800_jiamusi are recorded from 2021-01-01 through 2022-12-31, not for 2023-01-01."
        assert sentence(error) == expected


def test_amounts_in_sentences_are_yuan():
    with override("en"):
        text = sentence_of(
            "money.too_large", {"text": "99999999999", "limit_fen": 9_200_000_000_000}
        )
    assert text == "“99999999999” is too large. The limit is 92,000,000,000.00 yuan."


def test_an_unknown_code_or_a_missing_fact_still_gives_a_text():
    with override("en"):
        assert sentence_of("no.such.code", {}) == "no.such.code"
        assert sentence_of("money.sign", {}) == str(SENTENCES["money.sign"])

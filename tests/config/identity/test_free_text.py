"""A text that is stored in plain takes no number of a person."""

import pytest

from config.errors import InvalidInput
from config.identity.free_text import refuse_numbers
from tests.config.identity.test_numbers import ending_in_x, number

BANK_CARD = "6222" + "0" * 15


@pytest.mark.parametrize("typed", [number(), ending_in_x(), "13900001234", BANK_CARD])
def test_a_number_is_refused_at_its_field_and_not_repeated(typed):
    with pytest.raises(InvalidInput) as error:
        refuse_numbers(document="演示〔2026〕12号", reason=f"见{typed}号")
    assert (error.value.code, error.value.field) == ("identity.number.in_text", "reason")
    assert typed not in str(error.value)


def test_numbers_of_documents_and_bills_are_no_numbers_of_people():
    refuse_numbers(document="演示〔2026〕12号", reason="2026-000123，发票 00012345678901234567")

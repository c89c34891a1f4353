"""Texts people type freely hold no number of a person: such a column is stored in plain."""

from config.errors import InvalidInput
from config.identity.logging_filter import holds_number


def refuse_numbers(**texts: str) -> None:
    """Refuse the first text with an ID, account or mobile number in it.

    Args:
        texts: what was typed, by the name of its field.

    Raises:
        InvalidInput: `identity.number.in_text` at the field; the text is not repeated.
    """
    for name, text in texts.items():
        if holds_number(text):
            raise InvalidInput("identity.number.in_text", field=name)

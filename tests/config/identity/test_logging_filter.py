"""No handler writes an ID number or a telephone number."""

import logging

import pytest
from django.conf import settings

from config.identity.logging_filter import REPLACEMENT, PersonalNumberFilter, hide_numbers
from tests.config.identity.test_numbers import ending_in_x, number

NUMBERS = [number(), ending_in_x(), ending_in_x().lower(), number()[:15], "13900001234"]


@pytest.mark.parametrize("secret", NUMBERS)
@pytest.mark.parametrize(
    "around", ["{}", "id={};", "/search/?q={}&x=1", '{{"id": "{}"}}', "号{}。"]
)
def test_the_shape_is_replaced_wherever_it_stands(secret, around):
    hidden = hide_numbers(around.format(secret))
    assert secret not in hidden
    assert REPLACEMENT in hidden


@pytest.mark.parametrize("text", ["2026-000123", "1700000000000", "12345678901", "a" * 18])
def test_other_figures_stay(text):
    assert hide_numbers(text) == text


@pytest.fixture
def written():
    lines = []

    class Lines(logging.Handler):
        def emit(self, record):
            lines.append(self.format(record))

    handler = Lines()
    handler.addFilter(PersonalNumberFilter())
    logger = logging.getLogger("tests.numbers")
    logger.addHandler(handler)
    yield logger, lines
    logger.removeHandler(handler)


def test_messages_arguments_and_tracebacks(written):
    logger, lines = written
    secret = number()
    logger.error("found %s in %s", secret, {"row": secret})
    try:
        raise ValueError(secret)
    except ValueError:
        logger.exception("failed")
    logger.error("%d of wrong arguments", secret, stack_info=True)
    assert len(lines) == 3
    assert not any(secret in line for line in lines)
    assert "ValueError" in lines[1]


def test_every_handler_of_the_settings_filters():
    for handler in settings.LOGGING["handlers"].values():
        assert "numbers" in handler["filters"]

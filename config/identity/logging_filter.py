"""Keep ID numbers, account numbers and telephone numbers out of every log.

The last line of defence: nothing should log them in the first place. Anything of their shape is
replaced in messages, arguments, tracebacks and stack texts before a handler writes.
"""

from __future__ import annotations

import logging
import re

REPLACEMENT = "[number hidden]"
# 18 characters, 15 to 19 digits (the old ID, bank cards and accounts), a mobile number; also inside
# addresses, where % codes surround them.
SHAPES = re.compile(r"(?<!\d)(?:\d{17}[\dXxＸｘ]|\d{15,19}|1[3-9]\d{9})(?!\d)")
# What the database adds to an error: the row and the keys it failed on.
DETAILS = re.compile(r"^[ \t]*(?:DETAIL|CONTEXT|HINT):.*(?:\n(?!\S).*)*\n?", re.MULTILINE)

_formatter = logging.Formatter()


def hide_numbers(text: str) -> str:
    """Return the text with every shape of a personal number replaced."""
    return SHAPES.sub(REPLACEMENT, text)


def holds_number(text: str) -> bool:
    """Tell whether a text has anything of the shape of a personal number."""
    return SHAPES.search(text) is not None


def _quiet(text: str) -> str:
    """Return a text of a log without numbers and without the rows a database error quotes."""
    return hide_numbers(DETAILS.sub("", text))


class PersonalNumberFilter(logging.Filter):
    """Filter for handlers; lets every record through, without numbers."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite message, traceback and stack of a record."""
        try:
            message = record.getMessage()
        except (TypeError, ValueError):
            message = f"{record.msg} {record.args}"
        record.msg, record.args = _quiet(message), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = _formatter.formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = _quiet(record.exc_text)
        if record.stack_info:
            record.stack_info = hide_numbers(record.stack_info)
        return True

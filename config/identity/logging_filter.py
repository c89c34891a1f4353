"""Keep ID numbers and telephone numbers out of every log.

The last line of defence: nothing should log them in the first place. Anything of their shape is
replaced in messages, arguments, tracebacks and stack texts before a handler writes.
"""

from __future__ import annotations

import logging
import re

REPLACEMENT = "[number hidden]"
# 18 characters, 15 digits, a mobile number; also inside addresses, where % codes surround them.
SHAPES = re.compile(r"(?<!\d)(?:\d{17}[\dXxＸｘ]|\d{15}|1[3-9]\d{9})(?!\d)")

_formatter = logging.Formatter()


def hide_numbers(text: str) -> str:
    """Return the text with every shape of a personal number replaced."""
    return SHAPES.sub(REPLACEMENT, text)


class PersonalNumberFilter(logging.Filter):
    """Filter for handlers; lets every record through, without numbers."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite message, traceback and stack of a record."""
        try:
            message = record.getMessage()
        except (TypeError, ValueError):
            message = f"{record.msg} {record.args}"
        record.msg, record.args = hide_numbers(message), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = _formatter.formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = hide_numbers(record.exc_text)
        if record.stack_info:
            record.stack_info = hide_numbers(record.stack_info)
        return True

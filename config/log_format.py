"""One record, one line: whatever a name or a message holds.

A deployment writes JSON for the program that collects logs, a single machine writes plain lines.
"""

from __future__ import annotations

import logging
import re
from typing import Any

from pythonjsonlogger.json import JsonFormatter

# Everything that ends a line somewhere, moves a terminal's cursor or hides text.
_CONTROL = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
WRITTEN = {
    "at",
    "levelname",
    "name",
    "message",
    "request_id",
    "caller_id",
    "office_id",
    "exc_info",
    "stack_info",
}
FIELDS = "%(levelname)s %(name)s %(message)s %(request_id)s %(caller_id)s %(office_id)s"


def on_one_line(text: str) -> str:
    """Return the text with every control character spelt out."""
    return _CONTROL.sub(lambda found: ascii(found.group())[1:-1], text)


class LineFormatter(logging.Formatter):
    """Plain lines for one machine; a traceback follows, indented, so that no line of it looks like one."""

    def format(self, record: logging.LogRecord) -> str:
        """Return time, level, name, message, request and office."""
        at = self.formatTime(record)
        said = on_one_line(record.getMessage())
        line = f"{at} {record.levelname} {record.name} {said}"
        for name in ("request_id", "office_id"):
            if value := getattr(record, name, ""):
                line += f" {name}={value}"
        exception = record.exc_text or (
            self.formatException(record.exc_info) if record.exc_info else ""
        )
        for text in (exception, record.stack_info):
            for part in (text or "").splitlines():
                line += f"\n    {on_one_line(part)}"
        return line


class JsonLineFormatter(JsonFormatter):
    """One JSON object a line, pure ASCII: no character of it can end a line or a field.

    Only the fields named here are written: what the framework hangs on a record (the request with
    its address) stays out.
    """

    def __init__(self) -> None:
        super().__init__(FIELDS, timestamp="at", json_ensure_ascii=True)

    def add_fields(
        self, log_data: dict[str, Any], record: logging.LogRecord, message_dict: dict[str, Any]
    ) -> None:
        """Collect the fields, and drop what was not asked for."""
        super().add_fields(log_data, record, message_dict)
        for name in set(log_data) - WRITTEN:
            del log_data[name]

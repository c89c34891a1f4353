"""H5: one record is one line, whatever a name, a message or an error holds."""

import io
import json
import logging
import logging.config

import pytest
from django.conf import settings

from config.identity.logging_filter import PersonalNumberFilter
from config.log_format import WRITTEN, JsonLineFormatter, LineFormatter, on_one_line
from config.request import RequestFilter

FORGED = "2026-01-01 00:00:00,000 ERROR root forged request_id=1"
NAMES = [
    f"张三\n{FORGED}",
    f"张三\r\n{FORGED}",
    f"张三\r{FORGED}",
    f"张三\u2028{FORGED}",
    f"张三\u2029{FORGED}",
    f"张三\x85{FORGED}",
    f"张三\x0b{FORGED}",
    f"张三\x0c{FORGED}",
    "张三\x00\x07\x08\x1b[2J\x1b[31m",
    "张三\u202e\u2066\u200b\ufeff",
    '张三", "level": "CRITICAL", "x": "',
    "张三 request_id=1 office_id=2",
    "%s %(name)s {0}",
]
FORMATTERS = {"plain": LineFormatter, "json": JsonLineFormatter}


def written(formatter, log, **facts):
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(FORMATTERS[formatter]())
    handler.addFilter(PersonalNumberFilter())
    handler.addFilter(RequestFilter())
    logger = logging.getLogger("desk.test")
    logger.propagate = False
    logger.addHandler(handler)
    try:
        log(logger)
    finally:
        logger.removeHandler(handler)
    return stream.getvalue()


@pytest.mark.row("H5")
@pytest.mark.parametrize("formatter", FORMATTERS)
def test_a_name_with_line_ends_and_control_characters_gives_one_record(formatter, tried):
    for name in NAMES:
        text = written(formatter, lambda logger, name=name: logger.warning("opened %s", name))
        assert text.endswith("\n")
        assert len(text.splitlines()) == 1, repr(name)
        assert not set(text[:-1]) & set("\r\n\x00\x07\x08\x1b\x85\u2028\u2029\u202e"), repr(name)
        if formatter == "json":
            record = json.loads(text)
            assert record["message"] == f"opened {name}"
            assert record["levelname"] == "WARNING"
            assert set(record) <= WRITTEN
    tried(len(NAMES))


@pytest.mark.row("H5")
@pytest.mark.parametrize("formatter", FORMATTERS)
def test_an_error_whose_text_forges_a_line_begins_no_record(formatter, tried):
    def fail(logger, name):
        try:
            raise ValueError(name)
        except ValueError:
            logger.exception("failed")

    for name in NAMES:
        text = written(formatter, lambda logger, name=name: fail(logger, name))
        begins = [line for line in text.splitlines() if not line.startswith("    ")]
        assert len(begins) == 1, repr(name)
    tried(len(NAMES))


@pytest.mark.row("H5")
def test_the_control_a_plain_formatter_breaks_the_record():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    handler.handle(logging.LogRecord("x", logging.INFO, "", 0, "opened %s", (NAMES[0],), None))
    assert len(stream.getvalue().splitlines()) == 2


@pytest.mark.row("G1")
def test_an_address_the_framework_hangs_on_a_record_stays_out():
    extra = {
        "request": "<WSGIRequest: GET '/person/secret'>",
        "status_code": 404,
        "other": "secret",
    }
    for formatter in FORMATTERS:
        text = written(formatter, lambda logger: logger.warning("Not Found", extra=extra))
        assert "secret" not in text


def test_chinese_stays_readable_in_plain_lines():
    assert on_one_line("张三 · 参保") == "张三 · 参保"


@pytest.mark.row("G1")
def test_numbers_stay_out_of_every_handler_there_is():
    for name, handler in settings.LOGGING["handlers"].items():
        assert handler["filters"] == ["numbers", "request"], name
    for formatter in FORMATTERS:
        text = written(
            formatter, lambda logger: logger.error("of %s", "99" + "0" * 15 + "1", stack_info=True)
        )
        assert "99000" not in text
        assert "number hidden" in text

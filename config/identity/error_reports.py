"""What an error report may show: no values of variables, since any of them may be a person's."""

from collections.abc import ItemsView
from types import FrameType
from typing import Any

from django.http import HttpRequest
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter

from config.identity.logging_filter import hide_numbers

NOTHING: dict[str, Any] = {}


class NoValuesFilter(SafeExceptionReporterFilter):
    """Reports without local variables and without what was posted."""

    def get_traceback_frame_variables(
        self, _request: HttpRequest | None, _frame: FrameType
    ) -> ItemsView[str, Any]:
        """Return nothing."""
        return NOTHING.items()

    def get_post_parameters(self, _request: HttpRequest | None) -> dict[str, Any]:
        """Return nothing."""
        return {}


class QuietReporter(ExceptionReporter):
    """Reports without numbers: the text of an exception may quote one, and so may an address."""

    # Both return plain text on purpose: what was changed is marked safe by nobody.
    def get_traceback_html(self) -> str:  # type: ignore[override]
        """Return the page without numbers."""
        return hide_numbers(super().get_traceback_html())

    def get_traceback_text(self) -> str:  # type: ignore[override]
        """Return the text without numbers."""
        return hide_numbers(super().get_traceback_text())

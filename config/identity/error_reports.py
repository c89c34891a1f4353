"""What an error report may show: no values of variables, since any of them may be a person's."""

from collections.abc import ItemsView
from types import FrameType
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter

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

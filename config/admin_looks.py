"""Admin pages that show people: each page leaves the event of the look before it is shown.

What an event of a look is, is said by the app the people belong to: pages name its two services.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse


class ShowsPeople:
    """Mixed into a page over rows that belong to a person, before the base of the page.

    Attributes:
        person_path: attributes from the row to its person; empty where the row is the person.
        list_name: word of the list in the record.
        look: word of the page of one row.
        note_look: takes a person and the word of the page.
        note_list: takes the word of the list and people.
    """

    person_path: tuple[str, ...] = ()
    list_name = ""
    look = "record"
    note_look: Callable[..., None]
    note_list: Callable[..., None]

    def person_of_row(self, row: Any) -> Any:
        """Return the person a row is about."""
        for name in self.person_path:
            row = getattr(row, name)
        return row

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the list, and record whom it showed."""
        response = super().changelist_view(request, *args, **kwargs)  # type: ignore[misc]
        found = getattr(response, "context_data", None) or {}
        if "cl" in found:
            self.note_list(self.list_name, map(self.person_of_row, found["cl"].result_list))
        return response

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any):
        """Record the look at one row before its page is made."""
        obj = kwargs.get("obj")
        if obj is not None and request.method == "GET":
            self.note_look(self.person_of_row(obj), self.look)
        return super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Record the look: the history of a row tells as much as the row."""
        response = super().history_view(request, object_id, extra_context)  # type: ignore[misc]
        obj = (getattr(response, "context_data", None) or {}).get("object")
        if obj is not None:
            self.note_look(self.person_of_row(obj), self.look)
        return response

"""Admin pages that show people: each page leaves the event of the look before it is shown."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from config.admin_site import OfficeModelAdmin
from enrollment.models import Person, ReadingNotice
from enrollment.services.reading import people_list, person_open, reading_notice_answer


class ShowsPeople:
    """Mixed into a page over rows that belong to a person.

    Attributes:
        person_path: attributes from the row to its person; empty where the row is the person.
        list_name: word of the list in the record.
        look: word of the page of one row.
    """

    person_path: tuple[str, ...] = ()
    list_name = ""
    look = "record"

    def person_of_row(self, row: Any) -> Person:
        """Return the person a row is about."""
        for name in self.person_path:
            row = getattr(row, name)
        return row

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the list, and record whom it showed."""
        response = super().changelist_view(request, *args, **kwargs)  # type: ignore[misc]
        found = getattr(response, "context_data", None) or {}
        if "cl" in found:
            people_list(self.list_name, map(self.person_of_row, found["cl"].result_list))
        return response

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any):
        """Record the look at one row before its page is made."""
        obj = kwargs.get("obj")
        if obj is not None and request.method == "GET":
            person_open(self.person_of_row(obj), self.look)
        return super().render_change_form(request, context, *args, **kwargs)  # type: ignore[misc]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The history of a row tells as much as the row."""
        response = super().history_view(request, object_id, extra_context)  # type: ignore[misc]
        obj = (getattr(response, "context_data", None) or {}).get("object")
        if obj is not None:
            person_open(self.person_of_row(obj), self.look)
        return response


@admin.register(ReadingNotice)
class ReadingNoticeAdmin(OfficeModelAdmin):
    """Notices for the supervisor: who read more people in an hour than a desk needs to."""

    view_act, change_act = "reading.view", "reading.answer"
    list_display = ("at", "reader", "kind", "limit", "office", "answer", "answered_by")
    list_filter = ("kind", ("answered_at", admin.EmptyFieldListFilter))
    list_select_related = ("reader", "office", "answered_by")
    ordering = ("-id",)
    fields = ("reader_name", "kind", "hour_at", "limit", "answer")
    readonly_fields = ("reader_name", "kind", "hour_at", "limit")

    @admin.display(description=_("account"))
    def reader_name(self, notice: ReadingNotice) -> str:
        return str(notice.reader)

    def has_add_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_open = obj is None or (obj.answered_at is None and obj.reader_id != request.user.pk)
        return is_open and super().has_change_permission(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReadingNotice]:
        return super().get_queryset(request).select_related("reader", "answered_by")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any):
        form = super().get_form(request, obj, change, **kwargs)
        if "answer" in form.base_fields:
            form.base_fields["answer"].required = True
            form.base_fields["answer"].min_length = 2
        return form

    def save_model(self, _request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Answer through the service, which records the act."""
        if change:
            reading_notice_answer(obj, form.cleaned_data["answer"])

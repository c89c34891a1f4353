"""Notices for the supervisor about accounts that read much."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from config.admin_site import OfficeModelAdmin
from enrollment.models import ReadingNotice
from enrollment.services.reading import reading_notice_answer


@admin.register(ReadingNotice)
class ReadingNoticeAdmin(OfficeModelAdmin):
    """Notices for the supervisor: who read more people in an hour than a desk needs to."""

    view_act, change_act = "reads.view", "reading.answer"
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

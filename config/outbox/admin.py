"""The list of work to be done: what waits, what failed and why, and the way to try it again."""

from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from config.admin_site import ReadOnlyModelAdmin
from config.error_sentences import sentence
from config.errors import DomainError
from config.offices import roles
from config.outbox.models import OutboxEvent
from config.outbox.services import outbox_retry


@admin.register(OutboxEvent)
class OutboxEventAdmin(ReadOnlyModelAdmin):
    view_act = "outbox.view"
    list_display = ("kind", "subject_id", "office", "state", "attempts", "due_at", "last_error")
    list_filter = ("state", "kind", ("office", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("office",)
    fields = (
        "kind",
        "subject_id",
        "office",
        "state",
        "attempts",
        "last_error",
        "due_at",
        "not_before",
        "created_at",
        "finished_at",
    )
    actions = ("try_again",)

    def has_retry_permission(self, _request: HttpRequest) -> bool:
        return roles.is_allowed("outbox.retry")

    @admin.action(description=_("Try again"), permissions=["retry"])
    def try_again(self, request: HttpRequest, events: QuerySet[OutboxEvent]) -> Any:
        """Try the chosen ones again; all of them or none."""
        try:
            with transaction.atomic():
                for event in events:
                    outbox_retry(event)
        except DomainError as error:
            messages.error(request, sentence(error))
        else:
            messages.success(request, _("It will be tried again within half a minute."))

"""The record of acts, to read."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from config.admin_site import ReadOnlyModelAdmin
from config.audit.models import AuditEvent


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyModelAdmin):
    view_act = "audit.view"
    list_display = ("at", "actor", "office", "act", "outcome", "target_kind", "target_id", "reason")
    list_filter = ("outcome", "office", "verb")
    list_select_related = ("actor", "office")
    search_fields = ("target_id", "actor__username", "actor__full_name")
    date_hierarchy = None
    fields = (
        "at",
        "actor",
        "agent",
        "roles",
        "office",
        "act",
        "outcome",
        "target_kind",
        "target_id",
        "reason",
        "payload",
        "request_id",
        "address",
    )

    @admin.display(description=_("act"))
    def act(self, event: AuditEvent) -> object:
        return event.sentence

"""The record of acts, to read."""

from django.apps import apps
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from config.admin_site import ReadOnlyModelAdmin
from config.audit.models import AuditEvent, AuditSeal
from config.audit.verbs import VERBS


class ActFilter(admin.SimpleListFilter):
    """Acts by their sentence, since a code says little."""

    title = _("act")
    parameter_name = "act"

    def lookups(self, _request: HttpRequest, _page: object) -> list[tuple[str, object]]:
        return [(code, verb.sentence) for code, verb in VERBS.items()]

    def queryset(self, _request: HttpRequest, events: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
        return events.filter(verb=self.value()) if self.value() else events


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnlyModelAdmin):
    view_act = "audit.view"
    list_display = ("at", "actor", "office", "act", "outcome", "target_word", "target_id", "reason")
    list_filter = ("outcome", ("office", admin.RelatedOnlyFieldListFilter), ActFilter)
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
        "target_word",
        "target_id",
        "reason",
        "details",
        "request_id",
        "address",
    )

    @admin.display(description=_("kind of target"))
    def target_word(self, event: AuditEvent) -> object:
        """What the act was about, as the lists name it."""
        try:
            return apps.get_model(event.target_kind)._meta.verbose_name
        except (LookupError, ValueError):
            return event.target_kind

    @admin.display(description=_("details"))
    def details(self, event: AuditEvent) -> str:
        return event.details

    @admin.display(description=_("act"))
    def act(self, event: AuditEvent) -> object:
        return event.sentence


@admin.register(AuditSeal)
class AuditSealAdmin(ReadOnlyModelAdmin):
    """The batches that were sealed: what an auditor compares with the anchor file."""

    view_act = "audit.view"
    list_display = ("number", "sealed_at", "event_count", "digest")
    list_display_links = ("number",)
    search_fields = ("digest",)
    date_hierarchy = None
    fields = (
        "number",
        "sealed_at",
        "algorithm",
        "event_count",
        "first_event",
        "last_event",
        "digest",
        "previous",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditSeal]:
        return super().get_queryset(request).defer("leaves")

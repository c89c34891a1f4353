"""Facilities with their levels, kept by the policy desk for the whole pool."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from claims.models import Facility, FacilityLevel
from config.admin_site import OfficeModelAdmin, OfficeTabularInline


class LevelInline(OfficeTabularInline):
    model = FacilityLevel
    fields = ("level", "from_on", "through_on")
    view_act = "facility.view"
    add_act = change_act = "facility.change"
    ordering = ("-from_on",)


@admin.register(Facility)
class FacilityAdmin(OfficeModelAdmin):
    view_act = "facility.view"
    add_act = change_act = "facility.change"
    added_verb = changed_verb = "facility.changed"
    list_display = ("name", "code", "is_local", "region_code")
    list_filter = ("is_local", "levels__level")
    search_fields = ("name", "code")
    fields = ("code", "name", "region_code", "is_local")
    inlines = (LevelInline,)

    def get_readonly_fields(self, _request: HttpRequest, obj: Facility | None = None) -> Any:
        """Keep the national code: bills point to it."""
        return ("code",) if obj else ()

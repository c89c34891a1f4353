"""Offices, accounts and roles: kept by the administrator."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from config.admin_site import OfficeModelAdmin, OfficeTabularInline
from config.offices import roles, scope
from config.offices.account_forms import (
    AccountChangeForm,
    AccountCreationForm,
    MembershipForm,
    MembershipFormSet,
    OfficeForm,
)
from config.offices.models import Membership, Office, User
from config.sign_in.fresh_factor import fresh_factor_page

# Rights come from roles; groups of permissions would be a second, unheard answer.
admin.site.unregister(Group)


@admin.register(Office)
class OfficeAdmin(OfficeModelAdmin):
    form = OfficeForm
    view_act = "office.view"
    add_act = change_act = "office.manage"
    added_verb, changed_verb = "office.created", "office.changed"
    list_display = ("name", "code", "kind", "parent", "region")
    list_filter = ("kind",)
    list_select_related = ("parent",)
    search_fields = ("name", "code")
    fieldsets = (
        (None, {"fields": ("code", "name", "name_en", "kind", "parent")}),
        (_("Policy"), {"fields": ("region", "division_code", "release_line_fen")}),
        (_("On statements"), {"fields": ("phone", "address")}),
    )

    @method_decorator(fresh_factor_page("office.manage"))
    def changeform_view(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().changeform_view(*args, **kwargs)

    def get_readonly_fields(self, _request: HttpRequest, obj: Office | None = None) -> Any:
        """Keep the place of an office in the pool; moving one is not a form."""
        return ("code", "kind", "parent", "region") if obj else ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Office]:
        return super().get_queryset(request).filter(pk__in=scope.current().office_ids)


class MembershipInline(OfficeTabularInline):
    model = Membership
    form = MembershipForm
    formset = MembershipFormSet
    fields = ("office", "role", "from_on", "through_on")
    view_act = "user.view"
    add_act = change_act = "role.grant"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        """Show the roles at the offices in scope; others are kept elsewhere."""
        return super().get_queryset(request).filter(office_id__in=scope.current().office_ids)


@admin.register(User)
class UserAdmin(OfficeModelAdmin):
    view_act = "user.view"
    add_act = change_act = "user.manage"
    added_verb, changed_verb = "user.created", "user.changed"
    form = AccountChangeForm
    add_form = AccountCreationForm
    list_display = ("full_name", "username", "is_active", "last_seen_at")
    list_filter = ("is_active",)
    search_fields = ("username", "full_name")
    readonly_fields = ("created_at", "last_seen_at")
    unwatched_columns = ("last_login", "last_seen_at")
    inlines = (MembershipInline,)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "username",
                    "full_name",
                    "is_active",
                    "language",
                    "new_password",
                    "created_at",
                    "last_seen_at",
                )
            },
        ),
    )
    add_fieldsets = ((None, {"fields": ("username", "full_name", "language", "new_password")}),)

    @method_decorator(fresh_factor_page("user.manage"))
    @method_decorator(fresh_factor_page("role.grant"))
    def changeform_view(self, *args: Any, **kwargs: Any) -> HttpResponse:
        return super().changeform_view(*args, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Open the page to who keeps accounts and to who grants roles, each to the own part."""
        return super().has_change_permission(request, obj) or roles.is_allowed("role.grant")

    def get_readonly_fields(self, _request: HttpRequest, _obj: User | None = None) -> Any:
        """Close the account itself to who only grants roles."""
        if roles.is_allowed("user.manage"):
            return self.readonly_fields
        return tuple(n for n in self.fieldsets[0][1]["fields"] if n != "new_password")

    def get_fieldsets(self, _request: HttpRequest, obj: User | None = None) -> Any:
        """Leave out the new password for those who do not keep accounts."""
        if obj is None:
            return self.add_fieldsets
        if roles.is_allowed("user.manage"):
            return self.fieldsets
        shown = tuple(n for n in self.fieldsets[0][1]["fields"] if n != "new_password")
        return ((None, {"fields": shown}),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Show the people of the offices in scope, and those who belong to none yet."""
        people = super().get_queryset(request)
        in_scope = people.filter(memberships__office_id__in=scope.current().office_ids)
        return people.filter(pk__in=in_scope.values("pk")) | people.filter(memberships=None)

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj is None:
            kwargs.setdefault("form", self.add_form)
        return super().get_form(request, obj, change, **kwargs)

    def get_inlines(self, _request: HttpRequest, obj: User | None) -> Any:
        """Show roles of an account that exists; a new one is made before it is granted any."""
        return self.inlines if obj else ()

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Store the account, unless only roles were granted."""
        if roles.is_allowed("user.manage"):
            super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Store the roles, one event each."""
        super().save_formset(request, form, formset, change)
        formset.record_events()

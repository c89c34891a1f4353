"""The one admin site and the base classes of its pages.

Every right asked here is answered by the table of roles (`config.offices.roles`) for the scope
of the request. Rows are found through the scoped managers, so a row of another office does not
exist (404). Nothing is deleted from a page.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.sites import UnfoldAdminSite

from config.admin_edits import GuardedEdits
from config.audit import selectors as audit_selectors
from config.audit import services as audit
from config.offices import roles, scope
from config.offices.models import Office, ScopedModel
from config.sign_in import sessions

# Shorter texts cannot be an ID number or a telephone number.
LONGEST_PAGE_NAME_WITH_DIGITS = 5


def office_name(_request: HttpRequest) -> str:
    """Return the name of the office acted for, for the head of the sidebar."""
    acting = scope.current_or_none()
    if acting is None:
        return ""
    return str(Office.objects.filter(pk=acting.office_id).values_list("name", flat=True).first())


def environment(_request: HttpRequest) -> list[Any] | None:
    """Return the tag at the top of every page of a demonstration."""
    return [_("Demonstration"), "warning"] if settings.IS_DEMONSTRATION else None


class OfficeAdminSite(UnfoldAdminSite):
    """The admin, answered by roles and recorded in the audit."""

    site_title = _("Medical insurance desk")
    index_title = _("Workbench")
    enable_nav_sidebar = True

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self._pages: list[tuple[str, Callable[..., HttpResponse], str]] = []

    def register_page(self, route: str, view: Callable[..., HttpResponse], name: str) -> None:
        """Give a page that is no list of rows its address and name inside the admin."""
        self._pages.append((route, view, name))

    def extra_urls(self) -> list[URLPattern]:
        """Return the addresses of the registered pages; the theme puts them before its own."""
        return [path(route, self.admin_view(view), name=name) for route, view, name in self._pages]

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in whoever acts for an office; what they see there is another question."""
        return request.user.is_active and scope.current_or_none() is not None

    def admin_view(
        self, view: Callable[..., HttpResponse], cacheable: bool = False
    ) -> Callable[..., HttpResponse]:
        """Send people whose password was set by someone else to change it first."""
        inner = super().admin_view(view, cacheable)

        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            free = {reverse(f"{self.name}:{page}") for page in ("password_change", "logout")}
            if getattr(request.user, "must_change_password", False) and request.path not in free:
                return HttpResponseRedirect(reverse(f"{self.name}:password_change"))
            return inner(request, *args, **kwargs)

        checked.csrf_exempt = getattr(inner, "csrf_exempt", False)  # type: ignore[attr-defined]
        return checked

    def login(
        self, _request: HttpRequest, _extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Leave signing in to its own pages, which ask for both factors."""
        return HttpResponseRedirect(reverse("sign_in:password"))

    def logout(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Sign out, leave an event, and ask the browser to forget what it kept."""
        if request.method == "POST" and scope.current_or_none():
            sessions.end(request.user)
            audit.record("session.closed")
        response = super().logout(request, extra_context)
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Change the own password and lift the duty to do so."""
        response = super().password_change(request, extra_context)
        if request.method == "POST" and response.status_code == 302:
            user = request.user
            user.must_change_password = False
            user.save(update_fields=["must_change_password"])
            sessions.move(request, user)
            audit.record("password.changed", user)
        return response

    def search(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Find pages by name. People are searched at the desk, by POST; digits end here."""
        typed = request.GET.get("s", "")
        if sum(character.isdigit() for character in typed) > LONGEST_PAGE_NAME_WITH_DIGITS:
            return HttpResponse()
        return super().search(request, extra_context)


class RolesAnswer:
    """Answers of the framework's questions about rights, by act instead of by permission.

    Pages name the acts; an empty act means that nobody may.
    """

    view_act = ""
    add_act = ""
    change_act = ""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, _request: HttpRequest, obj: Any = None) -> bool:
        del obj  # named as the framework passes it
        return _may(self.view_act) or _may(self.change_act)

    def has_add_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return _may(self.add_act)

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return _may(self.change_act)

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Refuse: what was recorded is ended or corrected, never removed."""
        return False


def _may(act: str) -> bool:
    return bool(act) and roles.is_allowed(act)


class OfficeModelAdmin(RolesAnswer, GuardedEdits, ModelAdmin):
    """Base of every page over rows: scoped, recorded, applied once, without deletion.

    Args of a page: `view_act`, `add_act`, `change_act`; `added_verb` and `changed_verb` name the
    events of plain form changes. Pages whose changes are services call the service in
    `save_model` and do not call this one.
    """

    added_verb = "row.added"
    changed_verb = "row.changed"
    show_full_result_count = False
    list_per_page = 50
    list_filter_submit = True
    list_fullwidth = True
    compressed_fields = True
    warn_unsaved_form = True
    actions_on_top = True

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """Filter by what the list offers: an address must not ask about columns it does not show."""
        offered = {
            each[0] if isinstance(each, tuple) else each
            for each in self.get_list_filter(request)
            if isinstance(each, str | tuple)
        }
        column = lookup.partition("__")[0]
        is_column = column in {field.name for field in self.opts.get_fields()} | {
            field.attname for field in self.opts.concrete_fields
        }
        is_offered = any(lookup == name or lookup.startswith(f"{name}__") for name in offered)
        return (is_offered or not is_column) and super().lookup_allowed(lookup, value, request)

    def _get_obj_does_not_exist_redirect(self, *_asked: Any) -> HttpResponse:
        """Say that nothing is there: a row of another office must not read otherwise."""
        raise Http404

    def response_action(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """Do an action on all the rows that were chosen or on none.

        The framework would drop a row of another office and go on with the others.

        Raises:
            Http404: one of the rows is not there for this person.
        """
        chosen = set(request.POST.getlist(ACTION_CHECKBOX_NAME))
        try:
            found = self.get_queryset(request).filter(pk__in=chosen).count()
        except (ValueError, ValidationError) as error:
            raise Http404 from error
        if found != len(chosen):
            raise Http404
        return super().response_action(request, queryset)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer only offices in scope; scoped rows are filtered by their own manager."""
        if db_field.remote_field.model is Office and "queryset" not in kwargs:
            kwargs["queryset"] = Office.objects.filter(pk__in=scope.current().office_ids)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Store the row for the office acted for, with its event in the same transaction."""
        if isinstance(obj, ScopedModel) and obj.office_id is None:
            obj.office_id = scope.current().office_id
        super().save_model(request, obj, form, change)
        verb = self.changed_verb if change else self.added_verb
        audit.record(verb, obj, fields=sorted(form.changed_data))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show what was done to one row, from the audit."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        obj = self.get_object(request, object_id)
        if obj is None:
            raise Http404
        context = {
            **self.admin_site.each_context(request),
            "title": _("History"),
            "subtitle": str(obj),
            "object": obj,
            "opts": self.opts,
            "events": audit_selectors.history_of(obj)[:200],
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/object_events.html", context)


class ReadOnlyModelAdmin(OfficeModelAdmin):
    """Base of pages that only show."""

    warn_unsaved_form = False

    def has_add_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False


class OfficeTabularInline(RolesAnswer, TabularInline):
    """Rows of another table inside a page; rights by act, no deletion."""

    extra = 0
    can_delete = False

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer only offices in scope."""
        if db_field.remote_field.model is Office and "queryset" not in kwargs:
            kwargs["queryset"] = Office.objects.filter(pk__in=scope.current().office_ids)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

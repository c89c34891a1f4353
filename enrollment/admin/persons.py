"""Persons (参保人): list, card, registration. Full numbers are searched at the desk, by POST."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from config.admin_looks import ShowsPeople
from config.admin_site import OfficeModelAdmin
from config.errors import DomainError
from enrollment.admin.person_form import PersonChangeForm, PersonForm
from enrollment.admin.spells import CategoryInline, CertificationInline, CoverageInline
from enrollment.models import Person
from enrollment.selectors.search import Shape, person_search, shape_of
from enrollment.services.person import person_change, person_register
from enrollment.services.reading import people_list, person_open

# Never the whole date of birth beside the last four: together they are most of the number.
_READ_ONLY = ("id_kind", "masked", "birth_year_", "sex", "is_demonstration", "created_at")


@admin.register(Person)
class PersonAdmin(ShowsPeople, OfficeModelAdmin):
    list_name, look = "persons", "card"
    note_look, note_list = staticmethod(person_open), staticmethod(people_list)
    view_act, add_act, change_act = "person.view", "person.register", "person.change"
    form = PersonChangeForm
    list_display = ("name", "masked", "birth_year_", "sex", "township", "village", "office")
    list_filter = ("office", "sex", "category_spells__category")
    list_select_related = ("office",)
    search_fields = ("name",)
    search_help_text = _("Name, or initials in Pinyin. Numbers are searched at the desk.")
    ordering = ("-id",)
    show_full_result_count = False
    inlines = (CoverageInline, CategoryInline, CertificationInline)

    @display(description=_("ID number"))
    def masked(self, person: Person) -> str:
        return person.masked_id

    @display(description=_("born"))
    def birth_year_(self, person: Person) -> int:
        return person.birth_year

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any):
        kwargs.setdefault("form", PersonChangeForm if obj else PersonForm)
        form = super().get_form(request, obj, change, **kwargs)
        form.refused = getattr(request, "refused", None)
        return form

    def get_fieldsets(self, request: HttpRequest, obj: Person | None = None):
        if obj is None:
            fields = ("name", "id_kind", "number", "birth_on", "sex", "phone_number")
        else:
            phone = ("phone_number",) if self.has_change_permission(request, obj) else ()
            fields = ("name", *_READ_ONLY[:4], *phone, "died_on", *_READ_ONLY[4:])
        return ((None, {"fields": fields}), (_("Place"), {"fields": ("township", "village")}))

    def get_readonly_fields(self, _request: HttpRequest, obj: Person | None = None):
        return _READ_ONLY if obj else ()

    def get_inlines(self, _request: HttpRequest, obj: Person | None):
        return self.inlines if obj else ()

    def get_search_results(
        self, _request: HttpRequest, queryset: QuerySet[Person], search_term: str
    ) -> tuple[QuerySet[Person], bool]:
        """Search names and Pinyin; an address never carries a number."""
        if not search_term:
            return queryset, False
        if shape_of(search_term) not in {Shape.NAME, Shape.LETTERS}:
            return queryset.none(), False
        found = [person.pk for person in person_search(search_term)]
        return queryset.filter(pk__in=found), False

    def save_model(self, _request: HttpRequest, obj: Person, form: Any, change: bool) -> None:
        """Register or change through the service, which records the act."""
        if not change:
            obj.__dict__.update(person_register(form.entered()).__dict__)
            return
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        phone = changes.pop("phone_number", "")
        if phone:
            changes["phone"] = phone
        if changes:
            person_change(obj, **changes)

    def save_formset(self, _request: HttpRequest, form: Any, formset: Any, **_change: bool) -> None:
        """Record new spells through their services."""
        for row in formset.save(commit=False):
            formset.record(form.instance, row)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show a refusal of the service in the form it came from; what was typed stays."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except DomainError as error:
            if request.method != "POST" or hasattr(request, "refused"):
                raise
            request.refused = error  # type: ignore[attr-defined]
            return super().changeform_view(request, *args, **kwargs)

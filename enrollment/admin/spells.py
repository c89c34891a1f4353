"""Cover, categories and certifications on the card of a person: added, never rewritten here."""

from __future__ import annotations

from typing import Any

from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest

from config.admin_site import OfficeTabularInline
from enrollment.models import CategorySpell, CoverageSpell, DiseaseCertification, Person
from enrollment.services.spells import category_spell_add, certification_add, coverage_spell_add


class CoverageFormSet(BaseInlineFormSet):
    """New rows go through the service."""

    def record(self, person: Person, row: CoverageSpell) -> None:
        """Record one spell."""
        coverage_spell_add(
            person,
            row.status,
            row.from_on,
            row.through_on,
            grade=row.grade or None,
            reason=row.reason,
            clause=row.clause,
        )


class CategoryFormSet(BaseInlineFormSet):
    """New rows go through the service."""

    def record(self, person: Person, row: CategorySpell) -> None:
        """Record one spell."""
        category_spell_add(
            person,
            row.category,
            row.from_on,
            row.through_on,
            deciding_department=row.deciding_department,
            document=row.document,
            source=row.source,
        )


class CertificationFormSet(BaseInlineFormSet):
    """New rows go through the service."""

    def record(self, person: Person, row: DiseaseCertification) -> None:
        """Record one certification."""
        certification_add(person, row.disease, row.from_on, row.through_on, document=row.document)


class SpellInline(OfficeTabularInline):
    """Spells newest first; a recorded one is not changed."""

    view_act = "person.view"
    ordering = ("-from_on",)

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False


class CoverageInline(SpellInline):
    model = CoverageSpell
    formset = CoverageFormSet
    add_act = "coverage.change"
    fields = ("status", "grade", "from_on", "through_on", "reason", "clause")


class CategoryInline(SpellInline):
    model = CategorySpell
    formset = CategoryFormSet
    add_act = "category.change"
    fields = ("category", "from_on", "through_on", "deciding_department", "document", "source")


class CertificationInline(SpellInline):
    model = DiseaseCertification
    formset = CertificationFormSet
    add_act = "certification.change"
    fields = ("disease", "from_on", "through_on", "document")

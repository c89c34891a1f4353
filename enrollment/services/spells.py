"""Record what holds for days: categories, cover, certifications."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction

from config.audit.services import record, require
from config.errors import InvalidInput, Refused
from config.identity.free_text import refuse_numbers
from config.policy.selectors import active_tree
from enrollment.models import (
    Category,
    CategorySpell,
    CoverageSpell,
    CoverageStatus,
    DiseaseCertification,
    Person,
)


def category_spell_add(
    person: Person,
    category: str,
    from_on: date,
    through_on: date | None = None,
    *,
    deciding_department: str = "",
    document: str = "",
    source: str = "",
) -> CategorySpell:
    """Record that a department recognised a person as a category for days.

    Raises:
        InvalidInput: unknown category, reversed days, or the same category on the same days.
    """
    require("category.change", person)
    refuse_numbers(deciding_department=deciding_department, document=document, source=source)
    if category not in Category.values:
        raise InvalidInput("enrollment.category.unknown", field="category", text=category[:40])
    spell = CategorySpell(
        office_id=person.office_id,
        person=person,
        category=category,
        from_on=from_on,
        through_on=through_on,
        deciding_department=deciding_department,
        document=document,
        source=source,
    )
    return _added(spell, "category.recorded", category=category)


def coverage_spell_add(
    person: Person,
    status: str,
    from_on: date,
    through_on: date | None = None,
    *,
    grade: str | None = None,
    scheme: str = "resident",
    reason: str = "",
    clause: str = "",
) -> CoverageSpell:
    """Record cover, or why there is none, for days.

    Args:
        person: of an office in scope.
        status: a word of `CoverageStatus`.
        from_on: first day.
        through_on: last day, or None for open.
        grade: contribution grade of the region; its first where none is given.
        scheme: insurance scheme.
        reason: why, where it is not plain cover.
        clause: clause the reason rests on.

    Raises:
        InvalidInput: unknown status or grade, reversed days, or days recorded before.
    """
    require("coverage.change", person)
    refuse_numbers(reason=reason, clause=clause)
    if status not in CoverageStatus.values:
        raise InvalidInput("enrollment.coverage.status_unknown", field="status", text=status[:40])
    grades = active_tree(person.office.region).region.grades
    if grade is not None and grade not in grades:
        raise InvalidInput("enrollment.coverage.grade_unknown", field="grade", text=grade[:40])
    spell = CoverageSpell(
        office_id=person.office_id,
        person=person,
        scheme=scheme,
        status=status,
        grade=grade or grades[0],
        from_on=from_on,
        through_on=through_on,
        reason=reason,
        clause=clause,
    )
    return _added(spell, "coverage.recorded", scheme=scheme, status=status, grade=spell.grade)


def certification_add(
    person: Person,
    disease: str,
    from_on: date,
    through_on: date | None = None,
    *,
    document: str = "",
) -> DiseaseCertification:
    """Record that a person is certified for a disease of the region's list for days.

    Raises:
        InvalidInput: unknown disease, reversed days, or days recorded before.
    """
    require("certification.change", person)
    refuse_numbers(document=document)
    if disease not in active_tree(person.office.region).region.diseases:
        raise InvalidInput("enrollment.certification.unknown", field="disease", text=disease[:40])
    spell = DiseaseCertification(
        office_id=person.office_id,
        person=person,
        disease=disease,
        from_on=from_on,
        through_on=through_on,
        document=document,
    )
    return _added(spell, "certification.recorded")


def _added(spell, verb: str, **payload: object):
    if spell.person.is_moved:
        raise Refused("enrollment.person.moved")
    if spell.through_on is not None and spell.through_on < spell.from_on:
        raise InvalidInput("enrollment.spell.days_reversed", field="through_on")
    try:
        with transaction.atomic():
            spell.save(force_insert=True)
            record(
                verb,
                spell.person,
                from_on=spell.from_on.isoformat(),
                through_on=spell.through_on.isoformat() if spell.through_on else "",
                **payload,
            )
    except IntegrityError as error:
        if "overlaps_no_other" in str(error):
            raise InvalidInput("enrollment.spell.days_recorded", field="from_on") from None
        raise
    return spell

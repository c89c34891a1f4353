"""Facilities for the desk: found by name or code, with their level on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from claims.models import Facility, FacilityLevel

MOST_FACILITIES = 12
_LONGEST_SEARCH = 60


@dataclass(frozen=True)
class FacilityOnDay:
    """A facility as it stood on a day.

    Attributes:
        level: words of the level; empty where none is recorded for the day.
    """

    code: str
    name: str
    level: str
    is_local: bool


def facilities_found(text: str, day: date) -> list[FacilityOnDay]:
    """Return facilities whose name holds the text or whose code begins with it, local ones first.

    Args:
        text: what was typed; nothing finds nothing.
        day: day whose level is told.
    """
    typed = text.replace("\0", "").strip()[:_LONGEST_SEARCH]
    if not typed:
        return []
    wanted = Q(name__contains=typed) | Q(code__startswith=typed.upper())
    return _on_day(
        list(Facility.objects.filter(wanted).order_by("-is_local", "name")[:MOST_FACILITIES]), day
    )


def facility_on(code: str, day: date) -> FacilityOnDay | None:
    """Return one facility as it stood on a day; None where the code is unknown."""
    found = _on_day(list(Facility.objects.filter(code=code.upper()[:12])), day)
    return found[0] if found else None


def _on_day(facilities: list[Facility], day: date) -> list[FacilityOnDay]:
    is_open = Q(through_on__isnull=True) | Q(through_on__gte=day)
    held = FacilityLevel.objects.filter(is_open, facility__in=facilities, from_on__lte=day)
    levels = {level.facility_id: level.get_level_display() for level in held}
    return [
        FacilityOnDay(each.code, each.name, levels.get(each.pk, ""), each.is_local)
        for each in facilities
    ]

"""What a person did on a day at the desk: versions, holds, releases."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from claims.models import BillHold, ReleaseKind, Settlement, SettlementRelease
from claims.selectors.lists import day_list
from config.calendar import SHANGHAI
from config.offices.models import User


def day_versions(user: User, day: date) -> QuerySet[Settlement]:
    """Return every version written on a day, each with the one before it."""
    return day_list(user, day).select_related("supersedes", "bill__person")


def day_holds(user: User, day: date) -> QuerySet[BillHold]:
    """Return the holds and withdrawals of a day."""
    rows = BillHold.objects.filter(actor=user, **_on(day))
    return rows.select_related("bill__person").order_by("pk")


def day_releases(user: User, day: date) -> QuerySet[SettlementRelease]:
    """Return what somebody released on a day as second person."""
    rows = SettlementRelease.objects.filter(actor=user, kind=ReleaseKind.PERSON, **_on(day))
    return rows.select_related("settlement__bill__person").order_by("pk")


def _on(day: date) -> dict[str, datetime]:
    start = datetime.combine(day, time.min, tzinfo=SHANGHAI)
    return {"at__gte": start, "at__lt": start + timedelta(days=1)}

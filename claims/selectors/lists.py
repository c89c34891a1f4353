"""Lists of the desk: what a clerk did on a day, what waits for a second person, what is held."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import OuterRef, QuerySet, Subquery

from claims.models import BillHold, HoldKind, Settlement
from claims.selectors.ledger import current_versions
from config.calendar import SHANGHAI
from config.offices.models import User


def day_list(clerk: User, day: date) -> QuerySet[Settlement]:
    """Return every version a clerk wrote on a day, in the order of writing."""
    start = datetime.combine(day, time.min, tzinfo=SHANGHAI)
    rows = Settlement.objects.filter(actor=clerk, at__gte=start, at__lt=start + timedelta(days=1))
    return rows.select_related("bill__person", "bill_version__facility").order_by("pk")


def review_list() -> QuerySet[Settlement]:
    """Return the current versions that wait for a second person, oldest first."""
    waiting = current_versions().filter(release_row__isnull=True)
    return waiting.select_related(
        "bill__person", "bill_version__facility", "actor", "office"
    ).order_by("at", "pk")


def held_list() -> QuerySet[BillHold]:
    """Return the holds of bills that still wait for a fact, oldest first."""
    last = BillHold.objects.filter(bill=OuterRef("bill")).order_by("-pk").values("pk")[:1]
    held = BillHold.objects.filter(pk=Subquery(last), kind=HoldKind.HELD)
    return (
        held.filter(bill__settlements__isnull=True)
        .select_related("bill__person", "bill_version__facility", "actor")
        .order_by("pk")
    )

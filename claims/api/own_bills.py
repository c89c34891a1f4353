"""The bills a facility may see: settled directly with it, at the offices in scope.

A paper claim is between the person and the office, whichever facility wrote the invoice.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from claims.models import Bill, BillKind, Facility, Settlement
from claims.statement.found import latest_version, statement_versions
from config.errors import Conflict


def own_versions(facility: Facility) -> QuerySet[Settlement]:
    """Return the versions a facility may see."""
    return statement_versions().filter(
        bill_version__facility=facility, bill_version__kind=BillKind.DIRECT
    )


def own_version(facility: Facility, setl_id: UUID) -> Settlement | None:
    """Return one version of an own bill; None for everything else."""
    return own_versions(facility).filter(public_id=setl_id).first()


def own_latest(facility: Facility, bill_number: str) -> Settlement | None:
    """Return the latest version of the own bill with a number.

    Raises:
        Conflict: `claims.api.number_ambiguous`: a county and its townships count for
            themselves.
    """
    found = own_versions(facility).filter(bill__number=bill_number, superseded_by__isnull=True)
    bills = list(found[:2])
    if len(bills) > 1:
        raise Conflict("claims.api.number_ambiguous")
    return bills[0] if bills else None


def own_bill(facility: Facility, setl_id: UUID) -> Bill:
    """Return the bill of a version, if its latest version is still the facility's own.

    Raises:
        Http404: nothing of the facility's.
    """
    version = own_version(facility, setl_id)
    if version is None:
        raise Http404
    latest = latest_version(version)
    if own_version(facility, latest.public_id) is None:
        raise Http404
    return version.bill


def own_numbers(facility: Facility, person_id: int, numbers: Sequence[str]) -> list[str]:
    """Return those numbers that name own bills: other facilities' bills are not told."""
    own = own_versions(facility).filter(bill__person_id=person_id, bill__number__in=numbers)
    return sorted(set(own.values_list("bill__number", flat=True)))

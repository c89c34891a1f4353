"""Find the version a page is about, with everything beside it, in a fixed number of queries."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from claims.models import Outcome, Settlement

BESIDE = (
    "office",
    "actor",
    "bill__person",
    "bill_version__facility",
    "release",
    "release_row__actor",
    "supersedes__bill",
    "supersedes__bill_version__facility",
    "supersedes__release",
    "supersedes__supersedes__bill",
)


def statement_versions() -> QuerySet[Settlement]:
    """Return the versions of the offices in scope, each with what a sheet prints."""
    found = Settlement.objects.select_related(*BESIDE)
    # The content of a release is long; its rules are kept in memory.
    return found.defer("release__content", "supersedes__release__content")


def statement_version(public_id: UUID | str) -> Settlement | None:
    """Return one version; None where the offices in scope have no such row."""
    return statement_versions().filter(public_id=public_id).first()


def replaced_version(version: Settlement) -> Settlement | None:
    """Return the version whose place this one took: a correction first reverses what it replaces."""
    before = version.supersedes
    if before is not None and before.outcome == Outcome.REVERSED:
        return before.supersedes
    return before


def latest_version(version: Settlement) -> Settlement:
    """Return the last version of the same bill."""
    latest = Settlement.objects.filter(bill_id=version.bill_id).order_by("-version")
    return latest.select_related("bill").first() or version

"""Counts and sums per county for the pool: statistics, never people.

A figure about fewer than ten people is hidden (class S1: statistics of at least ten people). Where
one county alone would be hidden, the sum of the others would tell it: then the next smallest is
hidden as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, F, Q, QuerySet, Sum

from claims.models import Outcome, Settlement
from claims.selectors.ledger import current_versions
from claims.selectors.lists import held_list, review_list
from config.offices import scope
from config.offices.models import Office
from enrollment.models import CoverageSpell, CoverageStatus

FEWEST = 10
TIERS = ("basic_fen", "catastrophic_fen", "assistance_fen", "supplementary_fen", "own_share_fen")


@dataclass
class Figures:
    """One kind of figures of one county.

    Attributes:
        people: how many people stand behind them.
        values: figures by name.
        is_hidden: too few people; the page shows none of them.
    """

    people: int = 0
    values: dict[str, int] = field(default_factory=dict)
    is_hidden: bool = False

    def add(self, people: int, values: Mapping[str, int]) -> None:
        """Count an office beneath into its county."""
        self.people += people
        for name, value in values.items():
            self.values[name] = self.values.get(name, 0) + value


@dataclass
class CountyRow:
    """One county: what is covered, settled, waiting and held there."""

    office: Office
    covered: Figures = field(default_factory=Figures)
    settled: Figures = field(default_factory=Figures)
    waiting: Figures = field(default_factory=Figures)
    held: Figures = field(default_factory=Figures)


KINDS = ("covered", "settled", "waiting", "held")


def pool_report(benefit_year: int, day: date) -> list[CountyRow]:
    """Return one row per county in scope, in the order of their codes; too small figures hidden.

    Args:
        benefit_year: year of the accounts whose current versions are summed.
        day: day on which people are covered.
    """
    counties = _counties()
    rows = {county.pk: CountyRow(county) for county in set(counties.values())}
    live = current_versions().filter(benefit_year=benefit_year).exclude(outcome=Outcome.REVERSED)
    every = Settlement.objects.filter(benefit_year=benefit_year)
    is_open = Q(through_on=None) | Q(through_on__gte=day)
    spells = CoverageSpell.objects.filter(
        is_open, status=CoverageStatus.COVERED, from_on__lte=day, person__moved_at=None
    )
    _count(rows, counties, "covered", _grouped(spells, "person"))
    sums = {name: Sum(name) for name in TIERS}
    of_bills = _grouped(live, "bill__person", bills=Count("bill", distinct=True), **sums)
    _count(rows, counties, "settled", of_bills)
    for office_id, versions in every.order_by().values_list("office").annotate(Count("pk")):
        rows[counties[office_id].pk].settled.add(0, {"versions": versions})
    _count(rows, counties, "waiting", _grouped(review_list(), "bill__person", waiting=Count("pk")))
    _count(rows, counties, "held", _grouped(held_list(), "bill__person", held=Count("pk")))
    found = sorted(rows.values(), key=lambda row: row.office.code)
    for kind in KINDS:
        hide_small([getattr(row, kind) for row in found])
    return found


def totals(rows: Iterable[CountyRow], kind: str) -> dict[str, int]:
    """Return the sums of what is shown of one kind; what is hidden is in no sum."""
    whole = Figures()
    for row in rows:
        figures: Figures = getattr(row, kind)
        if not figures.is_hidden:
            whole.add(figures.people, figures.values)
    return {"people": whole.people, **whole.values}


def hide_small(group: list[Figures]) -> None:
    """Hide figures about fewer than ten people, and one more where a single one would be told."""
    small = [
        each
        for each in group
        if each.people < FEWEST and (each.people or any(each.values.values()))
    ]
    for each in small:
        each.is_hidden = True
    shown = [each for each in group if not each.is_hidden and each.people]
    if len(small) == 1 and shown:
        min(shown, key=lambda each: each.people).is_hidden = True


def _counties() -> dict[int, Office]:
    """Return every office in scope with the county it counts into; the pool counts for itself."""
    offices = {office.pk: office for office in Office.objects.all()}
    found = {}
    for office_id in scope.current().office_ids:
        office = offices[office_id]
        while office.kind == Office.Kind.TOWNSHIP and office.parent_id:
            office = offices[office.parent_id]
        found[office_id] = office
    return found


def _grouped(rows: QuerySet, person: str, **figures: object) -> QuerySet:
    """Return rows of one kind by office: distinct people, and figures."""
    return (
        rows.order_by()
        .select_related(None)
        .values("office_id")
        .annotate(people=Count(F(person), distinct=True), **figures)
    )


def _count(
    rows: dict[int, CountyRow], counties: dict[int, Office], kind: str, found: QuerySet
) -> None:
    for each in found:
        row = rows[counties[each.pop("office_id")].pk]
        people = each.pop("people")
        getattr(row, kind).add(people, {name: int(value or 0) for name, value in each.items()})

"""A person as a settlement sees one: spells of category, cover and certification, and facts of a day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from claims.settlement.facts import BillFacts, worst_cover

if TYPE_CHECKING:
    from config.policy.tree import PolicyTree


class Spell(NamedTuple):
    """Something that holds from a day through a day, both inclusive; `through` None is open."""

    what: str
    from_on: date
    through_on: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the spell holds on a day."""
        return self.from_on <= day and (self.through_on is None or day <= self.through_on)


@dataclass(frozen=True)
class Person:
    """What must be known of a person.

    Attributes:
        grade: contribution grade (档次), `none` where the region has none.
        categories: spells of recognised categories.
        certified: spells of certified diseases.
        cover: spells of cover, words of `facts.COVERS`; a day without a spell has no record.
    """

    born_on: date
    grade: str = "none"
    categories: tuple[Spell, ...] = ()
    certified: tuple[Spell, ...] = ()
    cover: tuple[Spell, ...] = (Spell("covered", date.min),)

    def cover_on(self, day: date) -> str:
        """Status of cover on a day; `none` where there is no record."""
        return worst_cover([spell.what for spell in self.cover if spell.holds_on(day)])


@dataclass(frozen=True)
class Bill:
    """A bill as entered: facts of care and amounts in fen; in-scope cost is the rest of the total."""

    care_type: str
    discharged_on: date
    total_fen: int
    level: int | None = None
    admitted_on: date | None = None
    off_area: str = "none"
    is_referred: bool = False
    disease: str = "none"
    third_party: str = "none"
    kind: str = "direct"
    received_on: date | None = None
    fully_self_paid_fen: int = 0
    over_limit_price_fen: int = 0
    self_pay_first_fen: int = 0
    other_aid_fen: int = 0
    hospital_part_fen: int = 0
    release: str = field(default="")


def resolve_facts(tree: PolicyTree, bill: Bill, person: Person) -> BillFacts:
    """Facts of a bill on its deciding day (settlement.md 2): the discharge day.

    Args:
        tree: the release; says which cover days are asked and ranks the categories.
        bill: the bill as entered.
        person: the person's spells.
    """
    day = bill.discharged_on
    admitted = bill.admitted_on or day
    held = [spell.what for spell in person.categories if spell.holds_on(day)]
    region = tree.region
    return BillFacts(
        care_type=bill.care_type,
        level=bill.level,
        off_area=bill.off_area,
        is_referred=bill.is_referred,
        disease=bill.disease,
        admitted_on=admitted,
        discharged_on=day,
        age_group=region.age_group(person.born_on, day),
        grade=person.grade,
        category_basic=region.category("basic", held),
        category_catastrophic=region.category("catastrophic", held),
        category_assistance=region.category("assistance", held),
        category_supplementary=region.category("supplementary", held),
        cover=_cover_of_stay(tree, person, admitted, day),
        is_certified=any(
            spell.what == bill.disease and spell.holds_on(day) for spell in person.certified
        ),
        third_party=bill.third_party,
        kind=bill.kind,
        received_on=bill.received_on,
        total_fen=bill.total_fen,
        fully_self_paid_fen=bill.fully_self_paid_fen,
        over_limit_price_fen=bill.over_limit_price_fen,
        self_pay_first_fen=bill.self_pay_first_fen,
        other_aid_fen=bill.other_aid_fen,
        hospital_part_fen=bill.hospital_part_fen,
        release=bill.release,
    )


def _cover_of_stay(tree: PolicyTree, person: Person, admitted: date, discharged: date) -> str:
    """Cover on the day of admission carries the stay, or every day is asked (`cover_day`)."""
    if not tree.region.known_from <= discharged <= tree.region.known_through:
        return person.cover_on(admitted)
    answer = tree.ask("coverage.cover_day", discharged)
    if answer is not None and answer.value == "every_day":
        days = (discharged - admitted).days + 1
        return worst_cover(
            [person.cover_on(admitted + timedelta(days=number)) for number in range(days)]
        )
    return person.cover_on(admitted)

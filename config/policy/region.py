"""A pooling region (统筹地区): its known days and the vocabularies its values may name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from config.calendar import DaySpan, completed_years

NONE = "none"
"""No category, no disease, no grade."""


class KnownDays(NamedTuple):
    """The days a pack answers for, both inclusive."""

    first: date
    last: date


@dataclass(frozen=True)
class AgeGroup:
    """Completed years, both ends inclusive; `through` None is open."""

    code: str
    first: int
    through: int | None


@dataclass(frozen=True)
class Disease:
    """A disease that values and bills may name.

    Attributes:
        code: word used in packs and bills.
        name_zh: Chinese name.
        name_en: English name.
        care_types: care types in which it may be named.
        is_listed: whether it is a listed serious disease (重大疾病) of assistance.
    """

    code: str
    name_zh: str
    name_en: str
    care_types: tuple[str, ...]
    is_listed: bool


@dataclass(frozen=True)
class Region:
    """What `region.yaml` says.

    Attributes:
        id: division code and pinyin, the name of the folder.
        kind: `law`, or `demonstration` for invented values.
        notices: ids of the notices its values may cite.
        known: days for which the pack answers.
        ranks: categories per use, the first one held counts.
        assistance_kinds: kinds of assistance, by precedence.
        admission_orders: number of orders told apart; the last means "and later".
    """

    id: str
    name_zh: str
    name_en: str
    kind: str
    scheme: str
    notices: tuple[str, ...]
    known: KnownDays
    benefit_year: str
    deciding_day: str
    grades: tuple[str, ...]
    levels: tuple[int, ...]
    age_groups: tuple[AgeGroup, ...]
    diseases: Mapping[str, Disease]
    admission_orders: int
    ranks: Mapping[str, tuple[str, ...]]
    assistance_kinds: tuple[str, ...]

    @property
    def known_from(self) -> date:
        """First known day."""
        return self.known.first

    @property
    def known_through(self) -> date:
        """Last known day."""
        return self.known.last

    @property
    def known_span(self) -> DaySpan:
        """The known days, half open."""
        return DaySpan.inclusive(self.known.first, self.known.last)

    @property
    def is_demonstration(self) -> bool:
        """Whether the values are openly invented."""
        return self.kind == "demonstration"

    def age_group(self, born_on: date, day: date) -> str:
        """Return the age group of a person on a day, by completed years (周岁)."""
        years = completed_years(born_on, day)
        for group in self.age_groups:
            if group.first <= years and (group.through is None or years <= group.through):
                return group.code
        raise ValueError(f"no age group of {self.id} holds {years} years")

    def category(self, use: str, held: Iterable[str]) -> str:
        """Return the category that counts for a use: the first of its rank that is held."""
        words = frozenset(held)
        return next((word for word in self.ranks[use] if word in words), NONE)

    def may_name(self, care_type: str, disease: str) -> bool:
        """Say whether a bill of a care type may name a disease; `none` may always stand."""
        if disease == NONE:
            return True
        known = self.diseases.get(disease)
        return known is not None and care_type in known.care_types

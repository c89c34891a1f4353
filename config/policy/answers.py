"""What the policy answers: money, a rate, steps, words, a condition, or that it does not know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from config.policy.citation import Citation

OFFERED = "offered"
NOT_OFFERED = "not_offered"
NOT_KNOWN = "not_known"


@dataclass(frozen=True)
class Step:
    """One band: above `over_fen` the fund pays `pay_ppm`."""

    over_fen: int
    pay_ppm: int


@dataclass(frozen=True)
class Condition:
    """When a kind of assistance holds; everything named must hold.

    Attributes:
        disease_listed: the disease of the bill is a listed one.
        level_at_least: lowest facility level.
        cost_over_fen: the cost lies strictly above this.
        cost: which cost: `in_scope`, `total` or `either`.
        care_types: the care type is one of these; empty names none.
    """

    disease_listed: bool = False
    level_at_least: int | None = None
    cost_over_fen: int | None = None
    cost: str | None = None
    care_types: tuple[str, ...] = ()


Content: TypeAlias = int | str | tuple[str, ...] | tuple[Step, ...] | Condition | None


@dataclass(frozen=True)
class Answer:
    """What a key says for one combination of facts on one day.

    Attributes:
        status: `offered`, `not_offered` (0, with its clause) or `not_known`.
        value: fen, ppm, a word, words, steps or a condition; None where nothing is offered
            or the value is unlimited.
        is_unlimited: the value is "no limit".
        accumulator_id: id of the value, else of its key.
        role: of a limit, `cap` or `item`.
        citation: where the value comes from.
    """

    status: str
    value: Content
    is_unlimited: bool
    accumulator_id: str | None
    role: str | None
    citation: Citation

    @property
    def is_offered(self) -> bool:
        """Whether there is a value to pay by."""
        return self.status == OFFERED

"""Settle the places of an account in order. Decides only: reads nothing, writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from claims.models import BillVersion, Settlement
from claims.selectors.ledger import moved_as_received
from claims.selectors.rule_books import Stored, kernel_accumulators, stored_accumulators
from claims.settlement.columns import PARTS, TRACE
from claims.settlement.desk import replay_account
from claims.settlement.facts import BillFacts
from claims.settlement.rules import RuleBook
from config.errors import Refused


@dataclass(frozen=True)
class Place:
    """One bill in the order of an account.

    Attributes:
        sequence: its place.
        facts: what the kernel is given.
        bill_version: the figures it is settled on; None in a preview.
        before: the current version; None for a bill settled for the first time.
        is_fixed: stored as received from the platform, never settled again by us.
    """

    sequence: int
    facts: BillFacts
    bill_version: BillVersion | None = None
    before: Settlement | None = None
    is_fixed: bool = False


@dataclass(frozen=True)
class Decided:
    """What the kernel says about one place.

    Attributes:
        figures: `outcome`, `reason` and every part and intermediate, as the kernel names them.
        opening: accumulators before, as stored.
        closing: accumulators after, as stored.
    """

    place: Place
    figures: dict[str, int | str]
    opening: Stored
    closing: Stored

    @property
    def outcome(self) -> str:
        """`paid`, `refused` or `held`."""
        return str(self.figures["outcome"])

    @property
    def reason(self) -> str:
        """Numbered reason; empty where paid."""
        return str(self.figures["reason"])

    @property
    def fund_fen(self) -> int:
        """What the funds pay together."""
        return sum(
            int(self.figures[name])
            for name in ("basic", "catastrophic", "assistance", "supplementary")
        )

    def differs_from(self, version: Settlement) -> bool:
        """Tell whether a stored version says anything else: an amount, a step, what came before."""
        return (
            self.outcome != version.outcome
            or self.reason != version.reason_code
            or self.opening != version.opening
            or self.closing != version.closing
            or [self.figures[name] for name in TRACE] != version.trace_fen
            or any(self.figures[name] != getattr(version, f"{name}_fen") for name in PARTS)
        )


def settle_places(book: RuleBook, opening: Stored, places: Sequence[Place]) -> list[Decided]:
    """Settle places in order from the accumulators before the first.

    Args:
        book: rules of every release the places name.
        opening: accumulators before the first place, entries included.
        places: in the order of the account.

    Returns:
        One decision per place. Places that are fixed move the accumulators by what they moved
        when they were stored and are left out of the answer.

    Raises:
        Refused: `claims.account.later_bill_held`: a bill that was settled can no longer be,
            because the pack does not know a value it would now need. Nothing is guessed.
    """
    decided: list[Decided] = []
    run: list[Place] = []
    state = dict(opening)
    for place in places:
        if not place.is_fixed:
            run.append(place)
            continue
        state = _settle_run(book, state, run, decided)
        run = []
        state = moved_as_received(state, place.before)
    _settle_run(book, state, run, decided)
    return decided


def _settle_run(book: RuleBook, state: Stored, run: list[Place], decided: list[Decided]) -> Stored:
    if not run:
        return state
    facts = [place.facts for place in run]
    settled, closing = replay_account(book, facts, kernel_accumulators(book, state))
    openings = [stored_accumulators(book, each.opening) for each in settled]
    closings = [*openings[1:], stored_accumulators(book, closing)]
    for place, each, before, after in zip(run, settled, openings, closings, strict=True):
        if each.outcome == "held" and place.before is not None:
            raise Refused(
                "claims.account.later_bill_held",
                number=place.before.bill.number,
                reason=each.reason,
            )
        decided.append(Decided(place, dict(each.figures), before, after))
    return closings[-1]

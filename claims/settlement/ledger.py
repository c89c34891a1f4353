"""Ledgers of many people, driven event by event through the one kernel.

Round k takes the k-th event of everyone: new bills are settled last in their accounts, and
accounts with a reversal, a correction or a re-run are replayed from their entries. This is
what the services do with rows of the database, here on plain values; cases, tests and
what-if runs use it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from claims.settlement.accumulators import Accumulators
from claims.settlement.batch import settle_batch
from claims.settlement.columns import OUTCOMES, OUTPUTS, SettlementColumns
from claims.settlement.facts import BALANCE_CARE
from claims.settlement.late_status import LateStatus, late_grants
from claims.settlement.people import Bill, Person, Spell, resolve_facts
from claims.settlement.reasons import REASONS
from claims.settlement.rules import RuleBook
from config.errors import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claims.settlement.facts import BillFacts
    from config.policy.tree import PolicyTree

Figures = dict[str, int | str]


@dataclass(frozen=True)
class BillEntered:
    """A new bill; it is settled last in its account."""

    name: str
    bill: Bill


@dataclass(frozen=True)
class BillReversed:
    """The bill leaves its place; what follows is replayed."""

    name: str


@dataclass(frozen=True)
class BillCorrected:
    """Reversal and new figures in the same place."""

    name: str
    bill: Bill


@dataclass(frozen=True)
class EntryPosted:
    """Opening balance or grant: fen by accumulator id, standing before the first bill."""

    benefit_year: int
    amounts: dict[str, int]


@dataclass(frozen=True)
class CategoryRecorded:
    """A category is recorded from here on; bills settled earlier keep their facts."""

    spell: Spell


Event = BillEntered | BillReversed | BillCorrected | EntryPosted | CategoryRecorded | LateStatus


@dataclass
class LedgerPerson:
    """A person with events in ledger order, and what has become of them.

    Attributes:
        person: facts as recorded so far.
        events: what happens, in order.
        current: bill -> figures of its current version, or of its last hold.
        history: after each event, the bills it touched with their figures then.
    """

    person: Person
    events: Sequence[Event]
    current: dict[str, Figures] = field(default_factory=dict)
    history: list[dict[str, Figures]] = field(default_factory=list)


@dataclass
class _Account:
    """One account-year: entries first, then live bills in order."""

    row: int
    entries: list[dict[str, int]] = field(default_factory=list)
    bills: dict[str, BillFacts] = field(default_factory=dict)
    recorded: dict[str, Person] = field(default_factory=dict)


class Ledgers:
    """The accounts of many people under one release."""

    def __init__(self, tree: PolicyTree, people: Sequence[LedgerPerson]) -> None:
        self.tree, self.people = tree, people
        self.book = RuleBook.of(tree)
        self._accounts: list[dict[int, _Account]] = [{} for _ in people]
        rows = 0
        for accounts, person in zip(self._accounts, people, strict=True):
            for year in sorted(_years(person.events)):
                accounts[year] = _Account(rows)
                rows += 1
        self.state = Accumulators.empty(self.book.accumulator_names, rows)

    def run(self) -> None:
        """Take every event of everyone."""
        for turn in range(max((len(person.events) for person in self.people), default=0)):
            self._settle_new(turn)
            self._replay_changed(turn)

    def _settle_new(self, turn: int) -> None:
        new: list[tuple[int, str, BillFacts]] = []
        for number, person in enumerate(self.people):
            if turn >= len(person.events):
                continue
            person.history.append({})
            event = person.events[turn]
            if isinstance(event, BillEntered):
                new.append(
                    (number, event.name, resolve_facts(self.tree, event.bill, person.person))
                )
        if not new:
            return
        new.sort(key=lambda item: self._account(item[0], item[2]).row)
        rows = np.array(
            [self._account(number, facts).row for number, _, facts in new], dtype=np.int64
        )
        results, self.state = settle_batch(
            self.book.claims([facts for _, _, facts in new], rows), self.book.table, self.state
        )
        for index, (number, name, facts) in enumerate(new):
            self._note(number, name, figures_of(results, index))
            if OUTCOMES[results.outcome[index]] != "held":
                account = self._account(number, facts)
                account.bills[name], account.recorded[name] = facts, self.people[number].person

    def _replay_changed(self, turn: int) -> None:
        changed: list[tuple[int, _Account]] = []
        for number, person in enumerate(self.people):
            if turn < len(person.events):
                changed += [
                    (number, account) for account in self._apply(number, person.events[turn])
                ]
        bills = [
            (number, name, facts, account)
            for number, account in changed
            for name, facts in account.bills.items()
        ]
        opening = Accumulators.empty(self.book.accumulator_names, len(changed))
        for column, (_, account) in enumerate(changed):
            for amounts in account.entries:
                opening.add(column, amounts)
        order = {id(account): column for column, (_, account) in enumerate(changed)}
        columns = np.array([order[id(account)] for _, _, _, account in bills], dtype=np.int64)
        results, closing = settle_batch(
            self.book.claims([facts for _, _, facts, _ in bills], columns), self.book.table, opening
        )
        for column, (_, account) in enumerate(changed):
            self.state.matrix[:, account.row] = closing.matrix[:, column]
        for index, (number, name, _, account) in enumerate(bills):
            figures = figures_of(results, index)
            if figures != self.people[number].current.get(name):
                self._note(number, name, figures)
            if figures["outcome"] == "held":
                del account.bills[name]

    def _apply(self, number: int, event: Event) -> list[_Account]:
        """Change the ledgers of a person; returns the accounts to replay."""
        if isinstance(event, EntryPosted):
            unknown = sorted(set(event.amounts) - set(self.state.row_of))
            if unknown:
                raise InvalidInput("claims.case.unknown_accumulator", names=", ".join(unknown))
            account = self._accounts[number][event.benefit_year]
            account.entries.append(event.amounts)
            return [account]
        if isinstance(event, CategoryRecorded):
            self._record(number, event.spell)
        elif isinstance(event, BillReversed):
            account = self._holder(number, event.name)
            del account.bills[event.name]
            self._note(
                number,
                event.name,
                {"outcome": "reversed", "reason": ""} | dict.fromkeys(OUTPUTS, 0),
            )
            return [account]
        elif isinstance(event, BillCorrected):
            account = self._holder(number, event.name)
            # A correction is a new decision: it sees what is recorded of the person by now.
            person = self.people[number].person
            account.recorded[event.name] = person
            account.bills[event.name] = resolve_facts(self.tree, event.bill, person)
            return [account]
        elif isinstance(event, LateStatus):
            return self._apply_late_status(number, event)
        return []

    def _apply_late_status(self, number: int, event: LateStatus) -> list[_Account]:
        answer = self.tree.ask("assistance.on_late_status", event.applied_on)
        rule = "none" if answer is None else str(answer.value)
        account = self._accounts[number].get(event.spell.from_on.year)
        changed = []
        if rule == "assistance_only" and account is not None:
            changed.append(account)
            grants = late_grants(
                self.book,
                account.bills,
                self.people[number].current,
                event,
                self._state_of(account),
            )
            for name, grant in grants.items():
                account.entries.append(grant.amounts)
                self.people[number].history[-1][name] = {"grant": grant.paid_fen}
        self._record(number, event.spell)
        for account in self._accounts[number].values() if rule == "re_run" else ():
            for name, facts in account.bills.items():
                if facts.discharged_on >= event.spell.from_on:
                    # The new category is added to what was recorded when the bill was settled.
                    account.recorded[name] = _with_category(account.recorded[name], event.spell)
                    account.bills[name] = self._with_categories(facts, account.recorded[name])
                    changed.append(account)
        return list({id(account): account for account in changed}.values())

    def _with_categories(self, facts: BillFacts, person: Person) -> BillFacts:
        """Stored facts of a bill with the categories a person holds."""
        bill = Bill(facts.care_type, facts.discharged_on, total_fen=0, release=facts.release)
        now = resolve_facts(self.tree, bill, person)
        return replace(
            facts,
            category_basic=now.category_basic,
            category_catastrophic=now.category_catastrophic,
            category_assistance=now.category_assistance,
            category_supplementary=now.category_supplementary,
        )

    def _record(self, number: int, spell: Spell) -> None:
        self.people[number].person = _with_category(self.people[number].person, spell)

    def _state_of(self, account: _Account) -> Accumulators:
        return self.state.block(account.row, account.row + 1)

    def _account(self, number: int, facts: BillFacts) -> _Account:
        return self._accounts[number][facts.benefit_year]

    def _holder(self, number: int, name: str) -> _Account:
        for account in self._accounts[number].values():
            if name in account.bills:
                return account
        raise InvalidInput("claims.case.no_place", bill=name)

    def _note(self, number: int, name: str, figures: Figures) -> None:
        person = self.people[number]
        person.current[name] = figures
        person.history[-1][name] = person.history[-1].get(name, {}) | figures


def figures_of(results: SettlementColumns, index: int) -> Figures:
    """One row of results as a dict: outcome, reason, and every part and intermediate in fen."""
    figures: Figures = {
        "outcome": OUTCOMES[results.outcome[index]],
        "reason": REASONS[results.reason[index]].code,
    }
    column = results.figures[:, index].tolist()
    figures.update(zip(OUTPUTS, column, strict=True))
    return figures


def _with_category(person: Person, spell: Spell) -> Person:
    return replace(person, categories=(*person.categories, spell))


def _years(events: Sequence[Event]) -> set[int]:
    years = set()
    for event in events:
        if isinstance(event, BillEntered | BillCorrected):
            years.add(0 if event.bill.care_type == BALANCE_CARE else event.bill.discharged_on.year)
        elif isinstance(event, EntryPosted):
            years.add(event.benefit_year)
    return years

"""The events of one person in ledger order, and what stands at their end.

A new bill is settled last. After every other event the account is replayed: its live
bills in their order, from the openings and grants recorded so far.
"""

from collections import defaultdict
from dataclasses import dataclass, field, replace

from tests.reference import upper_tiers
from tests.reference.facts import (
    Bill,
    Person,
    Spell,
    correct_bill,
    read_bill,
    read_fen,
    read_person,
    read_spells,
)
from tests.reference.outcome import BALANCE
from tests.reference.rulebook import Asked, NotKnown, Rulebook
from tests.reference.settlement import Account, Settled, settle_bill


@dataclass
class Ledger:
    """What is recorded of one person so far, and what stands.

    `bills` are those in the order of an account: a bill held at its own event has no place
    in it. `current` are the figures of every bill, held ones too; `grants` are those of each
    late status, by event; `idle` are events that name a bill without a place, which no
    office could have entered.
    """

    person: Person
    bills: dict[str, Bill] = field(default_factory=dict)
    current: dict[str, Settled] = field(default_factory=dict)
    accounts: dict[int, Account] = field(default_factory=lambda: defaultdict(Account))
    entries: list[tuple[int, str, int]] = field(default_factory=list)
    grants: dict[int, dict[str, int]] = field(default_factory=dict)
    idle: set[int] = field(default_factory=set)

    def is_live(self, name: str) -> bool:
        """Say whether the bill has a place: it is paid or refused."""
        return name in self.bills


def settle_person(book: Rulebook, case: dict) -> Ledger:
    """Go through the events and return what stands at their end."""
    ledger = Ledger(read_person(case["person"]))
    for number, event in enumerate(case["events"]):
        record(book, ledger, number, event, case)
    return ledger


def record(book: Rulebook, ledger: Ledger, number: int, event: dict, case: dict) -> None:
    """Record one event."""
    if "bill" in event:
        enter(book, ledger, read_bill(event, ledger.person))
    elif "reverse" in event or "correct" in event:
        name = event.get("reverse") or event["correct"]
        if not ledger.is_live(name):
            ledger.idle.add(number)
        elif "reverse" in event:
            del ledger.bills[name], ledger.current[name]
            replay(book, ledger)
        else:
            correct(book, ledger, name, event)
    elif "category" in event:
        ledger.person.categories += read_spells([event["category"]], "category")
    elif "late_status" in event:
        record_late_status(book, ledger, number, event["late_status"])
    else:
        entries = event.get("opening") or event["grant"]
        for name, words in entries.items():
            year = 0 if name == BALANCE else year_of(case)
            ledger.entries.append((year, name, read_fen(words)))
        replay(book, ledger)


def enter(book: Rulebook, ledger: Ledger, bill: Bill) -> None:
    """Settle a new bill last in its account; a held one gets no place."""
    settled = settle_bill(book, ledger.accounts[bill.year], bill, ledger.person)
    ledger.current[bill.name] = settled
    if settled.outcome != "held":
        ledger.bills[bill.name] = bill


def correct(book: Rulebook, ledger: Ledger, name: str, event: dict) -> None:
    """Put new figures in the bill's place, with what is recorded of the person now."""
    corrected = correct_bill(ledger.bills[name], event)
    ledger.bills[name] = replace(corrected, categories=ledger.person.categories)
    replay(book, ledger)


def year_of(case: dict) -> int:
    """Return the benefit year of a case with entries: that of its first bill."""
    days = [event["discharged_on"] for event in case["events"] if "bill" in event]
    return days[0].year if days else 0


def replay(book: Rulebook, ledger: Ledger) -> None:
    """Settle the live bills again in their order; openings and grants come first.

    A bill that comes out held has no place any more.
    """
    ledger.accounts.clear()
    for year, name, amount in ledger.entries:
        ledger.accounts[year].used[name] += amount
    for name, bill in list(ledger.bills.items()):
        account = ledger.accounts[bill.year]
        ledger.current[name] = settle_bill(book, account, bill, ledger.person)
        if ledger.current[name].outcome == "held":
            del ledger.bills[name]


def record_late_status(book: Rulebook, ledger: Ledger, number: int, status: dict) -> None:
    """Record a status granted later, as the day of application says."""
    spell = read_spells([status], "category")[0]
    ledger.person.categories += (spell,)
    answer = book.tree.ask("assistance.on_late_status", status["applied_on"])
    if answer.value == "re_run":
        for name, bill in ledger.bills.items():
            if bill.discharged_on >= spell.begins_on:
                ledger.bills[name] = replace(bill, categories=(*bill.categories, spell))
        replay(book, ledger)
    elif answer.value == "assistance_only":
        extra = book.tree.ask("assistance.late_status_supplementary", status["applied_on"])
        ledger.grants[number] = grant_late(book, ledger, spell, extra.value == "in")
        replay(book, ledger)


def grant_late(
    book: Rulebook, ledger: Ledger, spell: Spell, with_supplementary: bool
) -> dict[str, int]:
    """Put the year's bills through assistance with the new category, as if settled last."""
    year = spell.begins_on.year
    account = ledger.accounts[year]
    grants = {}
    for name, bill in ledger.bills.items():
        settled = ledger.current[name]
        if bill.year != year or settled.outcome != "paid":
            continue
        if book.tree.category("assistance", [spell.word]) == "none":
            continue
        if held_assisted_category(book, bill, ledger.person):
            continue
        asked = asked_late(book, bill, ledger.person, spell)
        try:
            tiers = late_tiers(book, account, asked, bill, settled, with_supplementary)
        except NotKnown:
            continue
        granted = 0
        for tier in tiers:
            granted += tier.paid_fen
            account.move(tier.moves)
            ledger.entries += [(year, moved, amount) for moved, amount in tier.moves]
        if granted:
            grants[name] = granted
    return grants


def held_assisted_category(book: Rulebook, bill: Bill, person: Person) -> bool:
    """Say whether the deciding day already held a category that assistance helps."""
    asked = book.asked_for(bill, person)
    if asked.category("assistance") == "none":
        return False
    kinds = book.tree.region.assistance_kinds
    rates = [book.ask("assistance.rate", asked.with_(kind=kind)) for kind in kinds]
    return any(rate.status != "not_offered" for rate in rates)


def asked_late(book: Rulebook, bill: Bill, person: Person, spell: Spell) -> Asked:
    """Ask with the new category alone in the tiers that a late status opens.

    It is asked on the bill's own deciding day, also where the status begins later in the year.
    """
    asked = book.asked_for(bill, person)
    by_use = dict(asked.category_by_use)
    for use in ("assistance", "supplementary"):
        by_use[use] = book.tree.category(use, [spell.word])
    asked = asked.with_(category_by_use=tuple(by_use.items()))
    return asked.with_(kind=upper_tiers.kind_of(book, bill, asked))


def late_tiers(book, account: Account, asked: Asked, bill: Bill, settled, with_supplementary: bool):
    """Run assistance, then supplementary where the pack says so, on the account as it stands."""
    basic, cut = settled.basic, settled.unfiled_cut_fen
    catastrophic = settled.figures["catastrophic"]
    assistance = upper_tiers.settle_assistance(
        book, bill, asked, account.used, basic, cut, catastrophic
    )
    if not with_supplementary:
        return [assistance]
    used = account.used.copy()
    for name, amount in assistance.moves:
        used[name] += amount
    return [assistance, upper_tiers.settle_supplementary(book, bill, asked, used, assistance)]

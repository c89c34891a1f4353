"""The events of one person in ledger order, and what stands at their end.

Every figure is that of the replay: the live bills in their order, from the openings
and grants recorded so far (a late status looks at the replay of its own moment).
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
from tests.reference.rulebook import NotKnown, Rulebook
from tests.reference.settlement import Account, Settled, settle_bill


@dataclass
class Ledger:
    """What is recorded of one person so far."""

    person: Person
    bills: dict[str, Bill] = field(default_factory=dict)
    entries: list[tuple[int, str, int]] = field(default_factory=list)
    grants: dict[int, dict[str, int]] = field(default_factory=dict)


@dataclass
class Standing:
    """Current figures of every live bill, and the accounts after them."""

    bills: dict[str, Settled]
    accounts: dict[int, Account]


def settle_person(book: Rulebook, case: dict) -> tuple[Standing, Ledger]:
    """Go through the events and return the final standing and the ledger."""
    ledger = Ledger(read_person(case["person"]))
    for number, event in enumerate(case["events"]):
        record(book, ledger, number, event, case)
    return replay(book, ledger), ledger


def record(book: Rulebook, ledger: Ledger, number: int, event: dict, case: dict) -> None:
    """Record one event."""
    if "bill" in event:
        ledger.bills[event["bill"]] = read_bill(event, ledger.person)
    elif "reverse" in event:
        del ledger.bills[event["reverse"]]
    elif "correct" in event:
        name = event["correct"]
        ledger.bills[name] = correct_bill(ledger.bills[name], event)
    elif "category" in event:
        ledger.person.categories += read_spells([event["category"]], "category")
    elif "late_status" in event:
        record_late_status(book, ledger, number, event["late_status"])
    else:
        entries = event.get("opening") or event["grant"]
        for name, words in entries.items():
            year = 0 if name == BALANCE else year_of(case)
            ledger.entries.append((year, name, read_fen(words)))


def year_of(case: dict) -> int:
    """Return the benefit year of a case with entries: that of its first bill."""
    days = [
        event["discharged_on"]
        for event in case["events"]
        if "bill" in event and event["care_type"] != BALANCE
    ]
    return days[0].year if days else 0


def replay(book: Rulebook, ledger: Ledger) -> Standing:
    """Settle the live bills in ledger order; openings and grants come first."""
    accounts = defaultdict(Account)
    for year, name, amount in ledger.entries:
        accounts[year].used[name] += amount
    settled = {}
    for name, bill in ledger.bills.items():
        settled[name] = settle_bill(book, accounts[bill.year], bill, ledger.person)
    return Standing(settled, accounts)


def record_late_status(book: Rulebook, ledger: Ledger, number: int, status: dict) -> None:
    """Record a status granted later, as the day of application says."""
    spell = read_spells([status], "category")[0]
    ledger.person.categories += (spell,)
    answer = book.tree.ask("assistance.on_late_status", status["applied_on"])
    if answer.value == "re_run":
        for name, bill in ledger.bills.items():
            if bill.discharged_on >= spell.begins_on:
                ledger.bills[name] = replace(bill, categories=(*bill.categories, spell))
    elif answer.value == "assistance_only":
        extra = book.tree.ask("assistance.late_status_supplementary", status["applied_on"])
        ledger.grants[number] = grant_late(book, ledger, spell, extra.value == "in")


def grant_late(
    book: Rulebook, ledger: Ledger, spell: Spell, with_supplementary: bool
) -> dict[str, int]:
    """Put the year's bills through assistance with the new category, as if settled last."""
    year = spell.begins_on.year
    standing = replay(book, ledger)
    account = standing.accounts[year]
    grants = {}
    for name, bill in ledger.bills.items():
        settled = standing.bills[name]
        if bill.year != year or settled.outcome != "paid":
            continue
        if held_assisted_category(book, bill, ledger.person):
            continue
        try:
            tiers = late_tiers(book, account, bill, ledger.person, spell, settled)
        except NotKnown:
            continue
        granted = 0
        for tier in tiers[: 1 + with_supplementary]:
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
    asked = asked.with_(kind=upper_tiers.kind_of(book, bill, asked))
    return book.ask("assistance.rate", asked).status != "not_offered"


def late_tiers(book: Rulebook, account: Account, bill: Bill, person: Person, spell, settled):
    """Run assistance, then supplementary, with the new category alone.

    The category is asked as granted, on the bill's own deciding day, also where the
    status begins later in the year.
    """
    tree = book.tree
    asked = book.asked_for(bill, person)
    by_use = dict(asked.category_by_use)
    for use in ("assistance", "supplementary"):
        by_use[use] = tree.category(use, [spell.word])
    asked = asked.with_(category_by_use=tuple(by_use.items()))
    asked = asked.with_(kind=upper_tiers.kind_of(book, bill, asked))
    basic, cut = settled.basic, settled.unfiled_cut_fen
    catastrophic = settled.figures["catastrophic"]
    assistance = upper_tiers.settle_assistance(
        book, bill, asked, account.used, basic, cut, catastrophic
    )
    used = account.used.copy()
    for name, amount in assistance.moves:
        used[name] += amount
    supplementary = upper_tiers.settle_supplementary(book, bill, asked, used, assistance)
    return assistance, supplementary

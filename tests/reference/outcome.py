"""Whether a bill is paid at all: held, refused, or on to the tiers."""

from datetime import date, timedelta

from tests.reference.facts import Bill, Person
from tests.reference.rulebook import Asked, Rulebook

BALANCE = "outpatient_balance"
CERTIFIED_CARE = ("chronic_special", "two_disease")


def reason_against(book: Rulebook, bill: Bill, person: Person) -> str | None:
    """Return the first reason to hold or refuse the bill; None lets it through."""
    for reason in (held_reason, refused_reason):
        found = reason(book, bill, person)
        if found:
            return found
    return None


def plain_question(bill: Bill) -> Asked:
    """Ask on the deciding day about a key that names no selector."""
    return Asked(bill.discharged_on, bill.care_type, bill.level, "", "", bill.disease, "none", ())


def held_reason(book: Rulebook, bill: Bill, person: Person) -> str | None:
    """Return why the bill must wait for a fact."""
    if bill.third_party == "pending":
        return "H03"
    if is_outside_pack(book, bill):
        return "H04"
    statuses = cover_statuses(book, bill, person)
    if None in statuses:
        return "H01"
    if "duplicate" in statuses:
        return "H02"
    if is_past_deadline(book, bill):
        return "H06"
    if bill.level is None or (bill.care_type in CERTIFIED_CARE and bill.disease == "none"):
        return "H07"
    return None


def cover_statuses(book: Rulebook, bill: Bill, person: Person) -> set:
    """Collect the cover of every needed day; None stands for a day without a record."""
    days = [bill.admitted_on]
    if book.word("coverage.cover_day", plain_question(bill)) == "every_day":
        count = (bill.discharged_on - bill.admitted_on).days
        days = [bill.admitted_on + timedelta(days=number) for number in range(count + 1)]
    statuses = set()
    for day in days:
        held = {spell.word for spell in person.cover if spell.holds_on(day)}
        statuses |= held or {None}
    return statuses


def is_outside_pack(book: Rulebook, bill: Bill) -> bool:
    """Say whether the pack is silent on the deciding day, or on the 1 January it needs."""
    if not book.knows(bill.discharged_on):
        return True
    if bill.care_type == BALANCE:
        return False
    switch = book.word("catastrophic.on_rule_change", plain_question(bill))
    january = date(bill.discharged_on.year, 1, 1)
    return switch == "old_all_year" and not book.knows(january)


def is_past_deadline(book: Rulebook, bill: Bill) -> bool:
    """Say whether a paper claim came after its day of the next year."""
    answer = book.ask("coverage.paper_deadline", plain_question(bill))
    if answer is None or answer.value == "none" or not bill.is_manual:
        return False
    month, day = answer.value.split(" ")[0].split("-")
    last_day = date(bill.discharged_on.year + 1, int(month), int(day))
    return bill.received_on is not None and bill.received_on > last_day


def refused_reason(book: Rulebook, bill: Bill, person: Person) -> str | None:
    """Return why the bill is decided with nothing."""
    statuses = cover_statuses(book, bill, person)
    if "waiting" in statuses:
        return "R01"
    if "not_covered" in statuses:
        return "R02"
    if bill.care_type == BALANCE:
        return None
    if not is_offered(book, book.asked_for(bill, person)):
        return "R03"
    if bill.care_type in CERTIFIED_CARE:
        day = bill.discharged_on
        if not any(one.word == bill.disease and one.holds_on(day) for one in person.certified):
            return "R04"
    return None


def is_offered(book: Rulebook, asked: Asked) -> bool:
    """Say whether the basic tier offers this care: a fixed sum goes before a rate."""
    answer = book.ask("basic.fixed_sum", asked) or book.ask("basic.rate", asked)
    return answer.status != "not_offered"

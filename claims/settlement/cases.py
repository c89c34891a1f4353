"""The one schema for cases (settlement.md 9): read, settle, compare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import compress
from typing import TYPE_CHECKING, Any

from claims.settlement.case_values import (
    at_place,
    day_of,
    needed,
    only_keys,
    read_day,
    read_fen,
    read_mapping,
    read_sequence,
    read_whole,
    read_word,
    yuan_text,
)
from claims.settlement.columns import NOT_MONEY, OUTPUTS
from claims.settlement.facts import CARE_TYPES, COVERS, KINDS_OF_BILL, THIRD_PARTIES
from claims.settlement.late_status import LateStatus
from claims.settlement.ledger import (
    BillCorrected,
    BillEntered,
    BillReversed,
    CategoryRecorded,
    EntryPosted,
    Event,
    Figures,
    LedgerPerson,
    Ledgers,
)
from claims.settlement.people import Bill, Person, Spell
from config.errors import InvalidInput
from config.policy.schema import OFF_AREAS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from config.policy.region import Region
    from config.policy.tree import PolicyTree

AMOUNTS = (
    "total",
    "fully_self_paid",
    "over_limit_price",
    "self_pay_first",
    "other_aid",
    "hospital_part",
)
FACTS = {
    "care_type",
    "level",
    "admitted_on",
    "discharged_on",
    "off_area",
    "referred",
    "disease",
    "third_party",
    "kind",
    "received_on",
    *AMOUNTS,
}
CASE_KEYS = {
    "name",
    "cite",
    "interpretation",
    "source",
    "region",
    "person",
    "events",
    "working",
    "contract",
}
PERSON_KEYS = {"born_on", "grade", "categories", "certified", "cover"}
EVENTS = ("bill", "reverse", "correct", "opening", "grant", "category", "late_status")
DAYS = ("admitted_on", "discharged_on", "received_on")
VOCABULARIES = {
    "care_type": CARE_TYPES,
    "off_area": OFF_AREAS,
    "third_party": THIRD_PARTIES,
    "kind": KINDS_OF_BILL,
    "status": COVERS[1:],
}
YES_OR_NO = {"yes": True, "no": False}
NOT_FIGURES = ("outcome", "reason")


@dataclass(frozen=True)
class Expectation:
    """What one event says should come out: bill -> name -> text as a settlement would show it."""

    event: int
    of: dict[str, dict[str, str]]


@dataclass
class Case:
    """One case: a person, events in ledger order, expectations."""

    name: str
    region: str
    person: Person
    events: list[Event]
    expectations: list[Expectation]
    first_year: int = -1
    bills: dict[str, Bill] = field(default_factory=dict)


@dataclass(frozen=True)
class Failure:
    """An expectation that does not hold."""

    case: str
    bill: str
    field: str
    expected: str
    got: str

    def __str__(self) -> str:
        """Name case, bill, field, expected and got."""
        return (
            f"{self.case}: bill {self.bill}: {self.field}: expected {self.expected}, got {self.got}"
        )


def read_case(raw: object) -> Case:
    """Read one case as loaded from YAML or JSON.

    Raises:
        InvalidInput: an unknown key, a missing one, or a value that cannot be read. Its `field`
            is the place: name of the case, event, key.
    """
    name = str(raw.get("name", "")) if isinstance(raw, Mapping) else ""
    with at_place(name or "a case without a name"):
        keys = only_keys(raw, CASE_KEYS)
        needed(keys, "name")
        events = read_sequence(needed(keys, "events"), "events")
        with at_place("person"):
            person = _person(keys.get("person") or {})
        case = Case(name, str(needed(keys, "region")), person, [], [], _first_year(events))
        for number, event in enumerate(events, start=1):
            with at_place(f"event {number}"):
                _read_event(case, event)
    return case


def settle_cases(trees: Mapping[str, PolicyTree], cases: Sequence[Case]) -> list[LedgerPerson]:
    """Settle cases through the kernel, all cases of a region at once; no database.

    Args:
        trees: region -> policy tree.
        cases: as read.

    Returns:
        The people with the figures of their bills, in the order of the cases.
    """
    people = [LedgerPerson(case.person, case.events) for case in cases]
    for region in dict.fromkeys(case.region for case in cases):
        if region not in trees:
            raise InvalidInput(
                "claims.case.unknown_region", region=region, known=", ".join(sorted(trees))
            )
        of_region = [case.region == region for case in cases]
        for case in compress(cases, of_region):
            with at_place(case.name):
                _check_words_of_region(case, trees[region].region)
        Ledgers(trees[region], list(compress(people, of_region))).run()
    return people


def _check_words_of_region(case: Case, region: Region) -> None:
    """A grade or disease the region does not know is a slip of the pen, not care without a rule."""
    with at_place("person: grade"):
        read_word(case.person.grade, ("none", *region.grades))
    for name, bill in case.bills.items():
        with at_place(f"bill {name}: disease"):
            read_word(bill.disease, ("none", *region.diseases))


def check_case(case: Case, settled: LedgerPerson) -> list[Failure]:
    """Compare a settled case with its expectations; equality is exact."""
    failures = []
    for expectation in case.expectations:
        touched = settled.history[expectation.event]
        for bill, expected in expectation.of.items():
            # A bill that an event did not touch still is as it was.
            figures = touched.get(bill) or _before(settled, expectation.event, bill)
            for name, wanted in expected.items():
                got = _shown(name, figures)
                if wanted != got:
                    failures.append(Failure(case.name, bill, name, wanted, got))
    return failures


def _before(settled: LedgerPerson, event: int, bill: str) -> Figures:
    for touched in reversed(settled.history[:event]):
        if bill in touched:
            return touched[bill]
    return {}


def _shown(name: str, figures: Figures) -> str:
    if name not in figures:
        return "nothing"
    value = figures[name]
    return str(value) if isinstance(value, str) or name in NOT_MONEY else yuan_text(value)


def figure_texts(figures: Figures) -> dict[str, str]:
    """Every part and intermediate of a bill as text, for printing."""
    return {
        name: _shown(name, figures)
        for name in ("outcome", "reason", "grant", *OUTPUTS)
        if name in figures
    }


def _read_event(case: Case, raw: object) -> None:
    event = dict(read_mapping(raw))
    expected, after = event.pop("expect", None) or {}, event.pop("expect_after", None) or {}
    kind = next((word for word in EVENTS if word in event), "")
    if not kind:
        raise InvalidInput("claims.case.unknown_event", keys=", ".join(map(str, event)))
    with at_place("expect_after"):
        of = {str(bill): _expected(names) for bill, names in read_mapping(after).items()}
    if kind in ("bill", "correct"):
        name = str(event.pop(kind))
        case.events.append(_bill_event(case, kind, name, event))
        with at_place("expect"):
            named = {name: _expected(expected)} if expected else {}
    else:
        case.events.append(_other_event(case, kind, event))
        with at_place("expect"):
            # What a late status pays is named by bill.
            named = {
                str(bill): _expected({"grant": amount})
                for bill, amount in read_mapping(expected).items()
            }
    of |= named
    if of:
        case.expectations.append(Expectation(len(case.events) - 1, of))


def _bill_event(case: Case, kind: str, name: str, raw: Mapping[str, Any]) -> Event:
    if kind == "bill" and name in case.bills:
        raise InvalidInput("claims.case.bill_twice", bill=name)
    if kind == "correct" and name not in case.bills:
        raise InvalidInput("claims.case.unknown_bill", bill=name)
    bill = case.bills[name] = _bill(raw, case.bills.get(name))
    if (bill.admitted_on or bill.discharged_on) < case.person.born_on:
        raise InvalidInput("claims.bill.care_before_birth")
    return BillEntered(name, bill) if kind == "bill" else BillCorrected(name, bill)


def _other_event(case: Case, kind: str, raw: Mapping[str, Any]) -> Event:
    value = only_keys(raw, {kind})[kind]
    if kind == "reverse":
        if str(value) not in case.bills:
            raise InvalidInput("claims.case.unknown_bill", bill=str(value))
        return BillReversed(str(value))
    with at_place(kind):
        if kind == "category":
            return CategoryRecorded(_spell(value, "category"))
        if kind == "late_status":
            spell = {key: item for key, item in read_mapping(value).items() if key != "applied_on"}
            return LateStatus(_spell(spell, "category"), day_of(value, "applied_on"))
        amounts = {}
        for name, amount in read_mapping(value).items():
            with at_place(str(name)):
                amounts[str(name)] = read_fen(amount, allow_sign=True)
    return EntryPosted(0 if "outpatient_balance" in amounts else case.first_year, amounts)


def _first_year(events: Sequence[object]) -> int:
    """Entries name no year: they stand in the year of the case's first bill."""
    for number, event in enumerate(events, start=1):
        if isinstance(event, Mapping) and "bill" in event:
            with at_place(f"event {number}"):
                return day_of(event, "discharged_on").year
    return -1


def _bill(raw: Mapping[str, Any], before: Bill | None) -> Bill:
    """A new bill, or `before` with what a correction names."""
    only_keys(raw, FACTS)
    facts: dict[str, Any] = {}
    for key, value in raw.items():
        with at_place(key):
            name, fact = _fact(key, value)
        facts[name] = fact
    if before is None:
        for key in ("care_type", "discharged_on", "total"):
            needed(raw, key)
    bill = Bill(**facts) if before is None else replace(before, **facts)
    outside = bill.fully_self_paid_fen + bill.over_limit_price_fen + bill.self_pay_first_fen
    if outside > bill.total_fen:
        raise InvalidInput(
            "claims.bill.parts_over_total", parts_fen=outside, total_fen=bill.total_fen
        )
    return bill


def _fact(key: str, value: object) -> tuple[str, object]:
    """Name and value of one fact of a bill as `people.Bill` holds it."""
    if key in AMOUNTS:
        return f"{key}_fen", read_fen(value)
    if key in DAYS:
        return key, read_day(value)
    if key == "referred":
        is_referred = value if isinstance(value, bool) else YES_OR_NO.get(str(value))
        if is_referred is None:
            raise InvalidInput("claims.case.unknown_word", text=str(value), known="yes, no")
        return "is_referred", is_referred
    if key == "level":
        return key, None if value in (None, "none") else read_whole(value)
    return key, read_word(value, VOCABULARIES.get(key))


def _person(raw: object) -> Person:
    keys = only_keys(raw, PERSON_KEYS)
    person = Person(
        born_on=day_of(keys, "born_on") if "born_on" in keys else date(1970, 1, 1),
        grade=str(keys.get("grade", "none")),
        categories=_spells(keys, "categories", "category"),
        certified=_spells(keys, "certified", "disease"),
    )
    # Left out: covered throughout. An empty list: no record at all.
    if keys.get("cover") is None:
        return person
    return replace(person, cover=_spells(keys, "cover", "status"))


def _spells(raw: Mapping[str, Any], key: str, what: str) -> tuple[Spell, ...]:
    with at_place(key):
        return tuple(_spell(item, what) for item in read_sequence(raw.get(key) or (), key))


def _spell(raw: object, what: str) -> Spell:
    keys = only_keys(raw, {what, "from", "through"})
    with at_place(what):
        word = read_word(needed(keys, what), VOCABULARIES.get(what))
    through = day_of(keys, "through") if keys.get("through") else None
    return Spell(word, day_of(keys, "from"), through)


def _expected(raw: object) -> dict[str, str]:
    """Expectations of one bill, each as the text that a settlement would show."""
    names = read_mapping(raw)
    unknown = set(map(str, names)) - {*OUTPUTS, *NOT_FIGURES, "grant"}
    if unknown:
        raise InvalidInput("claims.case.unknown_figure", names=", ".join(sorted(unknown)))
    texts = {}
    for name, value in names.items():
        with at_place(str(name)):
            is_text = name in NOT_FIGURES or name in NOT_MONEY
            texts[str(name)] = (
                str(value) if is_text else yuan_text(read_fen(value, allow_sign=True))
            )
    return texts

"""The one schema for cases (settlement.md 9): read, settle, compare."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from claims.settlement.columns import NOT_MONEY, OUTPUTS
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
from config.money import format_yuan, parse_yuan

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
WORDS = {"yes": True, "no": False}


@dataclass(frozen=True)
class Expectation:
    """What one event says should come out: bill -> name -> text as written."""

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


def read_case(raw: Mapping[str, Any]) -> Case:
    """Read one case as loaded from YAML or JSON.

    Raises:
        InvalidInput: an unknown key, a missing one, or a value that cannot be read, with its place.
    """
    name = str(raw.get("name", "without a name"))
    try:
        _only(raw, CASE_KEYS, "case")
        case = Case(
            name,
            str(raw["region"]),
            _person(raw.get("person") or {}),
            [],
            [],
            _first_year(raw["events"]),
        )
        for event in raw["events"]:
            _read_event(case, dict(event))
    except KeyError as missing:
        raise InvalidInput(
            "claims.case.missing_key", case=name, key=str(missing.args[0])
        ) from missing
    except InvalidInput as mistake:
        raise InvalidInput("claims.case.unreadable", case=name, mistake=str(mistake)) from mistake
    except (TypeError, ValueError, AttributeError) as mistake:
        raise InvalidInput("claims.case.unreadable", case=name, mistake=str(mistake)) from mistake
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
        Ledgers(
            trees[region],
            [person for person, case in zip(people, cases, strict=True) if case.region == region],
        ).run()
    return people


def check_case(case: Case, settled: LedgerPerson) -> list[Failure]:
    """Compare a settled case with its expectations; equality is exact."""
    failures = []
    for expectation in case.expectations:
        touched = settled.history[expectation.event]
        for bill, expected in expectation.of.items():
            # A bill that an event did not touch still is as it was.
            figures = touched.get(bill) or _before(settled, expectation.event, bill)
            for name, text in expected.items():
                wanted, got = _canonical(name, text), _shown(name, figures)
                if wanted != got:
                    failures.append(Failure(case.name, bill, name, wanted, got))
    return failures


def _before(settled: LedgerPerson, event: int, bill: str) -> Figures:
    for touched in reversed(settled.history[:event]):
        if bill in touched:
            return touched[bill]
    return {}


def _canonical(name: str, text: str) -> str:
    if name in ("outcome", "reason") or name in NOT_MONEY:
        return text
    return format_yuan(parse_yuan(text.removesuffix("yuan").strip(), allow_sign=True)) + " yuan"


def _shown(name: str, figures: Figures) -> str:
    if name not in figures:
        return "nothing"
    value = figures[name]
    return (
        str(value) if isinstance(value, str) or name in NOT_MONEY else format_yuan(value) + " yuan"
    )


def figure_texts(figures: Figures) -> dict[str, str]:
    """Every part and intermediate of a bill as text, for printing."""
    return {
        name: _shown(name, figures)
        for name in ("outcome", "reason", "grant", *OUTPUTS)
        if name in figures
    }


def _read_event(case: Case, raw: dict[str, Any]) -> None:
    expected = raw.pop("expect", None)
    after = raw.pop("expect_after", None)
    kind = next(
        (
            word
            for word in (
                "bill",
                "reverse",
                "correct",
                "opening",
                "grant",
                "category",
                "late_status",
            )
            if word in raw
        ),
        "",
    )
    if not kind:
        raise InvalidInput("claims.case.unknown_event", keys=", ".join(raw))
    of: dict[str, dict[str, str]] = {
        str(bill): _texts(names) for bill, names in (after or {}).items()
    }
    if kind in ("bill", "correct"):
        name = str(raw.pop(kind))
        before = case.bills.get(name) if kind == "correct" else None
        if kind == "correct" and before is None:
            raise InvalidInput("claims.case.unknown_bill", bill=name)
        bill = case.bills[name] = _bill(raw, before)
        case.events.append(BillEntered(name, bill) if kind == "bill" else BillCorrected(name, bill))
        if expected:
            of[name] = _texts(expected)
    else:
        case.events.append(_other_event(case, kind, raw))
        of |= {str(bill): {"grant": str(amount)} for bill, amount in (expected or {}).items()}
    if of:
        case.expectations.append(Expectation(len(case.events) - 1, of))


def _other_event(case: Case, kind: str, raw: dict[str, Any]) -> Event:
    _only(raw, {kind}, kind)
    value = raw[kind]
    if kind == "reverse":
        if str(value) not in case.bills:
            raise InvalidInput("claims.case.unknown_bill", bill=str(value))
        return BillReversed(str(value))
    if kind == "category":
        return CategoryRecorded(_spell(value, "category"))
    if kind == "late_status":
        applied_on = _day(value["applied_on"])
        return LateStatus(
            _spell({key: item for key, item in value.items() if key != "applied_on"}, "category"),
            applied_on,
        )
    amounts = {str(name): _fen(amount, allow_sign=True) for name, amount in value.items()}
    return EntryPosted(0 if "outpatient_balance" in amounts else case.first_year, amounts)


def _first_year(events: Sequence[Mapping[str, Any]]) -> int:
    """Entries name no year: they stand in the year of the case's first bill."""
    return next((_day(event["discharged_on"]).year for event in events if "bill" in event), -1)


def _bill(raw: dict[str, Any], before: Bill | None) -> Bill:
    _only(raw, FACTS, "bill")
    facts: dict[str, Any] = {}
    for key, value in raw.items():
        if key in AMOUNTS:
            facts[f"{key}_fen"] = _fen(value)
        elif key in ("admitted_on", "discharged_on", "received_on"):
            facts[key] = _day(value)
        elif key == "referred":
            facts["is_referred"] = WORDS[str(value)] if isinstance(value, str) else bool(value)
        elif key == "level":
            facts[key] = None if value in (None, "none") else int(value)
        else:
            facts[key] = str(value)
    bill = Bill(**facts) if before is None else replace(before, **facts)
    outside = bill.fully_self_paid_fen + bill.over_limit_price_fen + bill.self_pay_first_fen
    if outside > bill.total_fen:
        raise InvalidInput(
            "claims.bill.parts_over_total", parts_fen=outside, total_fen=bill.total_fen
        )
    return bill


def _person(raw: Mapping[str, Any]) -> Person:
    _only(raw, PERSON_KEYS, "person")
    person = Person(
        born_on=_day(raw.get("born_on", date(1970, 1, 1))),
        grade=str(raw.get("grade", "none")),
        categories=tuple(_spell(item, "category") for item in raw.get("categories") or ()),
        certified=tuple(_spell(item, "disease") for item in raw.get("certified") or ()),
    )
    if raw.get("cover") is None:
        return person
    return replace(person, cover=tuple(_spell(item, "status") for item in raw["cover"]))


def _spell(raw: Mapping[str, Any], what: str) -> Spell:
    _only(raw, {what, "from", "through"}, what)
    return Spell(
        str(raw[what]), _day(raw["from"]), _day(raw["through"]) if raw.get("through") else None
    )


def _texts(raw: Mapping[str, Any]) -> dict[str, str]:
    unknown = set(raw) - set(OUTPUTS) - {"outcome", "reason", "grant"}
    if unknown:
        raise InvalidInput("claims.case.unknown_figure", names=", ".join(sorted(unknown)))
    return {str(name): str(value) for name, value in raw.items()}


def _fen(value: object, *, allow_sign: bool = False) -> int:
    """Money in words with two decimals: `49000.00 yuan`."""
    text = str(value)
    if not text.endswith("yuan"):
        raise InvalidInput("claims.case.bare_amount", text=text)
    return parse_yuan(text.removesuffix("yuan").strip(), allow_sign=allow_sign)


def _day(value: object) -> date:
    if isinstance(value, date):
        return value
    return date.fromisoformat(str(value))


def _only(raw: Mapping[str, Any], known: set[str], where: str) -> None:
    unknown = sorted(set(map(str, raw)) - known)
    if unknown:
        raise InvalidInput("claims.case.unknown_key", where=where, keys=", ".join(unknown))

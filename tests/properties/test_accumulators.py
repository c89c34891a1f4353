"""Accumulators only grow while bills are added, and no limit is passed."""

from dataclasses import dataclass

import pytest

from claims.settlement.cases import read_case
from claims.settlement.columns import CATEGORY_FIRST, CATEGORY_LAST, PERIOD_LAST
from claims.settlement.ledger import LedgerPerson, Ledgers
from tests.properties.settled import Country, bills_only, random_country
from tests.reference.facts import read_bill, read_person

NOT_SUMS = (CATEGORY_FIRST, CATEGORY_LAST, PERIOD_LAST)


@dataclass
class Step:
    """A bill with the accumulators of all years before and after it."""

    case: dict
    event: dict
    figures: dict
    before: dict[str, int]
    after: dict[str, int]


def steps_of(country: Country) -> list[Step]:
    """Settle every beginning of every person's events, as if each were a person."""
    beginnings = [
        {**case, "events": case["events"][:end]}
        for case in map(bills_only, country.cases)
        for end in range(1, len(case["events"]) + 1)
    ]
    sums = []
    steps = []
    for number, case in enumerate(beginnings):
        read = read_case(case)
        person = LedgerPerson(read.person, read.events)
        ledgers = Ledgers(country.tree, [person])
        ledgers.run()
        sums.append(sums_of(ledgers))
        event = case["events"][-1]
        if "bill" in event and len(case["events"]) > 1:
            figures = person.current[event["bill"]]
            steps.append(Step(case, event, figures, sums[number - 1], sums[number]))
    return steps


def sums_of(ledgers: Ledgers) -> dict[str, int]:
    """Read the accumulators of the years together; a bill moves one year only."""
    state = ledgers.state
    years = state.values.sum(axis=1).tolist()
    return {
        name: total for name, total in zip(state.names, years, strict=True) if name not in NOT_SUMS
    }


@pytest.fixture(params=range(51, 55))
def country(request, tmp_path):
    return random_country(request.param, 250, tmp_path)


def test_accumulators_never_fall_while_bills_are_added(country):
    for step in steps_of(country):
        fallen = {
            name: (amount, step.after[name])
            for name, amount in step.before.items()
            if step.after.get(name, 0) < amount
        }
        assert not fallen, (fallen, step)


def test_no_limit_is_passed(country):
    years_of = {}
    for step in steps_of(country):
        case = step.case
        years = {event["discharged_on"].year for event in case["events"] if "bill" in event}
        years_of[len(years)] = years_of.get(len(years), 0) + 1
        if len(years) > 1 or step.figures["outcome"] != "paid":
            continue
        check_limits(country, step)
    assert years_of.get(1)


def check_limits(country: Country, step: Step) -> None:
    book = country.book
    person = read_person(step.case["person"])
    asked = book.asked_for(read_bill(step.event, person), person)
    kind = country.tree.region.assistance_kinds[step.figures["assistance_kind"]]
    for name in book.limit_subjects:
        used, before = step.after[name], step.before[name]
        if used == before:
            continue
        limit = book.ask(f"limits.{name}", asked.with_(kind=kind))
        assert limit.status == "offered", (name, step)
        assert limit.is_unlimited or used <= limit.value, (name, limit, step)

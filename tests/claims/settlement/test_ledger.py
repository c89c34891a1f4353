from datetime import date

import pytest

from claims.settlement.late_status import LateStatus
from claims.settlement.ledger import (
    BillCorrected,
    BillEntered,
    BillReversed,
    CategoryRecorded,
    EntryPosted,
    LedgerPerson,
    Ledgers,
)
from claims.settlement.people import Bill, Person, Spell
from config.errors import InvalidInput
from tests.claims.settlement.plain import ASSISTED, plain_tree

SPELL = Spell("minimum_living", date(2022, 1, 1))


def stay(yuan=10_000, day=date(2022, 2, 10), **changes):
    facts = {"level": 3, "is_referred": True} | changes
    return Bill("inpatient", day, yuan * 100, **facts)


@pytest.fixture
def run(tmp_path):
    def settle(*events, changes=None, person=None):
        ledger = LedgerPerson(person or Person(date(1970, 1, 1)), events)
        Ledgers(plain_tree(tmp_path, changes), [ledger]).run()
        return ledger

    return settle


ORDER = {"basic.deductible_order_share": [({"order": 2}, "50%"), ({"order": 3}, "0%")]}


def test_a_reversal_gives_back_what_follows(run):
    person = run(
        BillEntered("A", stay()), BillEntered("B", stay()), BillReversed("A"), changes=ORDER
    )
    assert person.history[1]["B"]["deductible"] == 350_00
    assert person.current["A"]["outcome"] == "reversed"
    assert person.current["A"]["total"] == 0
    assert (person.current["B"]["admission"], person.current["B"]["deductible"]) == (1, 700_00)
    # The event touched both.
    assert set(person.history[2]) == {"A", "B"}


def test_a_correction_takes_the_same_place(run):
    person = run(
        BillEntered("A", stay()),
        BillEntered("B", stay()),
        BillCorrected("A", stay(20_000)),
        changes=ORDER,
    )
    assert (person.current["A"]["admission"], person.current["A"]["total"]) == (1, 20_000_00)
    assert person.current["B"]["admission"] == 2


def test_a_correction_that_is_held_leaves_the_ledger(run):
    person = run(
        BillEntered("A", stay()), BillEntered("B", stay()), BillCorrected("A", stay(level=None))
    )
    assert (person.current["A"]["outcome"], person.current["A"]["reason"]) == ("held", "H07")
    assert person.current["B"]["admission"] == 1


def test_a_held_bill_has_no_place_to_reverse(run):
    with pytest.raises(InvalidInput, match="no_place"):
        run(BillEntered("A", stay(level=None)), BillReversed("A"))


def test_an_entry_counts_as_posted_before_the_first_bill(run):
    person = run(
        BillEntered("A", stay()),
        EntryPosted(2022, {"basic_cap": 79_000_00}),
        BillEntered("B", stay()),
    )
    assert person.history[1]["A"]["basic"] == 1_000_00
    assert person.current["B"]["basic"] == 0


def test_an_entry_names_a_limit_of_the_rules(run):
    with pytest.raises(InvalidInput, match="unknown_accumulator"):
        run(EntryPosted(2022, {"other_cap": 1}))


def test_a_recorded_category_is_seen_by_later_bills_only(run):
    person = run(
        BillEntered("A", stay()),
        CategoryRecorded(SPELL),
        BillEntered("B", stay()),
        BillReversed("A"),
        changes=ASSISTED,
    )
    assert person.history[0]["A"]["assistance"] == 0
    assert person.current["B"]["assistance"] == 2_768_50


def test_years_are_accounts_of_their_own(run):
    person = run(
        BillEntered("A", stay(day=date(2021, 12, 31))), BillEntered("B", stay()), changes=ORDER
    )
    assert [person.current[name]["admission"] for name in "AB"] == [1, 1]


@pytest.mark.parametrize(
    ("rule", "assistance", "grant"),
    [("none", 0, None), ("assistance_only", 0, 2_768_50), ("re_run", 2_768_50, None)],
)
def test_what_a_late_status_does_to_bills_settled_before(run, rule, assistance, grant):
    late = LateStatus(SPELL, date(2022, 7, 1))
    changes = ASSISTED | {"assistance.on_late_status": [({}, rule)]}
    person = run(BillEntered("A", stay()), late, changes=changes)
    assert person.current["A"]["assistance"] == assistance
    assert person.history[1].get("A", {}).get("grant") == grant


def test_people_do_not_touch_each_other(tmp_path):
    tree = plain_tree(tmp_path, ORDER)
    events = [
        [BillEntered("A", stay()), BillEntered("B", stay())],
        [BillEntered("A", stay(20_000))],
        [],
    ]
    people = [LedgerPerson(Person(date(1970, 1, 1)), each) for each in events]
    Ledgers(tree, people).run()
    assert [person.current.get("A", {}).get("admission") for person in people] == [1, 1, None]
    assert people[0].current["B"]["admission"] == 2

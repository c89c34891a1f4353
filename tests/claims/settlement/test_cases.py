import copy

import pytest

from claims.settlement.cases import check_case, figure_texts, read_case, settle_cases
from config.errors import InvalidInput
from tests.claims.settlement.plain import ASSISTED, plain_tree

REGION = "999999_plain"
CASE = {
    "name": "one stay",
    "region": REGION,
    "person": {"born_on": "1970-01-01"},
    "events": [
        {
            "bill": "A",
            "care_type": "inpatient",
            "level": 3,
            "discharged_on": "2022-02-10",
            "total": "49000.00 yuan",
            "self_pay_first": "9000.00 yuan",
            "expect": {"basic": "25545.00 yuan", "catastrophic": "1595.75 yuan", "outcome": "paid"},
        }
    ],
}
BILL = CASE["events"][0]


def case_of(*events, **changes):
    return copy.deepcopy(CASE) | changes | {"events": list(events) or [dict(BILL)]}


def bill(name="A", **changes):
    plain = {key: value for key, value in BILL.items() if key != "expect"}
    return plain | {"bill": name} | changes


def settle(tmp_path, *events, changes=None, **case):
    read = read_case(case_of(*events, **case))
    [person] = settle_cases({REGION: plain_tree(tmp_path, changes)}, [read])
    return read, person


def test_a_case_holds_and_says_so(tmp_path):
    read, person = settle(tmp_path)
    assert check_case(read, person) == []
    texts = figure_texts(person.current["A"])
    assert texts["own_share"] == "21,859.25 yuan"
    assert texts["rate_ppm"] == "650000"
    assert texts["reason"] == ""


def test_a_failure_names_case_bill_field_expected_and_got(tmp_path):
    event = bill(expect={"basic": "25545.01 yuan", "reason": "H01", "admission": 1})
    read, person = settle(tmp_path, event)
    assert [str(failure) for failure in check_case(read, person)] == [
        "one stay: bill A: basic: expected 25,545.01 yuan, got 25,545.00 yuan",
        "one stay: bill A: reason: expected H01, got ",
    ]


def test_bills_are_checked_as_they_stand_after_an_event(tmp_path):
    events = (
        bill("A"),
        bill("B", discharged_on="2022-03-01"),
        {
            "correct": "A",
            "total": "10000.00 yuan",
            "self_pay_first": "0.00 yuan",
            "expect": {"basic": "6045.00 yuan"},
            "expect_after": {"B": {"catastrophic_running": "18410.00 yuan"}},
        },
        {"reverse": "A", "expect_after": {"A": {"outcome": "reversed"}, "C": {"basic": "0 yuan"}}},
    )
    read, person = settle(tmp_path, *events)
    assert [str(failure) for failure in check_case(read, person)] == [
        "one stay: bill C: basic: expected 0.00 yuan, got nothing"
    ]
    # Correcting keeps what it does not name.
    assert read.events[2].bill.level == 3


def test_grants_of_a_late_status_are_expected_by_bill(tmp_path):
    late = {"category": "minimum_living", "from": "2022-01-01", "applied_on": "2022-07-01"}
    events = (bill(), {"late_status": late, "expect": {"A": "6000.00 yuan"}})
    read, person = settle(tmp_path, *events, changes=ASSISTED)
    assert check_case(read, person) == []


def test_an_amount_of_another_form_is_the_same_amount(tmp_path):
    read, person = settle(tmp_path, bill(expect={"basic": "25,545.00 yuan"}))
    assert check_case(read, person) == []


@pytest.mark.parametrize(
    ("word", "is_referred"), [("yes", True), ("no", False), (True, True), (False, False)]
)
def test_yes_and_no_are_words(word, is_referred):
    assert read_case(case_of(bill(referred=word))).events[0].bill.is_referred is is_referred


def test_what_is_left_out_has_its_default():
    read = read_case(case_of())
    [entered] = read.events
    assert (entered.bill.off_area, entered.bill.kind, entered.bill.other_aid_fen) == (
        "none",
        "direct",
        0,
    )
    assert read.person.cover_on(entered.bill.discharged_on) == "covered"
    read = read_case(case_of(person={"cover": []}))
    assert read.person.cover_on(entered.bill.discharged_on) == "none"
    assert read_case(case_of(bill(level="none"))).events[0].bill.level is None


def test_entries_stand_in_the_year_of_the_first_bill_and_balances_in_none():
    opening, balance = (
        {"opening": {"basic_cap": "-1.00 yuan"}},
        {"opening": {"outpatient_balance": "-30.00 yuan"}},
    )
    read = read_case(case_of(opening, balance, bill()))
    assert [event.benefit_year for event in read.events[:2]] == [2022, 0]
    assert read.events[0].amounts == {"basic_cap": -100}


MISTAKES = {
    "no mapping": (["one stay"], "claims.case.no_mapping", "a case without a name"),
    "no name": (
        {key: item for key, item in CASE.items() if key != "name"},
        "claims.case.missing_key",
        "a case without a name",
    ),
    "no region": (
        {key: item for key, item in CASE.items() if key != "region"},
        "claims.case.missing_key",
        "one stay",
    ),
    "unknown key": (case_of(expected={}), "claims.case.unknown_key", "one stay"),
    "unknown key of a person": (
        case_of(person={"born": "1970-01-01"}),
        "claims.case.unknown_key",
        "one stay: person",
    ),
    "events are no list": (
        CASE | {"events": {"bill": "A"}},
        "claims.case.no_list_here",
        "one stay: events",
    ),
    "event is no mapping": (case_of("bill A"), "claims.case.no_mapping", "one stay: event 1"),
    "unknown event": (
        case_of(bill(), {"revert": "A"}),
        "claims.case.unknown_event",
        "one stay: event 2",
    ),
    "unknown fact": (case_of(bill(dept="x")), "claims.case.unknown_key", "one stay: event 1"),
    "no total": (
        case_of({key: item for key, item in bill().items() if key != "total"}),
        "claims.case.missing_key",
        "one stay: event 1",
    ),
    "no day": (
        case_of({key: item for key, item in bill().items() if key != "discharged_on"}),
        "claims.case.missing_key",
        "one stay: event 1",
    ),
    "unreadable day": (
        case_of(bill(admitted_on="10.2.2022")),
        "claims.case.no_day",
        "one stay: event 1: admitted_on",
    ),
    "bare amount": (
        case_of(bill(total="49000.00")),
        "claims.case.bare_amount",
        "one stay: event 1: total",
    ),
    "number": (case_of(bill(total=49000)), "claims.case.bare_amount", "one stay: event 1: total"),
    "three decimals": (
        case_of(bill(total="1.005 yuan")),
        "money.too_many_decimals",
        "one stay: event 1: total",
    ),
    "negative part": (
        case_of(bill(other_aid="-1.00 yuan")),
        "money.sign",
        "one stay: event 1: other_aid",
    ),
    "maybe": (
        case_of(bill(referred="maybe")),
        "claims.case.unknown_word",
        "one stay: event 1: referred",
    ),
    "unknown care": (
        case_of(bill(care_type="inpatent")),
        "claims.case.unknown_word",
        "one stay: event 1: care_type",
    ),
    "level in words": (
        case_of(bill(level="three")),
        "claims.case.no_whole_number",
        "one stay: event 1: level",
    ),
    "parts over the total": (
        case_of(bill(fully_self_paid="49000.00 yuan")),
        "claims.bill.parts_over_total",
        "one stay: event 1",
    ),
    "care before birth": (
        case_of(person={"born_on": "2022-02-11"}),
        "claims.bill.care_before_birth",
        "one stay: event 1",
    ),
    "entered twice": (case_of(bill(), bill()), "claims.case.bill_twice", "one stay: event 2"),
    "correct nothing": (
        case_of(bill(), {"correct": "B"}),
        "claims.case.unknown_bill",
        "one stay: event 2",
    ),
    "reverse nothing": (
        case_of(bill(), {"reverse": "B"}),
        "claims.case.unknown_bill",
        "one stay: event 2",
    ),
    "status of cover": (
        case_of(person={"cover": [{"status": "insured", "from": "2020-01-01"}]}),
        "claims.case.unknown_word",
        "one stay: person: cover: status",
    ),
    "spell without a beginning": (
        case_of(person={"categories": [{"category": "near_poor"}]}),
        "claims.case.missing_key",
        "one stay: person: categories",
    ),
    "late status without its day": (
        case_of(bill(), {"late_status": {"category": "near_poor", "from": "2022-01-01"}}),
        "claims.case.missing_key",
        "one stay: event 2: late_status",
    ),
    "bare entry": (
        case_of({"opening": {"basic_cap": "1"}}, bill()),
        "claims.case.bare_amount",
        "one stay: event 1: opening: basic_cap",
    ),
    "unknown figure": (
        case_of(bill(expect={"basis": "1.00 yuan"})),
        "claims.case.unknown_figure",
        "one stay: event 1: expect",
    ),
    "bare expectation": (
        case_of(bill(expect={"basic": "1.00"})),
        "claims.case.bare_amount",
        "one stay: event 1: expect: basic",
    ),
}


@pytest.mark.parametrize(("raw", "code", "place"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_named_with_its_place(raw, code, place):
    with pytest.raises(InvalidInput) as error:
        read_case(raw)
    assert (error.value.code, error.value.field) == (code, place)


@pytest.mark.parametrize(
    ("case", "code", "place"),
    [
        (case_of(region="nowhere"), "claims.case.unknown_region", ""),
        (case_of(person={"grade": "gold"}), "claims.case.unknown_word", "one stay: person: grade"),
        (
            case_of(bill(disease="gout")),
            "claims.case.unknown_word",
            "one stay: bill A: disease",
        ),
        (case_of(bill(level="none"), {"reverse": "A"}), "claims.case.no_place", ""),
        (case_of({"grant": {"cap": "1.00 yuan"}}, bill()), "claims.case.unknown_accumulator", ""),
    ],
    ids=["region", "grade", "disease", "reverse a held bill", "entry"],
)
def test_what_only_the_rules_know_is_refused_when_settling(tmp_path, case, code, place):
    with pytest.raises(InvalidInput) as error:
        settle_cases({REGION: plain_tree(tmp_path)}, [read_case(case)])
    assert (error.value.code, error.value.field) == (code, place)


def test_people_come_back_in_the_order_of_their_cases(tmp_path):
    trees = {REGION: plain_tree(tmp_path)}
    cases = [read_case(case_of(bill(total=f"{yuan}.00 yuan"))) for yuan in (10_000, 20_000)]
    people = settle_cases(trees, cases)
    assert [person.current["A"]["total"] for person in people] == [10_000_00, 20_000_00]

"""A bill as entered: every mistake at its field, nothing guessed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from claims.bill_input import BILL_LIMIT_FEN, MOST_ITEMS, ItemInput, bill_check, bill_read
from config import calendar
from config.errors import InvalidInputs
from tests.factories.claims import bill

TYPED = {
    "care_type": "inpatient",
    "admitted_on": "2025-03-01",
    "discharged_on": "2025-03-10",
    "facility_code": "h99000000001",
    "total": "30,000.00",
    "fully_self_paid": "1000",
    "is_referred": "yes",
}


def mistakes(act) -> dict[str, str]:
    with pytest.raises(InvalidInputs) as error:
        act()
    return {mistake.field: mistake.code for mistake in error.value.mistakes}


def test_reads_what_is_typed():
    read = bill_read(TYPED)
    assert (read.total_fen, read.fully_self_paid_fen, read.self_pay_first_fen) == (
        3000000,
        100000,
        0,
    )
    assert (read.admitted_on, read.discharged_on) == (date(2025, 3, 1), date(2025, 3, 10))
    assert read.facility_code == "H99000000001"
    assert read.is_referred is True


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("total", "1.234", "money.too_many_decimals"),
        ("total", "-5", "money.sign"),
        ("total", "", "money.empty"),
        ("total", "1e3", "money.not_a_number"),
        ("self_pay_first", "abc", "money.not_a_number"),
        ("discharged_on", "", "claims.bill.day_missing"),
        ("discharged_on", "2025-02-30", "claims.bill.day_unreadable"),
        ("discharged_on", "2025-W09-1", "claims.bill.day_unreadable"),
        ("level", "7", "claims.bill.word_unknown"),
        ("is_referred", "perhaps", "claims.bill.word_unknown"),
    ],
)
def test_what_cannot_be_read_is_named_at_its_field(field, text, code):
    assert mistakes(lambda: bill_read(TYPED | {field: text})) == {field: code}


def test_all_unreadable_fields_are_named_at_once():
    wrong = TYPED | {"total": "x", "discharged_on": "y"}
    assert set(mistakes(lambda: bill_read(wrong))) == {"total", "discharged_on"}


TOMORROW = calendar.today() + timedelta(days=1)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"care_type": "x"}, {"care_type": "claims.bill.word_unknown"}),
        ({"off_area": "abroad"}, {"off_area": "claims.bill.word_unknown"}),
        (
            {"total_fen": 0, "fully_self_paid_fen": 0, "self_pay_first_fen": 0},
            {"total": "claims.bill.total_is_zero"},
        ),
        ({"self_pay_first_fen": -1}, {"self_pay_first": "money.negative"}),
        ({"fully_self_paid_fen": 30_000_00}, {"total": "claims.bill.parts_over_total"}),
        ({"total_fen": BILL_LIMIT_FEN + 1}, {"total": "claims.bill.amount_absurd"}),
        ({"other_aid_fen": 1}, {"other_aid_payer": "claims.bill.other_aid_without_payer"}),
        (
            {"other_aid_fen": 40_000_00, "other_aid_payer": "慈善"},
            {"other_aid": "claims.bill.aid_over_total"},
        ),
        ({"admitted_on": date(2025, 3, 11)}, {"discharged_on": "claims.bill.days_reversed"}),
        ({"admitted_on": date(2024, 3, 8)}, {"discharged_on": "claims.bill.stay_too_long"}),
        (
            {"discharged_on": TOMORROW, "admitted_on": TOMORROW},
            {"discharged_on": "claims.bill.discharge_in_the_future"},
        ),
        ({"kind": "manual"}, {"received_on": "claims.bill.received_on_missing"}),
        (
            {"kind": "manual", "received_on": date(2025, 3, 1)},
            {"received_on": "claims.bill.received_on_impossible"},
        ),
        ({"origin": "platform"}, {"origin": "claims.bill.origin_of_the_platform"}),
        ({"facility_code": ""}, {"facility_code": "claims.bill.facility_missing"}),
        ({"invoice_number": "12 34"}, {"invoice_number": "claims.bill.invoice_unreadable"}),
        ({"invoice_code": ""}, {"invoice_code": "claims.bill.invoice_unreadable"}),
    ],
)
def test_what_cannot_be_true_is_named_at_its_field(changes, found):
    assert mistakes(lambda: bill_check(replace(bill(), **changes), is_stored=True)) == found


def test_the_lines_of_the_worksheet_add_up_to_the_parts():
    lines = (
        ItemInput("床位", "A", 20_000_00),
        ItemInput("药品", "B", 9_000_00, self_pay_first_fen=2_000_00),
        ItemInput("自费", "C", 1_000_00, fully_self_paid_fen=1_000_00),
    )
    bill_check(bill(items=lines), is_stored=True)
    short = bill(items=lines[:2])
    assert mistakes(lambda: bill_check(short, is_stored=True)) == {
        "total": "claims.bill.items_do_not_add_up",
        "fully_self_paid": "claims.bill.items_do_not_add_up",
    }


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (ItemInput("x", "D", 1_00), "claims.bill.word_unknown"),
        (ItemInput("", "A", 1_00), "claims.bill.item_without_name"),
        (ItemInput("x", "B", -1), "money.negative"),
        (ItemInput("x", "B", 1, self_pay_first_fen=2), "claims.bill.item_parts_over_amount"),
        (ItemInput("x", "C", 2, fully_self_paid_fen=1), "claims.bill.item_class_c_is_self_paid"),
        (ItemInput("x", "A", 2, self_pay_first_fen=1), "claims.bill.item_class_a_has_self_pay"),
    ],
)
def test_a_line_that_cannot_be_true_is_named(line, code):
    assert mistakes(lambda: bill_check(bill(items=(line,)), is_stored=True))["items.1"] == code


def test_a_worksheet_has_an_end():
    many = (ItemInput("x", "A", 1),) * (MOST_ITEMS + 1)
    assert mistakes(lambda: bill_check(bill(items=many), is_stored=True))["items"] == (
        "claims.bill.too_many_items"
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"admitted_on": None}, "claims.bill.admission_missing"),
        ({"care_type": "general_outpatient"}, "claims.bill.visit_is_one_day"),
        ({"care_type": "two_disease", "disease": "diabetes"}, "claims.bill.visit_is_one_day"),
    ],
)
def test_the_day_cover_is_asked_for_is_stated_and_not_guessed(changes, code):
    entered = bill(**changes)
    assert mistakes(lambda: bill_check(entered, is_stored=True)) == {"admitted_on": code}
    bill_check(entered, is_stored=False)


@pytest.mark.parametrize("name", ["other_aid_payer", "disease"])
@pytest.mark.parametrize("sign", ["\0", "\x1b", "\ud800"])
def test_a_text_of_signs_that_cannot_be_stored_or_printed_is_marked(name, sign):
    entered = bill(**{name: f"慈善{sign}总会"})
    assert mistakes(lambda: bill_check(entered, is_stored=True)) == {
        name: "claims.bill.text_unreadable"
    }

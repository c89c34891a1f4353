"""What a sheet says of a stored version: both splits, clauses, limits, marks, red letters."""

from datetime import date

import pytest
from django.utils.translation import override

from claims.models import Settlement
from claims.services.settlement import settlement_release
from claims.statement.found import latest_version, statement_version
from claims.statement.marks import PrintFacts
from claims.statement.sheet import sheet_of, statement_number
from config.money import format_yuan
from config.offices.acting import run_in_office
from tests.factories.claims import bill, confirm, correct, current, reverse
from tests.factories.enrollment import make_category, make_person


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


def sheet(version: Settlement, printed=None):
    found = statement_version(version.public_id)
    return sheet_of(found, latest_version(found), printed)


def amounts(lines) -> dict[str, str]:
    return {line.code: line.text for line in lines}


def codes(marks) -> list[str]:
    return [mark.code for mark in marks]


def test_both_splits_are_the_stored_parts(person):
    version = current(confirm(person))
    shown = sheet(version)
    for block in (shown.cost, shown.payment, shown.scope, shown.purses):
        stored = {code: format_yuan(getattr(version, f"{code}_fen")) for code in amounts(block)}
        assert amounts(block) == stored
        assert sum(line.is_sum for line in block) == 1
    assert amounts(shown.cost)["total"] == amounts(shown.payment)["total"] == "30,000.00"


def test_the_head_masks_the_number_and_counts_the_days(person):
    shown = {fact.label: fact.value for fact in sheet(current(confirm(person))).facts}
    assert shown["ID number (last four), year of birth"] == f"****{person.id_last4} · 1970"
    assert shown["Stay"] == "2025-03-01 to 2025-03-10, 9 days"


def test_shares_and_capitals_come_from_the_stored_parts(person):
    version = current(confirm(person))
    funds, own = sheet(version).shares
    assert funds.text == format_yuan(version.fund_fen)
    assert funds.shares[1][1] == f"{version.fund_fen * 100 / version.total_fen:.2f}%"
    assert own.text == format_yuan(version.own_share_fen)
    assert own.capitals.endswith(("整", "分"))


def test_every_step_of_the_trace_stands_in_its_tier_with_its_clauses(desk, acting):
    person = make_person(desk.east)
    make_category(person, "minimum_living")
    shown = sheet(current(confirm(person, bill(total_fen=200_000_00))))
    by_tier = {row.code: row for row in shown.tiers}
    assert [len(by_tier[tier].sentences) > 0 for tier in by_tier] == [True] * 4
    assert any(sentence.footnotes for sentence in by_tier["basic"].sentences)
    assert shown.footnotes[0].number == 1
    assert shown.has_unverified
    assert shown.footnotes[0].mark == "1※"


def test_limits_left_follow_the_stored_accumulators(person):
    version = current(confirm(person))
    line = next(line for line in sheet(version).limits if line.id == "basic_cap")
    assert line.used == format_yuan(version.closing["basic_cap"])


def test_a_version_above_the_line_waits_and_says_so(person):
    assert codes(sheet(current(confirm(person))).marks) == ["waiting", "demonstration"]


def test_a_released_version_names_the_second_person(desk, person):
    version = current(confirm(person))
    with run_in_office(desk.east, desk.reviewer):
        settlement_release(version, key="release")
    shown = sheet(version)
    assert codes(shown.marks) == ["demonstration"]
    assert shown.released_by == desk.reviewer.full_name


def test_a_reversed_version_is_void_and_the_red_letter_sheet_takes_it_back(person):
    entered = confirm(person)
    before = current(entered)
    reverse(entered)
    assert "void" in codes(sheet(before).marks)
    red = sheet(current(entered))
    assert red.is_red
    assert codes(red.marks) == ["red_letter", "demonstration"]
    assert amounts(red.payment)["total"] == "-30,000.00"
    assert amounts(red.payment)["basic"] == format_yuan(-before.basic_fen)
    assert red.shares[1].capitals.startswith("负")
    assert statement_number(before) in red.notes[0]


def test_a_corrected_version_points_to_the_one_that_holds(person):
    entered = confirm(person)
    before = current(entered)
    correct(entered, bill(total_fen=31_000_00))
    assert "superseded" in codes(sheet(before).marks)
    assert any(statement_number(current(entered)) in note for note in sheet(before).notes)
    assert any(statement_number(before) in note for note in sheet(current(entered)).notes)


def test_a_reprint_is_a_copy(person):
    version = current(confirm(person))
    assert "copy" not in codes(sheet(version, PrintFacts(1, "x", "now")).marks)
    assert "copy" in codes(sheet(version, PrintFacts(2, "x", "now")).marks)
    assert "copy_elsewhere" in codes(sheet(version, PrintFacts(1, "x", "now", True)).marks)


def test_a_refused_bill_says_why(desk, acting):
    person = make_person(desk.east)
    entered = confirm(
        person,
        bill(
            care_type="chronic_special",
            disease="uraemia",
            admitted_on=None,
            discharged_on=date(2025, 5, 5),
        ),
    )
    shown = sheet(current(entered))
    assert any("R04" in note for note in shown.notes)
    assert amounts(shown.payment)["own_share"] == "30,000.00"


def test_a_sheet_takes_three_queries(person, django_assert_num_queries):
    version = current(confirm(person))
    sheet(version)
    with django_assert_num_queries(3):  # the version, the last version, which rules
        sheet(version)

"""A person who moves: the file is closed in one office and continued in the other, to the fen."""

from datetime import date
from types import SimpleNamespace
from uuid import uuid4

import pytest

from claims.models import AccountEntry, BenefitYearAccount, Bill, Settlement
from claims.selectors.year import account_year
from claims.services.settlement import settlement_release
from config.errors import DomainError, Refused
from config.offices.acting import run_in_office
from enrollment.models import AcceptedCase, CaseKind, CategorySpell, CoverageSpell, Person
from enrollment.selectors.search import person_search
from enrollment.services.accepted_cases import case_accept, case_return
from enrollment.services.person import person_change
from enrollment.services.spells import coverage_spell_add
from enrollment.services.transfers import transfer_accept
from tests.enrollment.crossings import case_input, events_at
from tests.factories.claims import bill, confirm, correct, current, reverse
from tests.factories.enrollment import make_category, make_person
from tests.factories.offices import make_user

NAME = "示例迁"
ANOTHER_YEAR = bill(admitted_on=date(2024, 5, 1), discharged_on=date(2024, 5, 9))


@pytest.fixture
def move(desk):
    """Give a person of the east with a category and one settled bill, and the people of a transfer."""
    with run_in_office(desk.east, desk.clerk):
        desk.east.release_line_fen = 10_000_000_00
        desk.east.save()
        desk.offices.west.release_line_fen = 10_000_000_00
        desk.offices.west.save()
        person = make_person(desk.east, name=NAME)
        person_change(person, name=NAME)  # writes what it is found by
        make_category(person, "minimum_living")
        first = confirm(person)
    return SimpleNamespace(
        desk=desk,
        east=desk.east,
        west=desk.offices.west,
        pool=desk.offices.pool,
        person=person,
        number=person.id_number.plain(),
        first=first,
        proposer=make_user(desk.offices.west, "clerk"),
        west_supervisor=make_user(desk.offices.west, "supervisor"),
    )


def proposed(move):
    with run_in_office(move.west, move.proposer):
        receipt = case_accept(
            case_input(move.number, NAME, CaseKind.TRANSFER, document="户口迁移证明 9900号"),
            key=uuid4().hex,
        )
    with run_in_office(move.pool):
        return AcceptedCase.objects.get(receipt_id=receipt.public_id)


def moved(move):
    case = proposed(move)
    with run_in_office(move.east, move.desk.supervisor):
        transfer_accept(case)
    with run_in_office(move.west, move.proposer):
        return Person.objects.get(moved_from=move.person.public_id)


def test_the_person_goes_on_at_the_new_office_with_spells_and_search(move):
    new = moved(move)
    with run_in_office(move.west, move.proposer):
        assert (new.office, new.name, new.id_digest) == (move.west, NAME, move.person.id_digest)
        assert new.id_number.plain() == move.number
        assert person_search(NAME) == [new] == person_search(move.number)
        for kind in (CoverageSpell, CategorySpell):
            assert kind.objects.filter(person=new).count() == 1
    assert events_at(move.west, "person.moved_in") == [
        ("person.moved_in", "done", move.desk.supervisor.pk)
    ]
    assert events_at(move.east, "person.moved_out") == [
        ("person.moved_out", "done", move.desk.supervisor.pk)
    ]


@pytest.mark.row("D5")
def test_no_row_is_lost_to_sight_and_none_is_shared(move):
    with run_in_office(move.east):
        models = (Bill, Settlement, BenefitYearAccount, CoverageSpell, CategorySpell)
        before = {model: set(model.objects.values_list("pk", flat=True)) for model in models}
    moved(move)
    with run_in_office(move.east):
        for model, rows in before.items():
            assert set(model.objects.values_list("pk", flat=True)) == rows
        assert Person.objects.get(pk=move.person.pk).moved_to == move.west
        assert current(move.first).fund_fen > 0
        assert list(person_search(NAME)) == [move.person]
    with run_in_office(move.west):
        assert Bill.all_offices.count() == Settlement.all_offices.count() == 0


@pytest.mark.row("I4")
def test_settling_after_the_move_is_settling_as_if_nobody_had_moved(move):
    figures = bill(admitted_on=date(2025, 5, 1), discharged_on=date(2025, 5, 9))
    with run_in_office(move.east, move.desk.clerk):
        stays = make_person(move.east, name="示例留")
        make_category(stays, "minimum_living")
        confirm(stays, bill())
        confirm(stays, bill(admitted_on=date(2025, 5, 1), discharged_on=date(2025, 5, 9)))
        expected = Settlement.objects.filter(bill__person=stays).order_by("pk").last()
    new = moved(move)
    with run_in_office(move.west, move.proposer):
        version = current(confirm(new, figures))
        assert version.office == move.west
        assert version.opening == expected.opening
        assert version.closing == expected.closing
        for part in ("basic_fen", "catastrophic_fen", "assistance_fen", "own_share_fen"):
            assert getattr(version, part) == getattr(expected, part)
        entry = AccountEntry.objects.get()
        assert {entry.actor, entry.second_actor} == {move.desk.supervisor, move.proposer}
        assert account_year(new, 2025).admissions == 2


@pytest.mark.row("A7")
def test_nothing_new_is_written_on_the_card_left_behind(move):
    moved(move)
    with run_in_office(move.east, move.desk.supervisor):
        old = Person.objects.get(pk=move.person.pk)
        acts = (
            lambda: confirm(old, bill()),
            lambda: confirm(move.person, ANOTHER_YEAR),
            lambda: reverse(move.first),
            lambda: correct(move.first, bill(total_fen=31_000_00)),
            lambda: coverage_spell_add(old, "covered", date(2018, 1, 1), date(2018, 2, 1)),
            lambda: person_change(old, township="别处"),
        )  # fmt: skip
        for act in acts:
            with pytest.raises(Refused) as refused:
                act()
            assert refused.value.code in {"claims.account.moved", "enrollment.person.moved"}
        assert Settlement.objects.filter(bill__person=old).count() == 1


def test_the_number_is_once_in_the_pool_and_a_person_may_come_back(move):
    new = moved(move)
    with run_in_office(move.east, move.desk.clerk):
        receipt = case_accept(case_input(move.number, NAME, CaseKind.TRANSFER), key=uuid4().hex)
    with run_in_office(move.west, move.west_supervisor):
        case = AcceptedCase.objects.get(receipt_id=receipt.public_id)
        assert case.person == new
        transfer_accept(case)
    with run_in_office(move.east, move.desk.clerk):
        back = Person.objects.get(moved_from=new.public_id)
        found = person_search(move.number)
        assert [found[0], found[1]] == [back, move.person]
        assert account_year(back, 2025).used == account_year(move.person, 2025).used


def test_open_work_is_finished_first(move):
    with run_in_office(move.east, move.desk.clerk):
        move.east.release_line_fen = 0
        move.east.save()
        waiting = confirm(move.person, bill())
    case = proposed(move)
    with run_in_office(move.east, move.desk.supervisor), pytest.raises(Refused) as refused:
        transfer_accept(case)
    assert (refused.value.code, refused.value.facts) == ("claims.move.release_waits", {"count": 1})
    with run_in_office(move.east, move.desk.supervisor):
        assert not Person.objects.get(pk=move.person.pk).is_moved
        settlement_release(current(waiting), key="k" * 8)
        transfer_accept(case)
        assert Person.objects.get(pk=move.person.pk).is_moved


@pytest.mark.row("A7")
def test_two_people_move_a_person(move):
    case = proposed(move)
    for user, office in (
        (move.desk.clerk, move.east),
        (move.proposer, move.west),
        (move.west_supervisor, move.west),
    ):
        with run_in_office(office, user), pytest.raises((DomainError, AcceptedCase.DoesNotExist)):
            transfer_accept(case)
    # One person with a role in both offices is still one person.
    as_supervisor = run_in_office(move.east, move.proposer, roles=["supervisor"])
    with as_supervisor, pytest.raises(Refused) as same:
        transfer_accept(case)
    assert same.value.code == "enrollment.case.same_person"
    # The pool may decide in place of the old office.
    with run_in_office(move.pool, make_user(move.pool, "supervisor")):
        transfer_accept(case)
        assert Person.objects.get(pk=move.person.pk).is_moved


def test_a_transfer_may_be_returned_with_a_reason(move):
    case = proposed(move)
    with run_in_office(move.east, move.desk.supervisor):
        case_return(case, "户口尚未迁出")
        assert not Person.objects.get(pk=move.person.pk).is_moved


def test_history_tells_the_move(move):
    moved(move)
    with run_in_office(move.east):
        last = Person.objects.get(pk=move.person.pk).history.order_by("pgh_id").last()
        assert (last.pgh_label, last.moved_to_id) == ("update", move.west.pk)

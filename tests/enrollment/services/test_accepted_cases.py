"""A case accepted for another office: one receipt for the acceptor, one case for the owner."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from config.errors import InvalidInputs, Refused
from config.offices.acting import run_in_office
from enrollment.models import STEPS, AcceptedCase, CaseReceipt, CaseState, Person
from enrollment.services.accepted_cases import case_accept, case_return, case_settle, case_take
from tests.enrollment.crossings import case_input, events_at
from tests.factories.enrollment import id_number, make_person
from tests.factories.offices import make_offices, make_user

NAME = "示例东"
UNKNOWN = id_number(777_777, date(1981, 1, 2))
PAPERS = {"fields": {"total": "1200.00", "invoice_number": "0000000001"}, "items": []}


@pytest.fixture
def pool(db):
    offices = make_offices()
    with run_in_office(offices.east):
        person = make_person(offices.east, name=NAME)
    for name, value in {
        "person": person,
        "number": person.id_number.plain(),
        "west_clerk": make_user(offices.west, "clerk"),
        "east_clerk": make_user(offices.east, "clerk"),
        "pool_supervisor": make_user(offices.pool, "supervisor"),
    }.items():
        offices.__dict__[name] = value
    return offices


def accepted(pool, **changes):
    with run_in_office(pool.west, pool.west_clerk):
        facts = {"number": pool.number, "name": NAME, "payload": PAPERS} | changes
        return case_accept(
            case_input(facts.pop("number"), facts.pop("name"), **facts), key=uuid4().hex
        )


def the_case(receipt, office, user=None):
    with run_in_office(office, user):
        return AcceptedCase.objects.get(receipt_id=receipt.public_id)


@pytest.mark.row("D3", "D5")
def test_the_case_lies_at_the_owner_and_the_acceptor_sees_the_receipt_alone(pool):
    receipt = accepted(pool)
    case = the_case(receipt, pool.east)
    assert (case.office_id, case.person_id, case.payload, case.state) == (
        pool.east.pk, pool.person.pk, PAPERS, CaseState.WAITING,
    )  # fmt: skip
    with run_in_office(pool.west, pool.west_clerk):
        seen = CaseReceipt.objects.get()
        assert (seen.number, seen.typed_name, seen.payload) == (case.number, NAME, PAPERS)
        assert AcceptedCase.all_offices.count() == Person.all_offices.count() == 0
    with run_in_office(pool.east, pool.east_clerk):
        assert CaseReceipt.all_offices.count() == 0
    assert events_at(pool.west, "case.handed_over") == [
        ("case.handed_over", "done", pool.west_clerk.pk)
    ]
    assert events_at(pool.east, "case.received") == [("case.received", "done", pool.west_clerk.pk)]


@pytest.mark.row("D3")
def test_a_wrong_name_or_an_unknown_number_gets_the_same_answer(pool, tried):
    seen, statements = [], []
    for changes in ({}, {"name": "示例西"}, {"number": UNKNOWN}):
        with CaptureQueriesContext(connection) as asked:
            receipt = accepted(pool, **changes)
        statements.append(len(asked))
        seen.append((receipt.state, receipt.answer, receipt.office_id, len(receipt.number)))
    tried(3)
    assert len(set(seen)) == 1
    assert max(statements) - min(statements) <= 1
    # Whoever is named falsely lies at the pool; the owner never hears of it.
    with run_in_office(pool.east):
        assert AcceptedCase.objects.count() == 1
    with run_in_office(pool.pool, pool.pool_supervisor):
        assert AcceptedCase.objects.filter(office=pool.pool, person=None).count() == 2


def test_the_numbers_of_receipts_count_only_the_own_office(pool):
    first, second = accepted(pool), accepted(pool)
    with run_in_office(pool.east, pool.east_clerk):
        other = case_accept(case_input(UNKNOWN, NAME), key=uuid4().hex)
    assert [first.number[-5:], second.number[-5:], other.number[-5:]] == ["00001", "00002", "00001"]


def test_own_people_are_settled_at_the_desk(pool):
    with run_in_office(pool.east, pool.east_clerk), pytest.raises(Refused) as refused:
        case_accept(case_input(pool.number, NAME), key=uuid4().hex)
    assert refused.value.code == "enrollment.case.own_person"


def test_every_mistake_of_the_form_is_named(pool):
    with run_in_office(pool.west, pool.west_clerk), pytest.raises(InvalidInputs) as refused:
        case_accept(case_input("1", " ", reason=""), key=uuid4().hex)
    assert {each.field for each in refused.value.mistakes} == {"id_number", "name", "reason"}


def test_the_owner_takes_settles_and_returns_and_the_receipt_says_so(pool):
    settled, returned = accepted(pool), accepted(pool)
    with run_in_office(pool.east, pool.east_clerk):
        case_settle(case_take(the_case(settled, pool.east)), "2026-000001")
        case_return(the_case(returned, pool.east), "发票不清晰，请重新提交")
    with run_in_office(pool.west, pool.west_clerk):
        rows = {row.pk: (row.state, row.answer) for row in CaseReceipt.objects.all()}
    # What the owner noted for itself does not cross; the reason of a return does.
    assert rows == {
        settled.pk: (CaseState.SETTLED, ""),
        returned.pk: (CaseState.RETURNED, "发票不清晰，请重新提交"),
    }
    assert len(events_at(pool.west, "case.answered")) == 3


def test_whoever_accepted_a_case_does_not_decide_it(pool):
    receipt = accepted(pool)
    make_user(pool.east, "reviewer", username="x")
    case = the_case(receipt, pool.east)
    with run_in_office(pool.east, pool.west_clerk, roles=["clerk"]), pytest.raises(Refused) as no:
        case_take(case)
    assert no.value.code == "enrollment.case.same_person"


@pytest.mark.row("A7")
@pytest.mark.parametrize("before", CaseState.values)
@pytest.mark.parametrize("after", CaseState.values)
def test_the_database_allows_the_declared_steps_and_no_other(pool, before, after):
    case = the_case(accepted(pool), pool.east)
    path = {"waiting": [], "taken": ["taken"], "settled": ["settled"], "returned": ["returned"]}
    with run_in_office(pool.east, pool.east_clerk):
        rows = AcceptedCase.objects.filter(pk=case.pk)
        for step in path[before]:
            rows.update(state=step, answer="x")
        is_declared = before == after or (before, after) in STEPS
        if is_declared:
            assert rows.update(state=after, answer="x") == 1
            return
        with pytest.raises(DatabaseError, match="Invalid transition"), transaction.atomic():
            rows.update(state=after, answer="x")


def test_a_returned_case_states_its_reason_and_ends(pool):
    case = the_case(accepted(pool), pool.east)
    with run_in_office(pool.east, pool.east_clerk):
        with pytest.raises(Exception, match="reason_missing"):
            case_return(case, " ")
        case_return(case, "材料不全")
        with pytest.raises(Refused) as done:
            case_settle(case)
    assert done.value.code == "enrollment.case.not_waiting"

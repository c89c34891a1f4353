"""After a restore nothing is released and no run starts until two people of the pool say so."""

import pytest

from config.audit.models import AuditEvent
from config.errors import Refused
from config.offices.acting import run_in_office
from config.operation.health_facts import paused
from config.operation.models import CopyConfirmation
from config.operation.selectors import copy_standing, is_paused
from config.operation.services import operation_resume, require_running
from tests.factories.offices import make_user
from tests.factories.operation import look_restored

pytestmark = pytest.mark.row("B14")


@pytest.fixture
def people(offices):
    return [make_user(offices.pool, role) for role in ("supervisor", "administrator")]


@pytest.fixture(params=[False, True], ids=["to an instant", "loaded into another cluster"])
def restored(request, monkeypatch, offices):
    look_restored(monkeypatch, elsewhere=request.param)


def resume(office, user, reason="compared with the files of the bank"):
    with run_in_office(office, user):
        return operation_resume(reason)


def refusal_of(call, *arguments):
    with pytest.raises(Refused) as refused:
        call(*arguments)
    return refused.value.code


@pytest.mark.django_db
def test_a_fresh_installation_runs():
    assert not is_paused()
    require_running("settlement.release")
    assert paused().state == "ok"


def test_a_restored_copy_is_paused_although_all_its_rows_came_along(restored):
    assert CopyConfirmation.objects.filter(kind="installed").exists()
    assert is_paused()
    assert refusal_of(require_running, "settlement.release") == "operation.paused"
    assert paused().state == "broken"


def test_two_people_let_it_run_again_and_each_leaves_an_event(restored, offices, people):
    first = resume(offices.pool, people[0])
    assert first.is_paused
    second = resume(offices.pool, people[1])
    assert not second.is_paused
    require_running("settlement.release")
    with run_in_office(offices.pool, people[0]):
        events = AuditEvent.objects.filter(verb="operation.resumed").order_by("id")
        assert [event.actor_id for event in events] == [user.pk for user in people]
        assert {event.reason for event in events} == {"compared with the files of the bank"}


def test_one_person_is_not_two(restored, offices, people):
    resume(offices.pool, people[0])
    assert refusal_of(resume, offices.pool, people[0]) == "operation.resume.same_person"
    assert is_paused()


def test_a_refused_act_leaves_an_event(restored, offices, people):
    with run_in_office(offices.pool, people[0]):
        refusal_of(require_running, "release.activate")
        event = AuditEvent.objects.get(verb="act.refused")
    assert event.payload == {"act": "release.activate", "code": "operation.paused"}


@pytest.mark.parametrize(
    ("place", "role", "reason", "code"),
    [
        ("east", "supervisor", "compared", "operation.resume.pool_only"),
        ("pool", "auditor", "compared", "offices.act.not_allowed"),
        ("pool", "supervisor", "  ", "operation.resume.reason_missing"),
    ],
)
def test_who_may_not_confirm(restored, offices, place, role, reason, code):
    office = getattr(offices, place)
    user = make_user(office, role, username="tries")
    assert refusal_of(resume, office, user, reason) == code
    assert is_paused()


def test_a_running_system_needs_no_confirmation(offices, people):
    assert refusal_of(resume, offices.pool, people[0]) == "operation.resume.not_paused"


def test_a_second_restore_pauses_again(monkeypatch, offices, people):
    look_restored(monkeypatch)
    for user in people:
        resume(offices.pool, user)
    assert not copy_standing().is_paused
    look_restored(monkeypatch, elsewhere=True)
    assert is_paused()

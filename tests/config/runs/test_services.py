"""Who may plan, approve, pause, resume and cancel a run, and what the database itself refuses."""

from copy import copy
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.audit.models import AuditEvent
from config.errors import Conflict, DomainError, InvalidInput, Refused
from config.health.facts import State
from config.offices.acting import run_in_office
from config.offices.models import User
from config.runs import health_facts, services, work
from config.runs.models import Chunk, Run
from config.runs.transitions import CHUNK_STEPS, RUN_STEPS, check_run_step
from tests.config.runs.probe import effects
from tests.factories.offices import make_user


def test_a_second_person_approves_and_never_the_maker(plan, people):
    run = plan(approve=False)
    with run_in_office(people.offices.east, people.supervisor), pytest.raises(Refused) as error:
        services.run_approve(run)
    assert error.value.code == "runs.run.same_person"
    with run_in_office(people.offices.east, people.reviewer):
        run = services.run_approve(run)
        assert (run.state, run.checker) == ("running", people.reviewer)
        with pytest.raises(Conflict):
            services.run_approve(run)


def test_the_database_refuses_a_maker_who_checks_and_a_start_without_a_checker(plan, people):
    run = plan(approve=False)
    with run_in_office(people.offices.east, people.supervisor):
        rows = Run.objects.filter(pk=run.pk)
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(checker=people.supervisor)
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(state="running")


@pytest.mark.row("A7")
@pytest.mark.parametrize(("model", "steps"), [(Run, RUN_STEPS), (Chunk, CHUNK_STEPS)])
def test_every_step_that_is_not_listed_is_refused_by_the_database(
    plan, people, model, steps, tried
):
    run = plan(approve=False, rows=10)
    states = model.State.values
    with run_in_office(people.offices.east, people.supervisor):
        row = run if model is Run else run.chunks.get()
        for before in states:
            for after in states:
                tried(1)
                change = model.objects.filter(pk=copy_in_state(row, before))
                if before == after or (before, after) in steps:
                    assert change.update(state=after) == 1
                    continue
                with pytest.raises(DatabaseError, match="transition"), transaction.atomic():
                    change.update(state=after)
                if model is Run:
                    with pytest.raises(Conflict):
                        check_run_step(before, after)


def copy_in_state(row, state):
    """Insert a copy of a run or chunk that stands in a state; returns its id."""
    new = copy(row)
    new.pk, new.state = None, state
    new._state.adding = True
    if isinstance(row, Run):
        new.public_id = uuid4()
        new.checker = User.objects.exclude(pk=row.maker_id).first()
    else:
        new.number = Chunk.objects.count() + 1
    new.save(force_insert=True)
    return new.pk


def test_only_who_may_plans_and_a_reason_is_stated(people):
    with run_in_office(people.offices.east, people.clerk), pytest.raises(Refused):
        services.run_plan("probe", "演练", rows=1, size=1)
    with run_in_office(people.offices.east, people.supervisor):
        with pytest.raises(InvalidInput):
            services.run_plan("probe", " ", rows=1, size=1)
        with pytest.raises(DomainError) as error:
            services.run_plan("nothing", "演练")
    assert error.value.code == "runs.kind.unknown"


def test_a_run_of_the_pool_is_planned_at_the_pool_by_a_person(people):
    administrator = make_user(people.offices.east, "administrator")
    with run_in_office(people.offices.east, administrator), pytest.raises(Refused) as error:
        services.run_plan("key_rotation", "演练", to_key="test")
    assert error.value.code == "runs.run.pool_only"
    nobody = run_in_office(people.offices.pool, roles={"administrator"})
    with nobody, pytest.raises(Refused) as error:
        services.run_plan("key_rotation", "演练", to_key="test")
    assert error.value.code == "runs.run.needs_person"


def test_pause_resume_and_cancel_act_between_chunks(plan, people):
    run = plan()
    work.work_one(run.pk)
    with run_in_office(people.offices.east, people.supervisor):
        run = services.run_pause(run)
        assert not work.work_one(run.pk)
        run = services.run_resume(run)
        assert run.asker == people.supervisor
        assert work.work_one(run.pk)
        run = services.run_cancel(run)
        assert not work.work_one(run.pk)
        assert sum(effects().values()) == 20
        with pytest.raises(Conflict):
            services.run_resume(run)
        verbs = AuditEvent.objects.filter(verb__startswith="run.").values_list("verb", flat=True)
        assert list(verbs.order_by("id").exclude(verb="run.chunk_done")) == [
            "run.planned",
            "run.approved",
            "run.paused",
            "run.resumed",
            "run.cancelled",
        ]


def test_the_page_shows_progress_from_the_rows_and_stops_asking_at_the_end(plan, people):
    run = plan(approve=False, poison=[3])
    client = Client()
    client.force_login(people.reviewer)
    page = reverse("admin:runs_page", args=[run.public_id])
    assert client.get(page).status_code == 404  # a reviewer does not look after runs
    client.force_login(make_user(people.offices.east, "supervisor", username="second"))
    assert client.post(f"{page}approve/").status_code == 302
    progress = reverse("admin:runs_progress", args=[run.public_id])
    work.work_one(run.pk)
    assert client.get(progress).status_code == 200
    assert "10 / 40 行" in client.get(progress).content.decode()
    while work.work_one(run.pk):
        pass
    assert client.get(progress).status_code == 286
    shown = client.get(page).content.decode()
    assert "ValueError" in shown
    assert "every 1s" not in shown
    assert client.post(f"{page}cancel/").status_code == 409
    assert client.post(f"{page}destroy/").status_code == 404
    assert client.get(reverse("admin:runs_run_changelist")).status_code == 200


def test_the_run_of_another_office_does_not_exist(plan, people):
    run = plan(approve=False)
    client = Client()
    client.force_login(make_user(people.offices.west, "supervisor"))
    page = reverse("admin:runs_page", args=[run.public_id])
    assert client.get(page).status_code == 404
    assert client.post(f"{page}cancel/").status_code == 404


@pytest.mark.row("B13")
def test_a_run_that_stands_still_is_seen_within_five_minutes_though_a_lease_is_held(plan, people):
    run = plan()
    with run_in_office(people.offices.east, people.supervisor):
        assert health_facts.standstill().state == State.OK
        earlier = timezone.now() - timedelta(minutes=6)
        run.chunks.filter(number=1).update(state="leased", owner="x", lease_until=timezone.now())
        Run.objects.filter(pk=run.pk).update(started_at=earlier)
        assert health_facts.standstill().state == State.BROKEN
        run.chunks.filter(number=1).update(state="done", changed_at=timezone.now())
        assert health_facts.standstill().state == State.OK
        services.run_pause(run)
        assert health_facts.standstill().state == State.OK

"""Background work acts in its own scope, with the asker's rights as they are when it runs."""

import pytest
from celery import Celery
from django.db import transaction

from config.errors import Refused
from config.offices import scope
from config.offices.acting import run_in_office
from config.offices.tasks import OfficeTask
from tests.factories.offices import make_user

app = Celery("tasks_of_this_test", task_cls=OfficeTask, set_as_current=False)
app.conf.task_always_eager = True
seen = []


@app.task
def look():
    seen.append(scope.current())


@app.task
def fail():
    raise ValueError("as it does")


@pytest.fixture(autouse=True)
def empty():
    seen.clear()


def test_a_task_cannot_inherit_the_scope_of_the_task_before(offices):
    look(office_id=offices.east.pk)
    with pytest.raises(ValueError, match="as it does"):
        fail(office_id=offices.east.pk)
    assert scope.current_or_none() is None
    look(office_id=offices.west.pk)
    assert [found.office_ids for found in seen] == [
        (offices.east.pk, offices.township.pk),
        (offices.west.pk,),
    ]
    assert seen[0].agent.startswith("task:")


def test_a_task_without_an_office_does_not_run(offices):
    with run_in_office(offices.east), pytest.raises(TypeError):
        look()
    assert seen == []


def test_a_task_inside_a_scope_gives_it_back(offices):
    with run_in_office(offices.east) as before:
        look(office_id=offices.west.pk)
        assert scope.current() is before


def test_a_right_taken_away_stops_the_task(offices):
    clerk = make_user(offices.east, "clerk")
    look(office_id=offices.east.pk, user_id=clerk.pk)
    assert seen[0].roles == {"clerk"}
    clerk.memberships.update(office=offices.west)
    with pytest.raises(Refused) as error:
        look(office_id=offices.east.pk, user_id=clerk.pk)
    assert error.value.code == "offices.task.right_removed"


@pytest.mark.django_db(transaction=True)
def test_a_task_starts_after_the_commit_and_not_without_it(offices):
    clerk = make_user(offices.east, "clerk")

    def start_and_fail():
        with transaction.atomic():
            look.start()
            raise RuntimeError

    with run_in_office(offices.east, clerk):
        with pytest.raises(RuntimeError):
            start_and_fail()
        assert seen == []
        with transaction.atomic():
            look.start()
            assert seen == []
    assert [(found.office_id, found.user_id) for found in seen] == [(offices.east.pk, clerk.pk)]

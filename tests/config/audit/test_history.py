"""Row history is written by the database, carries the act, and cannot be rewritten."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from config.audit import services
from config.audit.models import AuditEvent
from config.offices.acting import run_in_office
from enrollment.models import Person


@pytest.fixture
def person(offices):
    with run_in_office(offices.east):
        return Person.objects.create(
            office=offices.east,
            name="示例甲",
            id_digest="d",
            id_last4="0000",
            birth_on=date(1980, 1, 1),
            sex="female",
        )


def test_a_change_carries_the_act_that_made_it(offices, person):
    with run_in_office(offices.east) as acting:
        Person.objects.filter(pk=person.pk).update(name="示例乙")
        services.record("person.changed", person, fields=["name"])
        history = Person.history.rel.related_model.objects.filter(pgh_obj_id=person.pk)
        last = history.order_by("-pgh_id").first()
        event = AuditEvent.objects.get(verb="person.changed")
    assert last.name == "示例乙"
    assert str(last.pgh_context_id) == str(event.request_id) == acting.request_id
    assert last.pgh_context["request"] == acting.request_id
    assert last.pgh_context["office"] == offices.east.pk


def test_history_cannot_be_rewritten(offices, person):
    for statement in (
        "UPDATE enrollment_personevent SET name = 'x'",
        "DELETE FROM enrollment_personevent",
    ):
        with (
            run_in_office(offices.east),
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_history_stays_with_its_office(offices, person):
    seen = {}
    for office in (offices.east, offices.west):
        with run_in_office(office), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM enrollment_personevent")
            seen[office.code] = cursor.fetchone()[0]
    assert seen == {"east": 1, "west": 0}

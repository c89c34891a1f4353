"""Much reading is slowed down and told to the supervisor; shown numbers are events, exactly."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from config import calendar
from config.audit.models import AuditEvent
from config.errors import InvalidInput, Refused
from config.offices.acting import run_in_office
from enrollment.models import Person, ReadingKind, ReadingNotice, RevealPurpose
from enrollment.services import reading
from enrollment.services.person import id_number_reveal, reveals_today
from enrollment.services.reading import (
    people_list,
    person_open,
    person_seen,
    read_in_hour,
    reading_notice_answer,
)
from tests.factories.enrollment import make_person
from tests.factories.offices import make_offices, make_user
from tests.forms import sent


@pytest.fixture
def office(db):
    offices = make_offices()
    offices.__dict__["clerk"] = make_user(offices.east, "clerk")
    offices.__dict__["supervisor"] = make_user(offices.east, "supervisor")
    return offices


@pytest.fixture
def clerk(office):
    with run_in_office(office.east, office.clerk) as scope:
        yield scope


@pytest.fixture
def pauses(monkeypatch):
    waited = []
    monkeypatch.setattr(reading, "sleep", waited.append)
    return waited


def notices(office):
    with run_in_office(office.east, office.supervisor):
        return [(row.kind, row.reader_id, row.limit) for row in ReadingNotice.objects.all()]


@pytest.mark.row("D10")
def test_two_hundred_people_in_an_hour_are_slowed_down_then_told_to_the_supervisor(
    office, clerk, pauses, tried
):
    for order in range(199):
        person_open(make_person(office.east, covered=False), "desk")
        assert len(pauses) == max(0, order - 158)
    assert notices(office) == []
    person_open(make_person(office.east, covered=False), "desk")
    assert notices(office) == [("opened", office.clerk.pk, 200)]
    # One notice an hour, however many follow.
    for _more in range(3):
        person_open(make_person(office.east, covered=False), "desk")
    tried(203)
    assert len(notices(office)) == 1
    with run_in_office(office.east, office.supervisor):
        assert AuditEvent.objects.filter(verb="reading.noticed").count() == 1


@pytest.mark.row("D10")
def test_the_same_person_opened_often_is_one_person(office, clerk, pauses):
    person = make_person(office.east, covered=False)
    for _again in range(220):
        person_open(person, "desk")
    assert read_in_hour(ReadingKind.OPENED) == 1
    assert notices(office) == []
    assert pauses == []


@pytest.mark.row("D10")
def test_the_count_is_of_an_hour_and_of_an_account(office, clerk, pauses):
    for _one in range(5):
        person_open(make_person(office.east, covered=False), "desk")
    with calendar.clock_at(calendar.now() + timedelta(minutes=61)):
        assert read_in_hour(ReadingKind.OPENED) == 0
    with run_in_office(office.east, office.supervisor):
        assert read_in_hour(ReadingKind.OPENED) == 0


@pytest.mark.row("D10", "G4")
def test_twenty_shown_numbers_are_told_and_each_is_one_event(office, clerk, pauses, tried):
    for order in range(20):
        assert notices(office) == []
        person = make_person(office.east, covered=False)
        id_number_reveal(person, f"核对第{order}人", RevealPurpose.CARD_CHECK)
    tried(20)
    assert notices(office) == [("revealed", office.clerk.pk, 20)]
    assert AuditEvent.objects.filter(verb="id_number.revealed").count() == 20
    assert len(pauses) == 5


@pytest.mark.row("G4")
def test_a_third_look_at_one_number_in_a_day_is_refused_and_recorded(office, clerk):
    person = make_person(office.east, covered=False)
    for _look in range(2):
        id_number_reveal(person, "核对证件", RevealPurpose.PAYMENT)
    with pytest.raises(Refused) as refused:
        id_number_reveal(person, "核对证件", RevealPurpose.PAYMENT)
    assert refused.value.code == "enrollment.reveal.looked_often"
    assert reveals_today(person) == 2
    refusals = AuditEvent.objects.filter(verb="act.refused", outcome="refused")
    assert [event.payload["act"] for event in refusals] == ["id_number.reveal"]
    with run_in_office(office.east, office.supervisor):
        id_number_reveal(person, "主管核对", RevealPurpose.PAYMENT)


@pytest.mark.row("G4")
def test_a_purpose_of_the_list_and_a_reason_are_both_needed(office, clerk, tried):
    person = make_person(office.east, covered=False)
    for purpose, reason, field in (
        ("", "核对证件", "purpose"),
        ("curiosity", "核对证件", "purpose"),
        ("card_check", " ", "reason"),
        ("card_check", "a\0b", "reason"),
    ):
        with pytest.raises(InvalidInput) as refused:
            id_number_reveal(person, reason, purpose)
        assert refused.value.field == field
        tried(1)
    assert AuditEvent.objects.filter(verb="id_number.revealed").count() == 0


def test_answers_inside_an_open_page_are_no_looks_of_their_own(office, clerk):
    person = make_person(office.east, covered=False)
    for _pause in range(3):
        person_seen(person, "desk")
    people_list("persons", [])
    assert AuditEvent.objects.filter(verb="person.opened").count() == 1
    assert AuditEvent.objects.filter(verb="people.listed").count() == 0
    with calendar.clock_at(calendar.now() + timedelta(minutes=61)):
        person_seen(person, "desk")
    assert AuditEvent.objects.filter(verb="person.opened").count() == 2


@pytest.mark.row("D10")
def test_a_notice_is_answered_once_by_somebody_else(office, clerk):
    notice = ReadingNotice.objects.create(
        office=office.east, reader=office.supervisor, kind="opened",
        hour_at=calendar.now(), limit=200, at=calendar.now(),
    )  # fmt: skip
    with run_in_office(office.east, office.supervisor):
        with pytest.raises(Refused) as own:
            reading_notice_answer(notice, "本人答复")
        with pytest.raises(IntegrityError), transaction.atomic():
            ReadingNotice.objects.update(answered_by=office.supervisor)
    assert own.value.code == "enrollment.reading.own_notice"
    with run_in_office(office.pool, make_user(office.pool, "supervisor")):
        with pytest.raises(InvalidInput):
            reading_notice_answer(notice, " ")
        reading_notice_answer(notice, "年度参保高峰，属实")
        with pytest.raises(Refused) as twice:
            reading_notice_answer(notice, "再次答复")
    assert twice.value.code == "enrollment.reading.answered"
    assert Person.objects.count() == 0


@pytest.mark.row("D10")
def test_the_supervisor_reads_and_answers_notices_and_the_clerk_does_not(client, office):
    with run_in_office(office.east):
        ReadingNotice.objects.create(
            office=office.east, reader=office.clerk, kind="opened",
            hour_at=calendar.now(), limit=200, at=calendar.now(),
        )  # fmt: skip
        notice = ReadingNotice.objects.get()
    address = f"/admin/enrollment/readingnotice/{notice.pk}/change/"
    client.force_login(office.clerk)
    assert client.get("/admin/enrollment/readingnotice/").status_code == 403
    client.force_login(office.supervisor)
    page = client.get("/admin/enrollment/readingnotice/").content.decode()
    assert office.clerk.full_name in page
    assert sent(client, address, {"answer": ""}).status_code == 200
    assert sent(client, address, {"answer": "已核实，集中复核"}).status_code == 302
    with run_in_office(office.east):
        notice.refresh_from_db()
    assert (notice.answer, notice.answered_by_id) == ("已核实，集中复核", office.supervisor.pk)

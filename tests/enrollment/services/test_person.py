"""People: registered once in the pool, numbers sealed, looks recorded."""

from datetime import date

import pytest
from django.db import connection

from config.audit.models import AuditEvent
from config.errors import Conflict, InvalidInput, InvalidInputs, Refused
from config.offices.acting import run_in_office
from enrollment.models import Person, PersonSearchKey
from enrollment.services.person import (
    PersonInput,
    id_number_reveal,
    person_change,
    person_register,
)
from enrollment.services.pool_numbers import mark_of
from tests.factories.enrollment import id_number

BORN = date(1985, 2, 3)
NUMBER = id_number(41, BORN)


def register(**changes):
    return person_register(PersonInput(**({"name": "朱秀梅", "id_number": NUMBER} | changes)))


def test_the_number_says_birth_and_sex(acting):
    person = register(phone="138 0000 1234")
    assert (person.birth_on, person.id_last4, person.phone_last4) == (BORN, NUMBER[-4:], "1234")
    assert person.masked_id == f"****{NUMBER[-4:]}"
    assert str(person.id_number) == "****"


def test_no_table_holds_the_plain_number(acting):
    register()
    with connection.cursor() as cursor:
        cursor.execute("SELECT p::text FROM enrollment_person p")
        text = str(cursor.fetchall())
        cursor.execute("SELECT e::text FROM enrollment_personevent e")
        text += str(cursor.fetchall())
    assert NUMBER not in text
    assert "朱秀梅" in text


def test_a_number_is_registered_once_in_the_pool(desk, acting):
    register()
    with run_in_office(desk.offices.west, roles=["clerk"]), pytest.raises(Conflict) as error:
        register(name="别人")
    assert error.value.code == "enrollment.person.known_in_the_pool"
    assert error.value.facts == {}


def test_all_mistakes_are_named_at_their_fields(acting):
    wrong = NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2")
    with pytest.raises(InvalidInputs) as error:
        register(name=" ", id_number=wrong, phone="12")
    assert [mistake.field for mistake in error.value.mistakes] == ["name", "id_number", "phone"]
    assert not Person.objects.exists()


def test_a_full_number_is_shown_with_a_reason_and_recorded(desk, acting):
    person = register()
    with pytest.raises(InvalidInput):
        id_number_reveal(person, " ", "card_check")
    assert id_number_reveal(person, "核对身份证", "card_check") == NUMBER
    event = AuditEvent.objects.get(verb="id_number.revealed")
    mark = mark_of(person.id_digest)
    assert event.reason == "核对身份证"
    assert event.payload == {"purpose": "card_check", "number_digest": mark}
    with run_in_office(desk.east, desk.reviewer), pytest.raises(Refused):
        id_number_reveal(person, "核对", "card_check")


def test_a_new_name_is_found_and_the_old_one_is_not(acting):
    person = register()
    person_change(person, name="单小明")
    keys = set(PersonSearchKey.objects.values_list("kind", "key"))
    assert ("name", "小明") in keys
    assert ("initials", "sxm") in keys
    assert ("pinyin", "shanxiaoming") in keys
    assert ("name", "朱秀梅") not in keys
    with pytest.raises(InvalidInput):
        person_change(person, birth_on=date(1999, 1, 1))

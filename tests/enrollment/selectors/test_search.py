"""Search by what is typed: the shape decides, the office limits, the index answers."""

import pytest
from django.db import connection

from config.offices.acting import run_in_office
from enrollment.selectors.search import MOST, Shape, person_search, shape_of
from enrollment.services.person import PersonInput, person_register
from tests.enrollment.services.test_person import BORN
from tests.factories.enrollment import id_number


def register(number, name, phone=""):
    return person_register(PersonInput(name, id_number(number, BORN), phone=phone))


@pytest.fixture
def people(acting):
    return [register(1, "朱秀梅", "13800001234"), register(2, "朱秀"), register(3, "李朱秀")]


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        (id_number(1, BORN), Shape.ID_NUMBER),
        (f" {id_number(1, BORN)[:6]} {id_number(1, BORN)[6:]} ", Shape.ID_NUMBER),
        ("13800001234", Shape.PHONE),
        ("123x", Shape.LAST_FOUR),
        ("zxm", Shape.LETTERS),
        ("朱", Shape.NAME),
        ("12345", Shape.NOTHING),
        ("%", Shape.NOTHING),
        ("", Shape.NOTHING),
    ],
)
def test_shape(text, shape):
    assert shape_of(text) is shape


def test_each_way_of_typing_finds_the_person(people):
    person = people[0]
    for text in (id_number(1, BORN), "13800001234", "朱秀梅", "秀梅", "zxm", "zhuxiumei"):
        assert person in person_search(text), text
    assert person in person_search(person.id_last4)


def test_names_equal_come_first_then_beginnings_then_parts(people):
    assert [person.name for person in person_search("朱秀")] == ["朱秀", "朱秀梅", "李朱秀"]
    assert person_search("zx") == sorted(people[:2], key=lambda person: person.name)


def test_nobody_of_another_office_is_found(desk, people):
    with run_in_office(desk.offices.west, roles=["clerk"]):
        for text in (id_number(1, BORN), "13800001234", "朱秀", "zx"):
            assert person_search(text) == []


def test_at_most_twenty_are_listed(acting):
    for number in range(MOST + 5):
        register(number, "王" + chr(0x4E00 + number))
    assert len(person_search("王")) == MOST


def test_the_beginning_of_a_key_may_use_its_index_under_row_security(people):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT 1 FROM enrollment_personsearchkey"
            " WHERE kind = 'initials' AND key ~>=~ 'zx' AND key ~<~ 'zy'"
        )
        plan = " ".join(row[0] for row in cursor.fetchall())
    assert "person_search_key_by_beginning" in plan
    assert "(key)::text ~>=~ 'zx'" in plan.split("Index Cond", 1)[1].split("Filter", 1)[0]

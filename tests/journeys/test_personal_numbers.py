"""A number typed once: no column of the database, no page and no address holds it in plain."""

import pytest
from django.db import connection, transaction
from django.urls import reverse

from config.offices.acting import run_in_office
from enrollment.models import Person
from enrollment.services.person import id_number_reveal
from tests.claims.conftest import make_desk
from tests.enrollment.services.test_person import NUMBER
from tests.factories.claims import bill as make_bill
from tests.factories.claims import confirm, correct, current
from tests.factories.enrollment import make_cover
from tests.forms import sent

PHONE = "13900001234"


@pytest.fixture
def walked(client, db):
    """Register, search, reveal, settle, correct, print and reverse; return the pages that came."""
    desk = make_desk()
    client.force_login(desk.clerk)
    typed = {"name": "朱秀梅", "id_kind": "resident_id", "number": NUMBER, "phone_number": PHONE}
    pages = [sent(client, reverse("admin:enrollment_person_add"), typed)]
    pages.append(sent(client, reverse("admin:enrollment_person_add"), typed))
    search = reverse("admin:claims_desk_search")
    pages += [client.post(search, {"text": text}) for text in (NUMBER, PHONE, NUMBER[-4:], "朱秀")]
    with run_in_office(desk.east, desk.clerk):
        person = Person.objects.get()
        make_cover(person)
        id_number_reveal(person, "核对证件", "card_check")
        bill = confirm(person)
        correct(bill, make_bill(total_fen=40_000_00))
        version = current(bill)
    pages += [
        client.get(reverse("admin:claims_desk_person", args=[person.public_id])),
        client.get(reverse("admin:claims_desk_bill", args=[bill.public_id])),
        client.post(reverse("admin:claims_statement_print", args=[version.public_id])),
        client.get(reverse("admin:claims_why", args=[version.public_id])),
        client.get(reverse("admin:enrollment_person_changelist")),
        client.get(reverse("admin:enrollment_person_change", args=[person.pk])),
        client.get(reverse("admin:enrollment_person_history", args=[person.pk])),
        client.get(reverse("admin:claims_day_list")),
    ]
    return desk, pages


def test_no_page_or_address_shows_a_number(walked):
    _desk, pages = walked
    # The second page is the refused form, which gives back what was typed a moment ago.
    for page in [pages[0], *pages[2:]]:
        said = page.content.decode() + str(dict(page.headers))
        assert page.status_code < 400
        assert NUMBER not in said
        assert PHONE not in said


def test_no_column_holds_a_number_in_plain(walked):
    desk, _pages = walked
    with run_in_office(desk.offices.pool), connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND data_type IN"
            " ('text', 'character varying', 'jsonb', 'json', 'ARRAY')"
        )
        columns = cursor.fetchall()
        found = [place for place in columns if _holds(cursor, *place, f"{NUMBER}|{PHONE}")]
        # The same question does find what stands in plain.
        assert _holds(cursor, "enrollment_person", "name", "朱秀梅")
        assert _holds(cursor, "enrollment_personevent", "name", "朱秀梅")
    assert {table for table, _column in columns} >= {
        "audit_auditevent",
        "audit_actkey",
        "enrollment_person",
        "enrollment_personevent",
        "pghistory_context",
    }
    assert found == []


def _holds(cursor, table, column, pattern):
    asked = f'SELECT count(*) FROM "{table}" WHERE "{column}"::text ~ %s'  # noqa: S608
    cursor.execute("SELECT has_table_privilege(%s, 'SELECT')", [f'"{table}"'])
    if not cursor.fetchone()[0]:
        return False
    with transaction.atomic():
        cursor.execute(asked, [pattern])
        return cursor.fetchone()[0] > 0

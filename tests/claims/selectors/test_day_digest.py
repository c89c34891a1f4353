"""The digest of a day tells a ledger that was altered or cut from one that was not."""

import pytest
from django.urls import reverse

from claims.selectors.day_digest import day_digest
from config import calendar
from config.offices.acting import run_in_office
from tests.claims.conftest import make_desk
from tests.factories.claims import confirm
from tests.factories.claims import reverse as reverse_bill
from tests.factories.enrollment import make_person
from tests.tampering import without_fences


@pytest.mark.row("H3")
@pytest.mark.django_db(transaction=True)
def test_a_changed_or_missing_settlement_changes_the_digest_of_its_day_alone(tried):
    desk = make_desk()
    today = calendar.today()
    with run_in_office(desk.east, desk.clerk):
        empty = day_digest(desk.east.pk, today)
        bill = confirm(make_person(desk.east))
        one = day_digest(desk.east.pk, today)
        reverse_bill(bill)
        two = day_digest(desk.east.pk, today)
        assert [found.count for found in (empty, one, two)] == [0, 1, 2]
        assert len({found.digest for found in (empty, one, two)}) == 3
        with without_fences("claims_settlement") as tampering:
            for change in (
                "UPDATE claims_settlement SET row_digest = repeat('0', 64) WHERE version = 1",
                "DELETE FROM claims_settlement WHERE version = 2",
            ):
                tampering.change(change)
                assert day_digest(desk.east.pk, today) != two
                tampering.restore()
            assert day_digest(desk.east.pk, today) == two
    tried(2)


def test_the_day_list_prints_it_above_two_signatures(client, desk):
    client.force_login(desk.clerk)
    page = client.get(reverse("admin:claims_day_list")).content.decode()
    with run_in_office(desk.east, desk.clerk):
        assert day_digest(desk.east.pk, calendar.today()).digest in page
    assert page.count("____________________") == 2

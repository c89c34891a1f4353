"""Statistics for the pool: by county, no person, nothing about fewer than ten people."""

from datetime import date

import pytest
from django.urls import reverse

from claims.selectors.pool_report import FEWEST, Figures, hide_small, pool_report, totals
from config.offices.acting import run_in_office
from tests.factories.claims import confirm, current
from tests.factories.enrollment import make_person
from tests.factories.offices import make_user

DAY = date(2025, 6, 1)


@pytest.mark.parametrize(
    ("people", "hidden"),
    [
        ([0, 0, 0], []),
        ([10, 500], []),
        ([9, 500], [0, 1]),
        ([9, 500, 20], [0, 2]),
        ([9, 3, 500], [0, 1]),
        ([0, 9, 30], [1, 2]),
        ([9], [0]),
    ],
)
def test_small_groups_are_hidden_and_cannot_be_subtracted(people, hidden):
    group = [Figures(count, {"bills": count}) for count in people]
    hide_small(group)
    assert [place for place, each in enumerate(group) if each.is_hidden] == hidden


@pytest.fixture
def counties(desk):
    """Cover and settle in both counties: ten people and more in the east, of whom one in its
    township; eleven in the west.
    """
    sums = {"east": 0, "west": 0}
    for name, office, count in (
        ("east", desk.east, FEWEST + 1),
        ("east", desk.offices.township, 1),
        ("west", desk.offices.west, FEWEST + 1),
    ):
        with run_in_office(office, roles=["clerk"]):
            for _one in range(count):
                sums[name] += current(confirm(make_person(office))).basic_fen
            make_person(office)
    desk.sums = sums
    return desk


def test_the_counties_are_counted_with_their_townships_to_the_fen(counties):
    with run_in_office(counties.offices.pool, roles=["auditor"]):
        rows = {row.office.code: row for row in pool_report(2025, DAY)}
        assert set(rows) == {"pool", "east", "west"}
        east, west = rows["east"], rows["west"]
        assert (east.covered.people, west.covered.people) == (14, 12)
        assert (east.settled.people, east.settled.values["bills"]) == (12, 12)
        assert east.settled.values["versions"] == 12
        assert east.settled.values["basic_fen"] == counties.sums["east"]
        assert west.settled.values["basic_fen"] == counties.sums["west"]
        whole = totals(rows.values(), "settled")
        assert whole["basic_fen"] == sum(counties.sums.values())
        assert totals(pool_report(2024, DAY), "settled") == {"people": 0}


@pytest.mark.row("D8")
def test_the_page_is_for_roles_of_the_pool_and_names_nobody(client, counties):
    address = reverse("admin:claims_pool_report")
    for user in (counties.clerk, counties.supervisor, make_user(counties.offices.pool, "administrator")):  # fmt: skip
        client.force_login(user)
        assert client.get(address).status_code == 404
    client.force_login(make_user(counties.offices.pool, "auditor"))
    page = client.get(address, {"year": "2025"}).content.decode()
    assert "统筹区报表" in page
    assert "示例1" not in page.replace("示例医院", "")
    for text in ("x", "²", "99999"):
        assert client.get(address, {"year": text}).status_code == 200

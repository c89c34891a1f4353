"""A small invented pool: two counties, one of them with a township, and people of every role."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from config.offices.models import Membership, Office, User
from tests.factories.acts import recorded

REGION = "990000_qinghe"
PASSWORD = "invented-Pass-2026"


@dataclass(frozen=True)
class Offices:
    """The offices of the invented pool."""

    pool: Office
    east: Office
    township: Office
    west: Office


def make_offices() -> Offices:
    """Make the pool with the counties east and west and a township beneath east."""

    def office(code: str, kind: str, parent: Office | None) -> Office:
        return Office.objects.create(
            code=code, name=code, name_en=code, kind=kind, parent=parent, region=REGION
        )

    with recorded():
        pool = office("pool", Office.Kind.POOL, None)
        east = office("east", Office.Kind.COUNTY, pool)
        township = office("township", Office.Kind.TOWNSHIP, east)
        west = office("west", Office.Kind.COUNTY, pool)
    return Offices(pool, east, township, west)


def make_user(office: Office | None, *roles: str, username: str = "", **facts: object) -> User:
    """Make a person who holds the roles at the office since long ago."""
    name = username or "-".join([*roles, office.code if office else "nowhere"])
    with recorded(office):
        user = User.objects.create_user(name, PASSWORD, full_name=f"示例{name}", **facts)
        for role in roles:
            Membership.objects.create(user=user, office=office, role=role, from_on=date(2020, 1, 1))
    return user

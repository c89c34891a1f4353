"""Build the invented pool, once; put changed rules in force on every later run."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from random import Random

from django.db import transaction

from claims.models import Facility, FacilityLevel
from config import calendar
from config.local.demo_office.bills import BillMaker
from config.local.demo_office.people import make_people
from config.local.demo_office.staff import Staffing
from config.local.demo_office.words import (
    COUNTIES,
    PLACES,
    POOL_CODE,
    REGION,
    facility_code,
)
from config.offices import roles
from config.offices.acting import run_in_office
from config.offices.models import Office
from config.policy.files import regions_of_files
from config.policy.selectors import activation_in_force
from config.policy.services import policy_release_activate, policy_release_register

SEED = 20261123
FIRST_DAY = date(2020, 1, 1)
AGENT = "demo_office"
PERSONS_WITH_BILLS = 14
BILLS_TODAY = 3


def build(sign_ins: Path, seed: int = SEED) -> str:
    """Build everything in one transaction; an office that is there is left as it is.

    Args:
        sign_ins: file the passwords are written to.
        seed: the same seed makes the same people and bills.

    Returns:
        The sign-ins as text; empty where nothing was built.
    """
    with transaction.atomic():
        pool = Office.objects.filter(code=POOL_CODE).first()
        if pool is not None:
            _put_rules_in_force(pool)
            return ""
        staffing = Staffing()
        pooled, counties = staffing.make()
        _put_rules_in_force(pooled.office)
        _make_facilities()
        for number, (county, words) in enumerate(zip(counties, COUNTIES, strict=True), start=1):
            draw = Random(f"{seed}/{words.code}")  # noqa: S311  invented, must repeat
            with run_in_office(county.office, county.staff[roles.CLERK]):
                people = make_people(draw, words, number)
            maker = BillMaker(draw, county, number)
            maker.make(people, PERSONS_WITH_BILLS)
            maker.make_today(people, BILLS_TODAY)
        return staffing.write(sign_ins)


def _put_rules_in_force(pool: Office) -> None:
    """Register every pack; put the invented one in force, again where its files changed."""
    with run_in_office(pool, agent=AGENT):
        for region in regions_of_files():
            release = policy_release_register(region)
            if region != REGION:
                continue
            active = activation_in_force(region)
            if active is None:
                policy_release_activate(release, FIRST_DAY, None)
            elif active.release_id != release.pk:
                policy_release_activate(release, calendar.today(), None)


def _make_facilities() -> None:
    for place in PLACES:
        facility = Facility.objects.create(
            code=facility_code(place),
            name=place.name,
            region_code="990100" if place.is_local else "990000",
            is_local=place.is_local,
        )
        FacilityLevel.objects.create(facility=facility, level=place.level, from_on=date(2015, 1, 1))

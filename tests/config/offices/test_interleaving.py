"""Requests and tasks of twelve offices on shared connections: no row of another office."""

import random
import uuid

import pytest
from django.db import connections, transaction

from config.audit.models import AuditEvent
from config.offices import scope
from config.offices.acting import run_in_office
from config.offices.models import Office
from config.offices.scope import ScopeMissing
from tests.factories.acts import recorded
from tests.factories.offices import REGION

ACTS = 1000
SEED = 20261123


@pytest.mark.row("D6")
@pytest.mark.django_db(transaction=True)
def test_a_thousand_acts_of_twelve_offices_on_two_connections():
    with recorded():
        pool = Office.objects.create(code="pool", name="pool", kind="pool", region=REGION)
        counties = [
            Office.objects.create(
                code=f"c{n}", name=f"c{n}", kind="county", parent=pool, region=REGION
            )
            for n in range(12)
        ]
    for county in counties:
        with run_in_office(county):
            AuditEvent.objects.create(office=county, verb="row.added", request_id=uuid.uuid4())
    scopes = {county.pk: scope.Scope(county.pk, (county.pk,)) for county in counties}
    dice = random.Random(SEED)
    for number in range(ACTS):
        county, alias = dice.choice(counties), dice.choice(["default", "aside"])
        kind = dice.choice(["seen", "raised", "unscoped", "outside"])
        if kind == "unscoped":
            assert raw_offices(alias) == [], (SEED, number)
            with pytest.raises(ScopeMissing):
                AuditEvent.objects.using(alias).count()
            continue
        with scope.enter(scopes[county.pk]):
            if kind == "outside":
                assert raw_offices(alias) == [county.pk], (SEED, number)
                continue
            try:
                with transaction.atomic(using=alias):
                    assert raw_offices(alias) == [county.pk], (SEED, number)
                    if kind == "raised":
                        raise RuntimeError
            except RuntimeError:
                continue


def raw_offices(alias):
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT DISTINCT office_id FROM audit_auditevent")
        return [office for (office,) in cursor.fetchall()]

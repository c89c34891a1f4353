"""What is counted, and that it names no person, id or address."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from prometheus_client.core import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from config import metrics
from config.audit import services as audit
from config.error_sentences import sentence
from config.errors import Refused
from config.offices.acting import run_in_office
from tests.claims.conftest import make_desk
from tests.factories.claims import bill, confirm
from tests.factories.enrollment import make_person
from tests.factories.offices import make_user

TOKEN = "a-token-of-the-test"
ROUTE = re.compile(r"(?:[a-z_]+:)?[a-z_.\-]+|admin:jsi18n")


def value_of(name, **labels):
    return REGISTRY.get_sample_value(name, labels) or 0


def read(client, **headers):
    return client.get("/metrics", headers=headers)


def families(text):
    return {family.name: family for family in text_string_to_metric_families(text)}


@pytest.fixture
def allowed(settings):
    settings.METRICS_TOKEN = TOKEN
    settings.HEALTH_FACTS = ["config.operation.health_facts.paused"]
    return {"Authorization": f"Bearer {TOKEN}"}


@pytest.mark.django_db
def test_the_numbers_are_off_unless_asked_for(settings):
    assert (settings.METRICS_TOKEN, settings.METRICS_FROM_LOOPBACK) == ("", False)
    assert read(Client()).status_code == 404
    settings.METRICS_FROM_LOOPBACK = True
    assert read(Client()).status_code == 200
    assert read(Client(), **{"X-Forwarded-For": "10.0.0.1"}).status_code == 404
    assert Client(REMOTE_ADDR="10.0.0.1").get("/metrics").status_code == 404


@pytest.mark.django_db
def test_a_token_is_needed_once_there_is_one(settings, allowed):
    settings.METRICS_FROM_LOOPBACK = True
    assert read(Client()).status_code == 404
    assert read(Client(), Authorization="Bearer other").status_code == 404
    assert read(Client(), **allowed).status_code == 200


@pytest.mark.django_db
def test_requests_are_counted_by_name_method_and_status(allowed):
    before = value_of("desk_requests_total", route="health_live", method="GET", status="200")
    Client().get("/health/live")
    after = value_of("desk_requests_total", route="health_live", method="GET", status="200")
    assert after == before + 1
    found = families(read(Client(), **allowed).content.decode())
    assert {"desk_requests", "desk_request_seconds", "desk_health_fact"} <= set(found)
    states = {
        sample.labels["state"]: sample.value
        for sample in found["desk_health_fact"].samples
        if sample.labels["fact"] == "operation.paused"
    }
    assert states == {"ok": 1.0, "late": 0.0, "broken": 0.0, "unknown": 0.0}


@pytest.mark.django_db(transaction=True)
def test_settlements_are_counted_when_they_are_committed():
    desk = make_desk()
    with run_in_office(desk.east, desk.clerk):
        person = make_person(desk.east)
        before = value_of("desk_settlements_confirmed_total")
        confirm(person, bill())
        assert value_of("desk_settlements_confirmed_total") == before + 1
        acts = value_of("desk_acts_total", verb="act.refused", outcome="refused")
        with pytest.raises(Refused):
            audit.require("user.manage")
        assert value_of("desk_acts_total", verb="act.refused", outcome="refused") == acts + 1


def test_refusals_are_counted_by_code_when_they_are_told():
    before = value_of("desk_refusals_total", code="money.empty")
    sentence(Refused("money.empty"))
    assert value_of("desk_refusals_total", code="money.empty") == before + 1


@pytest.mark.row("G1")
@pytest.mark.django_db
def test_no_label_names_a_person_an_id_or_an_address(allowed, tried):
    desk = make_desk()
    client = Client()
    client.force_login(make_user(desk.east, "clerk", username="counts"))
    with run_in_office(desk.east, desk.clerk):
        person = make_person(desk.east)
    pages = [
        f"/admin/enrollment/person/{person.pk}/change/",
        f"/no/such/{person.name}/99{'0' * 16}",
        reverse("admin:index"),
        f"/admin/desk/{person.public_id}/",
    ]
    for page in pages:
        client.get(page)
        client.generic("INVENTED", page)
    text = read(Client(), **allowed).content.decode()
    samples = [s for family in families(text).values() for s in family.samples]
    # A measured time may hold any row of digits, a label none of these.
    labels = repr([sample.labels for sample in samples])
    for told in (person.name, str(person.public_id), "99000", "/admin/", "counts", "INVENTED"):
        assert told not in labels
    routes = {sample.labels["route"] for sample in samples if "route" in sample.labels}
    assert [route for route in routes if not ROUTE.fullmatch(route)] == []
    allowed_labels = {"route", "method", "status", "le", "verb", "outcome", "code", "fact", "state"}
    ours = [sample for sample in samples if sample.name.startswith("desk_")]
    assert {label for sample in ours for label in sample.labels} <= allowed_labels
    assert metrics.REQUESTS
    tried(len(samples))

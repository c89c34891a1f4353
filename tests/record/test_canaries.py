"""G1: five people with unmistakable values walk through the product; nothing of them stays behind."""

import base64
import logging
from datetime import date
from urllib.parse import quote

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.views.debug import ExceptionReporter

from claims.models import Bill
from config.audit import services as audit
from config.celery import app as queue
from config.identity.numbers import check_character
from config.offices.acting import run_in_office
from enrollment.models import Person
from tests.claims.admin.test_desk import FIELDS, HTMX
from tests.claims.api.conftest import Caller, make_token
from tests.factories.acts import recorded
from tests.factories.claims import bill, confirm, correct, current
from tests.factories.enrollment import make_cover
from tests.faults.plug import Pulled
from tests.forms import sent
from tests.record.services import SERVICES, acting_as, make_world
from tests.record.sinks import Sinks, columns_holding, forms_of

pytestmark = [pytest.mark.row("G1"), pytest.mark.django_db(transaction=True)]

SURNAMES = "麤龘靐齉爨"
BANK_CARD = "6222620910001234567"


class Canary:
    """One invented person whose every value is found at a glance wherever it stands."""

    def __init__(self, number: int) -> None:
        born_on = date(1931 + number, 2, 17)
        first_17 = f"0917{number:02d}{born_on:%Y%m%d}{970 + number}"
        self.number = first_17 + check_character(first_17)
        self.name = f"{SURNAMES[number]}麣{SURNAMES[-number - 1]}"
        self.phone = f"1997316{number:04d}"
        self.village = f"{SURNAMES[number]}龗村"

    @property
    def numbers(self) -> set[str]:
        """The values that stand in sealed columns alone, and their telling parts."""
        return {self.number, self.number[:14], self.number[6:17], self.number[6:], self.phone}

    @property
    def words(self) -> set[str]:
        """What stands in plain in the columns of the person alone."""
        return {self.name, self.village}


CANARIES = [Canary(number) for number in range(5)]
NUMBERS = {form for each in CANARIES for value in each.numbers for form in forms_of(value)}
NUMBERS |= forms_of(BANK_CARD)
WORDS = {form for each in CANARIES for value in each.words for form in {value, quote(value)}}
# Columns of the person, of its history and of what it is found by.
OF_THE_PERSON = {
    ("enrollment_person", "name"),
    ("enrollment_person", "village"),
    ("enrollment_personevent", "name"),
    ("enrollment_personevent", "village"),
    ("enrollment_personsearchkey", "key"),
}


@pytest.fixture
def world(settings, tmp_path):
    settings.IS_DEMONSTRATION = True
    settings.MEDIA_ROOT = tmp_path / "files"
    return make_world()


def walk(world, sinks):
    """Go through every journey with every canary, by page and by interface."""
    client = Client(raise_request_exception=False)
    client.force_login(world.clerk)
    _token, text = make_token(world.east, world.hospital)
    for canary in CANARIES:
        person = at_the_desk(world, sinks, client, canary)
        for response in through_the_interface(Caller(text), canary):
            sinks.see(response)
        settle(world, sinks, client, canary, person)


def at_the_desk(world, sinks, client, canary):
    typed = {
        "name": canary.name,
        "id_kind": "resident_id",
        "number": canary.number,
        "phone_number": canary.phone,
        "village": canary.village,
    }
    add, search = reverse("admin:enrollment_person_add"), reverse("admin:claims_desk_search")
    sinks.see(sent(client, add, {**typed, "village": canary.phone}))
    sinks.see(sent(client, add, typed))
    sinks.see(sent(client, add, typed))
    with run_in_office(world.east, world.clerk):
        person = Person.objects.get(name=canary.name)
        make_cover(person)
    for asked in (canary.number, canary.phone, canary.number[-4:], canary.name):
        sinks.see(client.post(search, {"text": asked}))
        sinks.see(client.get(reverse("admin:search"), {"s": canary.number[-4:]}))
    for reason in ("核对证件", f"见{canary.number}"):
        sinks.see(
            client.post(
                reverse("admin:claims_desk_reveal", args=[person.public_id]),
                {"reason": reason, "purpose": "card_check"},
            )
        )
    # A hurried clerk types the number, the phone and a bank card into whatever has the focus.
    for field in FIELDS:
        for value in (canary.number, canary.phone, BANK_CARD):
            sinks.see(
                client.post(
                    reverse("admin:claims_desk_live", args=[person.public_id]),
                    {**FIELDS, "mode": "", field: value},
                    **HTMX,
                )
            )
    for name in (canary.number, canary.phone):
        sinks.see(Client().post(reverse("admin:login"), {"username": name, "password": name}))
    return person


def through_the_interface(caller, canary):
    yield caller.coverage(canary.number)
    yield caller.preview(canary.number)
    settled = caller.settle(canary.number)
    yield settled
    yield caller.preview(canary.number + "1")
    yield caller.coverage(canary.phone)
    if settled.status_code < 300:
        setl_id = settled.json()["setl_id"]
        yield caller.statement(setl_id)
        yield caller.reverse(setl_id, reason=canary.number)
        yield caller.reverse(setl_id)


def settle(world, sinks, client, canary, person):
    with run_in_office(world.east, world.clerk):
        entered = confirm(person, bill())
        correct(entered, bill(total_fen=40_000_00))
        version = current(entered)
    for page in (
        reverse("admin:claims_desk_person", args=[person.public_id]),
        reverse("admin:claims_desk_bill", args=[entered.public_id]),
        reverse("admin:claims_statement", args=[version.public_id]),
        reverse("admin:claims_why", args=[version.public_id]),
        reverse("admin:enrollment_person_changelist"),
        reverse("admin:enrollment_person_changelist") + "?q=" + canary.number[-4:],
        reverse("admin:enrollment_person_change", args=[person.pk]),
        reverse("admin:enrollment_person_history", args=[person.pk]),
        reverse("admin:claims_day_list"),
    ):
        sinks.see(client.get(page))
    sinks.see(client.post(reverse("admin:claims_statement_print", args=[version.public_id])))
    for reason in (canary.number, f"卡号{BANK_CARD}", "错录"):
        reversing = reverse("admin:claims_desk_reverse", args=[entered.public_id])
        sinks.see(client.post(reversing, {"reason": reason, "key": f"k{canary.phone[-1]}"}))


class Breaking:
    """Raises at the n-th statement, with a canary in its frame, as a bug in any service would."""

    def __init__(self, canary, at):
        self.canary, self.at = canary, at

    def __call__(self, execute, statement, params, many, context):
        self.at -= 1
        if self.at == 0:
            number, name = self.canary.number, self.canary.name
            raise Pulled(f"{len(name)} {number}")
        return execute(statement, params, many, context)


def break_every_service(world, sinks):
    """Raise in every service at some statement, and report it as the product reports."""
    for place, (name, service) in enumerate(SERVICES.items()):
        canary = CANARIES[place % len(CANARIES)]
        with acting_as(world, service), connection.execute_wrapper(Breaking(canary, 1)):
            try:
                service.act(world)
            except Exception:
                logging.getLogger(name).exception("%s failed for %s", name, canary.number)
                sinks.put("broken", name)


def break_the_pages(world, sinks):
    """Raise while a page works on a person: the framework reports it."""
    client = Client(raise_request_exception=False)
    client.force_login(world.clerk)
    for canary in CANARIES:
        for at in (6, 9, 12, 15):
            with connection.execute_wrapper(Breaking(canary, at)):
                sinks.see(client.post(reverse("admin:claims_desk_search"), {"text": canary.number}))
                sinks.see(
                    client.post(
                        reverse("admin:enrollment_person_add"),
                        {"name": canary.name, "id_kind": "resident_id", "number": canary.number},
                    )
                )


@pytest.fixture(autouse=True)
def _empty_cache():
    """What another test planted, or the control here, is no leak of this walk."""
    cache.clear()
    yield
    cache.clear()


def test_nothing_of_five_people_stays_where_it_does_not_belong(world, tried):
    sinks = Sinks()
    with sinks.watching():
        walk(world, sinks)
        break_every_service(world, sinks)
        break_the_pages(world, sinks)
    texts = sinks.collect()
    # The journeys did happen, and were watched.
    # A look writes on the other connection.
    acts = {name for name, service in SERVICES.items() if not service.is_look}
    assert set(texts.pop("broken").splitlines()) >= acts
    with run_in_office(world.east, world.clerk):
        assert Bill.objects.filter(person__name__in=[c.name for c in CANARIES]).count() == 10
    assert {sink for sink, text in texts.items() if text.strip()} >= {
        "log", "addresses", "titles", "error reports", "error answers", "sessions", "cache",
    }  # fmt: skip
    found = {
        (sink, needle)
        for sink, text in texts.items()
        for needle in NUMBERS | WORDS
        if needle in text
    }
    assert (found, columns_holding(NUMBERS), columns_holding(WORDS)) == (
        set(),
        set(),
        OF_THE_PERSON,
    )
    tried(len(NUMBERS | WORDS) * (len(texts) + 1))


@pytest.mark.parametrize(
    "sink",
    ["log", "addresses", "titles", "file names", "sessions", "cache", "queue", "error reports"],
)
def test_a_planted_leak_is_found_in_each_sink(world, sink, monkeypatch):
    """The control: what the test above reads would have told."""
    number, sinks = CANARIES[0].number, Sinks()
    with sinks.watching():
        plant(sink, number, sinks, monkeypatch, world)
    text = sinks.collect().get(sink, "")
    assert any(form in text for form in forms_of(number))


def plant(sink, number, sinks, monkeypatch, world):
    handler = next(h for h in logging.getLogger().handlers if h.filters)
    if sink == "log":
        monkeypatch.setattr(handler, "filters", [])
        logging.getLogger("planted").debug("found %s", number)
    elif sink in {"addresses", "titles", "file names"}:
        sinks.see(planted_answer(number))
    elif sink == "sessions":
        session = SessionStore()
        session["text"] = number
        session.save()
    elif sink == "cache":
        cache.set("planted", number)
    elif sink == "queue":
        queue.send_task("planted", kwargs={"number": base64.b64encode(number.encode()).decode()})
    else:
        sinks.reporter = ExceptionReporter
        break_the_pages(world, sinks)


def planted_answer(number):
    response = Client().get(reverse("admin:login"), {"q": number})
    response.content = f"<title>{number}</title>"
    response.headers["Content-Disposition"] = f'attachment; filename="{number}.pdf"'
    return response


def test_a_planted_leak_is_found_in_each_kind_of_column(world, tried):
    number = CANARIES[0].number
    planted = {
        ("claims_settlementdraft", "sealed_payload"): number,
        ("enrollment_person", "village"): base64.b64encode(b"." + number.encode()).decode(),
    }
    with run_in_office(world.east, world.clerk), recorded(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO claims_settlementdraft (office_id, user_id, person_id, updated_at,"
            " sealed_payload) VALUES (%s, %s, %s, now(), %s)",
            [world.east.pk, world.clerk.pk, world.person.pk, number],
        )
        cursor.execute(
            "UPDATE enrollment_person SET village = %s WHERE id = %s",
            [planted["enrollment_person", "village"], world.person.pk],
        )
        audit.record("row.changed", world.person, fields=[number])
    found = columns_holding(forms_of(number))
    assert found >= set(planted) | {("audit_auditevent", "payload")}
    tried(3)


def test_the_server_of_the_database_logs_an_error_without_its_row(world, tried):
    """And the planted leak: what an error says in its first line is logged and found."""
    sinks, canary = Sinks(), CANARIES[0]
    with sinks.watching(), run_in_office(world.east, world.clerk):
        for statement in (
            "UPDATE enrollment_person SET name = %s, died_on = '1800-01-01'",
            "SELECT %s::date",
        ):
            with pytest.raises(Exception, match=r"person_dies|date") as error, transaction.atomic():
                connection.cursor().execute(statement, [canary.name])
            sinks.put("errors", error.value)
            sinks.put("errors", repr(error.value.__cause__))
    log = sinks.collect()["server log"]
    assert "person_dies_after_birth" in log
    assert log.count(canary.name) == 1
    assert "DETAIL" not in log
    assert "DETAIL" not in sinks.collect()["errors"]
    tried(2)

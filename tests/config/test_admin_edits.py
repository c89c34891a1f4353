"""Two people edit one row: the second is refused and shown both; one form sent twice counts once."""

import random
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Barrier

import pytest
from django.contrib import admin
from django.db import connections
from django.test import Client
from django.urls import reverse

from claims.models import ApiToken, Facility
from claims.services.api_token import api_token_create
from config import calendar
from config.admin_edits import GuardedEdits, _differences_of
from config.audit.models import ActKey, AuditEvent
from config.offices.acting import run_in_office
from config.offices.models import Office, User
from config.policy.models import PolicyDocument
from enrollment.models import Person, ReadingKind, ReadingNotice
from tests.claims.conftest import make_desk
from tests.factories.acts import recorded
from tests.factories.enrollment import make_person
from tests.factories.offices import make_user
from tests.forms import hidden_fields

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
pytestmark = pytest.mark.django_db(transaction=True)


def _token(desk):
    with run_in_office(desk.east, roles=["administrator"]):
        return api_token_create(desk.hospital, "示例系统")[0]


def _document(_desk):
    with recorded():
        return PolicyDocument.objects.create(
            number="示例1号", title="示例", issuer="示例", issued_on=date(2026, 1, 1)
        )


def _notice(desk):
    now = calendar.now()
    with run_in_office(desk.east, desk.clerk), recorded():
        return ReadingNotice.objects.create(
            office=desk.east, reader=desk.clerk, kind=ReadingKind.values[0], hour_at=now, limit=1,
            at=now,
        )  # fmt: skip


def _person(desk):
    with run_in_office(desk.east, desk.clerk):
        return make_person(desk.east)


# Every page with a form over rows: a row, who edits it, and a field with two new values.
EDITED = {
    Person: (_person, "clerk", "east", "village", ("示例一村", "示例二村")),
    Facility: (lambda desk: desk.hospital, "policy_desk", "pool", "name", ("甲医院", "乙医院")),
    Office: (
        lambda desk: desk.east,
        "administrator",
        "pool",
        "address",
        ("示例路1号", "示例路2号"),
    ),
    User: (lambda desk: desk.clerk, "administrator", "pool", "full_name", ("示例甲", "示例乙")),
    PolicyDocument: (_document, "policy_desk", "pool", "issuer", ("示例局", "示例委")),
    ReadingNotice: (_notice, "supervisor", "east", "answer", ("下乡集中登记", "年度集中参保")),
    ApiToken: (_token, "administrator", "east", "is_revoked", ("on", "on")),
}
# Forms outside those pages that keep no key, and why a repeat does no harm.
WITHOUT_KEY = {
    "admin/policy/register.html": "the same content is registered once",
    "claims/desk/frame.html": "a search changes nothing",
    "claims/desk/calculator.html": "a calculation changes nothing",
    "claims/desk/reveal.html": "every look is a look, and recorded as one",
    "claims/desk/crossings.html": "a question changes nothing, and every one is recorded",
    "claims/desk/crossing_case.html": "a case leaves a state once; the second is refused",
    "claims/desk/crossing_receipt.html": "a receipt printed again says the same",
    "runs/run.html": "a run leaves a state once; the second is refused",
    "admin/health/page.html": "one person confirms once; the second is refused",
    "admin/sign_in/form.html": "the same appointment is one, a code replaces the one before",
    "admin/sign_in/deputies.html": "an appointment ends once; the second is refused",
    "admin/sign_in/own.html": "new codes replace those before; the office is chosen, not added",
    "sign_in/password.html": "signing in stores nothing twice",
    "sign_in/code.html": "a code is used up once",
    "sign_in/enrol.html": "a person has one device",
    "claims/desk/bar.html": "sends the form of the entry, which carries the key",
}


@pytest.fixture
def desk(db):
    return make_desk()


def pages_with_forms():
    return {
        model: page
        for model, page in admin.site._registry.items()
        if (page.add_act or page.change_act) and model._meta.app_label != "auth"
    }


def two_people(desk, role, office):
    place = desk.offices.pool if office == "pool" else desk.east
    clients = []
    for number in (1, 2):
        client = Client()
        client.force_login(make_user(place, role, username=f"{role}-{number}"))
        clients.append(client)
    return clients


def filled(client, page):
    """Open a page; returns everything its form would send if nobody typed anything."""
    shown = client.get(page)
    assert shown.status_code == 200
    fields = {name: shown.context[name] for name in ("request_key", "rows_seen")}
    forms = [shown.context["adminform"].form]
    for each in shown.context["inline_admin_formsets"]:
        formset = each.formset
        prefix = formset.prefix
        fields |= {
            f"{prefix}-{name}": formset.management_form[name].value()
            for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
        }
        forms += formset.forms
    for form in forms:
        for bound in form:
            value = bound.value()
            if value not in (None, "", False):
                fields[bound.html_name] = "on" if value is True else str(value)
    return fields


@pytest.mark.row("A6")
def test_every_form_over_rows_is_guarded_and_tried_here(tried):
    pages = pages_with_forms()
    assert all(isinstance(page, GuardedEdits) for page in pages.values())
    assert {model for model, page in pages.items() if page.change_act} == set(EDITED)
    assert [page for page in admin.site._registry.values() if page.list_editable] == []
    tried(len(pages))


@pytest.mark.row("A6")
@pytest.mark.parametrize("model", EDITED, ids=lambda model: model.__name__)
def test_the_second_save_is_refused_and_shows_both(desk, model):
    make, role, office, field, (first, second) = EDITED[model]
    row = make(desk)
    page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk])
    one, two = two_people(desk, role, office)
    of_one, of_two = filled(one, page), filled(two, page)
    assert one.post(page, {**of_one, field: first}).status_code == 302
    answer = two.post(page, {**of_two, field: second}, headers={"accept-language": "zh-hans"})
    if model is ReadingNotice:  # answered once, it is closed to everybody
        assert answer.status_code == 403
        with run_in_office(desk.east, desk.supervisor):
            assert ReadingNotice.objects.get(pk=row.pk).answer == first
        return
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "您打开本页后，他人已修改该记录" in text
    if model is not ApiToken:  # that ends, and cannot be edited again
        typed_and_now = {
            (str(typed), str(now)) for _l, typed, now in answer.context["edit_differences"]
        }
        assert (second, first) in typed_and_now
        # Having seen both, the second may decide.
        again = {**of_two, field: second}
        again |= {name: answer.context[name] for name in ("request_key", "rows_seen")}
        assert two.post(page, again).status_code == 302


@pytest.mark.row("A6")
def test_a_row_added_on_the_page_of_another_is_seen(desk):
    person = _person(desk)
    page = reverse("admin:enrollment_person_change", args=[person.pk])
    one, two = two_people(desk, "clerk", "east")
    of_one, of_two = filled(one, page), filled(two, page)
    added = {
        "category_spells-TOTAL_FORMS": "1",
        "category_spells-0-category": "minimum_living",
        "category_spells-0-from_on": "2025-01-01",
        "category_spells-0-person": str(person.pk),
    }
    assert one.post(page, {**of_one, **added}).status_code == 302
    answer = two.post(page, {**of_two, "village": "示例村"})
    assert answer.status_code == 200
    assert any(typed == "" for _label, typed, _now in answer.context["edit_differences"])


def silent_overwrites(desk, tries, seed):
    """Let two clerks save the same person at once; returns how often both were stored."""
    draw, silent = random.Random(seed), 0
    clients = two_people(desk, "clerk", "east")
    for number in range(tries):
        page = reverse("admin:enrollment_person_change", args=[_person(desk).pk])
        field = draw.choice(("village", "township", "name"))
        forms = [
            {**filled(client, page), field: f"示例{sign}"}
            for client, sign in zip(clients, "甲乙", strict=True)
        ]
        start = Barrier(2)

        def save(which, forms=forms, page=page, start=start):
            try:
                start.wait(20)
                return clients[which].post(page, forms[which]).status_code
            finally:
                connections.close_all()

        with ThreadPoolExecutor(2) as pool:
            answers = sorted(pool.map(save, range(2)))
        silent += answers.count(302) != 1
        assert answers == [200, 302] or answers == [302, 302], (number, answers)
    return silent


@pytest.mark.row("A6")
def test_of_two_saves_at_once_one_is_stored(desk, seed, tried):
    assert silent_overwrites(desk, 10, seed) == 0
    tried(10)


@pytest.mark.row("A6")
@pytest.mark.nightly
def test_of_three_hundred_pairs_of_saves_one_each_is_stored(desk, seed, tried):
    assert silent_overwrites(desk, 300, seed) == 0
    tried(300)


@pytest.mark.row("A6")
def test_without_the_comparison_the_second_save_overwrites(desk, seed, monkeypatch):
    """The control: pages that do not compare let the second clerk overwrite the first."""
    monkeypatch.setattr(GuardedEdits, "_refuse_unseen", lambda *_args: None)
    assert silent_overwrites(desk, 3, seed) == 3


@pytest.mark.row("A6")
def test_a_page_without_what_it_showed_stores_nothing(desk):
    person = _person(desk)
    page = reverse("admin:enrollment_person_change", args=[person.pk])
    one, _two = two_people(desk, "clerk", "east")
    fields = filled(one, page)
    del fields["rows_seen"]
    assert one.post(page, {**fields, "village": "x"}).status_code == 200
    with run_in_office(desk.east, desk.clerk):
        assert Person.objects.get(pk=person.pk).village == ""


@pytest.mark.row("A4")
def test_a_form_sent_twice_is_applied_once(desk):
    client, _other = two_people(desk, "policy_desk", "pool")
    page = reverse("admin:claims_facility_add")
    fields = {
        **filled(client, page),
        "code": "H99000000009",
        "name": "示例医院",
        "region_code": "990000",
    }
    first = client.post(page, fields)
    second = client.post(page, fields)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    assert Facility.objects.filter(code="H99000000009").count() == 1
    changed = client.post(page, {**fields, "name": "另一家"})
    assert changed.status_code == 200
    assert Facility.objects.get(code="H99000000009").name == "示例医院"
    with run_in_office(desk.offices.pool, roles=["auditor"]):
        assert AuditEvent.objects.filter(verb="facility.changed").count() == 1


@pytest.mark.row("A4")
def test_a_token_is_made_once_and_its_text_is_shown_once(desk):
    client, _other = two_people(desk, "administrator", "east")
    page = reverse("admin:claims_apitoken_add")
    fields = {**hidden_fields(client, page), "facility": desk.hospital.pk, "name": "示例系统"}
    assert client.post(page, fields).status_code == 200
    repeated = client.post(page, fields)
    assert repeated.status_code == 302
    with run_in_office(desk.east, roles=["administrator"]):
        token = ApiToken.objects.get()
        assert repeated["Location"].endswith(f"/{token.pk}/change/")
        assert "mid_" not in str(list(ActKey.objects.values_list("result", flat=True)))


@pytest.mark.row("A4")
def test_every_form_that_is_posted_carries_a_key():
    posting = re.compile(r'method="post"|hx-post')
    keys = re.compile(r'name="(key|request_key)"')
    without = set()
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        forms = len(posting.findall(re.sub(r'method="post"[^>]*hx-post', 'method="post"', text)))
        if forms > len(keys.findall(text)):
            without.add(str(path.relative_to(TEMPLATES)))
    assert without == set(WITHOUT_KEY)


def test_differences_leave_out_what_must_not_be_shown():
    from django import forms

    class Form(forms.Form):
        password = forms.CharField(widget=forms.PasswordInput)
        level = forms.ChoiceField(choices=[("1", "甲"), ("2", "乙")])

    form = Form({"password": "x", "level": "2"}, initial={"level": "1"})
    assert [tuple(map(str, each)) for each in _differences_of(form)] == [("Level", "乙", "甲")]

"""Persons in the admin: registered and changed by the services, found without a number."""

from datetime import date

import pytest
from django.urls import reverse, reverse_lazy

from config.offices.acting import run_in_office
from enrollment.models import CategorySpell, CoverageSpell, Person
from enrollment.services.person import PersonInput, person_register
from tests.enrollment.services.test_person import BORN, NUMBER
from tests.forms import sent

ADD = reverse_lazy("admin:enrollment_person_add")
LIST = reverse_lazy("admin:enrollment_person_changelist")


@pytest.fixture
def signed_in(client, desk):
    client.force_login(desk.clerk)
    return client


@pytest.fixture
def registered(desk):
    with run_in_office(desk.east, desk.clerk):
        return person_register(PersonInput("朱秀梅", NUMBER))


def typed(**changes):
    return {"name": "朱秀梅", "id_kind": "resident_id", "number": NUMBER} | changes


def empty_inlines(**changes):
    prefixes = ("coverage_spells", "category_spells", "certifications")
    forms = {
        f"{prefix}-{name}": "0"
        for prefix in prefixes
        for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
    }
    return forms | changes


def test_a_clerk_registers_a_person(signed_in, desk):
    answer = sent(signed_in, ADD, typed())
    assert answer.status_code == 302, answer.context["errors"]
    with run_in_office(desk.east, desk.clerk):
        person = Person.objects.get()
    assert (person.birth_on, person.id_last4, person.office) == (BORN, NUMBER[-4:], desk.east)


def test_mistakes_stand_at_their_fields(signed_in):
    answer = sent(signed_in, ADD, typed(number="123", phone_number="1"))
    form = answer.context["adminform"].form
    assert set(form.errors) == {"number", "phone_number"}


def test_a_number_of_another_office_is_refused_without_naming_it(signed_in, desk):
    with run_in_office(desk.offices.west, roles=["clerk"]):
        person_register(PersonInput("别人", NUMBER))
    answer = sent(signed_in, ADD, typed(village="示例村"))
    assert "别人" not in answer.content.decode()
    form = answer.context["adminform"].form
    assert list(form.errors) == ["number"]
    assert form["village"].value() == "示例村"
    with run_in_office(desk.east, desk.clerk):
        assert not Person.objects.exists()


def test_cover_and_categories_are_added_on_the_card(signed_in, desk, registered):
    spells = {
        "coverage_spells-TOTAL_FORMS": "1",
        "coverage_spells-0-status": "covered",
        "coverage_spells-0-grade": "grade_1",
        "coverage_spells-0-from_on": "2025-01-01",
        "category_spells-TOTAL_FORMS": "1",
        "category_spells-0-category": "minimum_living",
        "category_spells-0-from_on": "2025-02-01",
    }
    page = reverse("admin:enrollment_person_change", args=[registered.pk])
    answer = sent(signed_in, page, empty_inlines(name="朱秀妹", **spells))
    assert answer.status_code == 302, answer.context["errors"]
    with run_in_office(desk.east, desk.clerk):
        assert Person.objects.get().name == "朱秀妹"
        assert CoverageSpell.objects.get().from_on == date(2025, 1, 1)
        assert CategorySpell.objects.get().category == "minimum_living"


def test_the_list_finds_names_and_initials_and_no_number(signed_in, registered):
    for text in ("朱秀", "zxm"):
        assert "朱秀梅" in signed_in.get(LIST, {"q": text}).content.decode()
    for text in (NUMBER, NUMBER[-4:]):
        assert "朱秀梅" not in signed_in.get(LIST, {"q": text}).content.decode()


def test_no_page_shows_the_number(signed_in, registered):
    card = signed_in.get(reverse("admin:enrollment_person_change", args=[registered.pk]))
    for page in (signed_in.get(LIST), card):
        text = page.content.decode()
        assert f"****{NUMBER[-4:]}" in text
        assert NUMBER not in text
        assert NUMBER[:14] not in text
        assert BORN.isoformat() not in text


def test_a_refused_spell_leaves_the_card_as_it_was_typed(signed_in, desk, registered):
    twice = {"coverage_spells-TOTAL_FORMS": "2"}
    for row in "01":
        twice |= {
            f"coverage_spells-{row}-status": "covered",
            f"coverage_spells-{row}-grade": "grade_1",
            f"coverage_spells-{row}-from_on": "2025-01-01",
        }
    page = reverse("admin:enrollment_person_change", args=[registered.pk])
    answer = sent(signed_in, page, empty_inlines(name="朱秀妹", **twice))
    assert answer.status_code == 200
    assert answer.context["adminform"].form["name"].value() == "朱秀妹"
    with run_in_office(desk.east, desk.clerk):
        assert not CoverageSpell.objects.exists()
        assert Person.objects.get().name == "朱秀梅"

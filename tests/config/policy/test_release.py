"""Releases: registered once, put in force by a named person on a document, refused on doubt."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from config import calendar
from config.audit.models import AuditEvent
from config.errors import NotKnown, Refused
from config.offices.acting import run_in_office
from config.offices.models import Office
from config.policy import selectors, services
from config.policy.files import pack_of_files
from config.policy.models import PolicyDocument, PolicyRelease, ReleaseActivation
from tests.factories.offices import make_offices, make_user
from tests.forms import sent

LAW = "230800_jiamusi"
INVENTED = "990000_qinghe"
DAY = date(2026, 1, 1)


@pytest.fixture
def offices(db):
    return make_offices()


@pytest.fixture
def desk(offices):
    return make_user(offices.pool, "policy_desk")


@pytest.fixture
def document(db):
    return PolicyDocument.objects.create(
        number="示例〔2026〕1号", title="示例", issuer="示例", issued_on=DAY
    )


@pytest.fixture
def acting(offices, desk):
    with run_in_office(offices.pool, desk):
        yield


def test_the_same_files_are_registered_once(acting):
    first = services.policy_release_register(LAW)
    assert services.policy_release_register(LAW) == first
    assert (first.kind, first.digest) == ("law", pack_of_files(LAW).digest)
    assert AuditEvent.objects.filter(verb="release.registered").count() == 1


def test_an_activation_names_person_day_and_document(acting, desk, document):
    release = services.policy_release_register(LAW)
    services.policy_release_activate(release, DAY, document)
    activation = ReleaseActivation.objects.get()
    assert (activation.activated_by, activation.document) == (desk, document)
    event = AuditEvent.objects.get(verb="release.activated")
    assert event.payload["document"] == document.number
    assert selectors.active_release(LAW) == (release.pk, release.digest)
    assert selectors.active_tree(LAW).pack.digest == release.digest


def test_law_needs_a_document(acting):
    release = services.policy_release_register(LAW)
    with pytest.raises(Refused) as error:
        services.policy_release_activate(release, DAY, None)
    assert error.value.code == "policy.release.document_missing"


def test_invented_values_run_only_in_a_demonstration(acting, settings):
    release = services.policy_release_register(INVENTED)
    settings.IS_DEMONSTRATION = False
    with pytest.raises(Refused) as error:
        services.policy_release_activate(release, DAY, None)
    assert error.value.code == "policy.release.demonstration_only"
    settings.IS_DEMONSTRATION = True
    services.policy_release_activate(release, DAY, None)
    assert selectors.active_release(INVENTED) == (release.pk, release.digest)


def test_other_roles_do_not_activate(offices, acting, document):
    release = services.policy_release_register(LAW)
    with run_in_office(offices.pool, roles=["supervisor"]), pytest.raises(Refused):
        services.policy_release_activate(release, DAY, document)


def test_without_an_activation_nothing_is_settled(acting):
    services.policy_release_register(LAW)
    with pytest.raises(NotKnown) as error:
        selectors.active_tree(LAW)
    assert error.value.code == "policy.release.none_active"


def test_the_latest_first_day_counts_and_then_the_later_decision(acting, document):
    first = services.policy_release_register(LAW)
    other = PolicyRelease.objects.create(
        region=LAW, digest="0" * 64, kind="law", content=first.content
    )

    def activate(release, day):
        return services.policy_release_activate(release, day, document)

    a = activate(first, date(2026, 1, 1))
    b = activate(other, date(2026, 12, 1))
    c = activate(first, date(2026, 11, 1))
    d = activate(other, date(2026, 11, 1))
    in_force = selectors.activation_in_force
    assert in_force(LAW, date(2025, 12, 31)) is None
    assert in_force(LAW, date(2026, 10, 31)) == a
    assert in_force(LAW, date(2026, 11, 1)) == d
    assert in_force(LAW, date(2026, 12, 1)) == b
    assert c not in {a, b, d}


def test_a_process_with_other_files_refuses(acting, document):
    release = services.policy_release_register(LAW)
    other = PolicyRelease.objects.create(
        region=LAW, digest="0" * 64, kind="law", content=release.content
    )
    services.policy_release_activate(other, DAY, document)
    with pytest.raises(Refused) as error:
        selectors.active_tree(LAW)
    assert error.value.code == "policy.release.files_differ"


def test_the_command_registers_and_activates_once(offices, settings):
    settings.IS_DEMONSTRATION = True
    Office.objects.update(region=INVENTED)
    for _again in range(2):
        call_command("policy_register", INVENTED, "--activate", "2021-01-01", stdout=StringIO())
    assert ReleaseActivation.objects.count() == 1
    assert ReleaseActivation.objects.get().activated_by is None
    with pytest.raises(CommandError, match=LAW):
        call_command("policy_register", LAW)


@pytest.fixture
def pages(offices, desk):
    client = Client()
    client.force_login(desk)
    return client


def test_the_policy_desk_registers_and_activates_by_page(pages, document):
    answer = pages.get(reverse("admin:policy_register"))
    assert LAW in answer.content.decode()
    pages.post(reverse("admin:policy_register"), {"region": LAW})
    release = PolicyRelease.objects.get()
    page = reverse("admin:policy_activate", args=[release.pk])
    wrong = sent(pages, page, {"active_from": "2026-01-01", "document_number": "none"})
    assert set(wrong.context["form"].errors) == {"document_number", "is_confirmed"}
    assert not ReleaseActivation.objects.exists()
    sent(
        pages,
        page,
        {"active_from": "2026-01-01", "document_number": document.number, "is_confirmed": "on"},
    )
    assert ReleaseActivation.objects.get().active_from == DAY
    for name in ("policy_policyrelease_changelist", "policy_policydocument_changelist"):
        assert pages.get(reverse(f"admin:{name}")).status_code == 200
    change = reverse("admin:policy_policyrelease_change", args=[release.pk])
    assert document.number in pages.get(change).content.decode()


def test_values_are_shown_with_their_clause_to_every_role(pages, offices, acting, document):
    release = services.policy_release_register(LAW)
    services.policy_release_activate(release, calendar.today(), document)
    for role in ("clerk", "reviewer", "supervisor", "administrator"):
        client = Client()
        client.force_login(make_user(offices.east, role))
        answer = client.get(
            reverse("admin:policy_values"),
            {"region": LAW, "key": "catastrophic.brackets", "day": "2022-06-01"},
        )
        entries = answer.context["entries"]
        assert entries
        assert {entry.key for entry in entries} == {"catastrophic.brackets"}
        assert all(entry.start <= date(2022, 6, 1) <= entry.last for entry in entries)
        assert client.get(reverse("admin:policy_register")).status_code == 403
        assert client.get(reverse("admin:policy_activate", args=[release.pk])).status_code == 403


def test_the_day_starts_inside_the_known_days(pages, acting, document):
    release = services.policy_release_register(LAW)
    services.policy_release_activate(release, DAY, document)
    answer = pages.get(reverse("admin:policy_values"))
    assert answer.context["day"] == date(2022, 12, 31)
    assert answer.context["entries"]


def test_a_registered_release_can_be_read_before_it_is_in_force(pages, acting):
    services.policy_release_register(LAW)
    answer = pages.get(reverse("admin:policy_values"), {"region": LAW})
    assert answer.context["entries"]
    assert not answer.context["release"].is_in_force
    assert "尚未施行" in answer.content.decode()

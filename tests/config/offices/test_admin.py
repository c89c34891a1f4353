"""The administrator's pages: accounts, roles and offices, each change with its event."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from config import calendar
from config.audit.models import AuditEvent
from config.offices.acting import run_in_office
from config.offices.models import Membership, Office, User
from config.offices.roles import ALONE, ROLE_CHOICES
from tests.factories.offices import PASSWORD, make_user
from tests.forms import sent

NEW = "another-Invented-2026"


@pytest.fixture
def administrator(offices):
    return make_user(offices.east, "administrator")


@pytest.fixture
def granting(offices):
    client = Client()
    client.force_login(make_user(offices.east, "security_officer"))
    return client


@pytest.fixture
def pages(administrator):
    client = Client()
    client.force_login(administrator)
    return client


def inline(*rows, initial=0):
    data = {"memberships-TOTAL_FORMS": len(rows), "memberships-INITIAL_FORMS": initial}
    for number, row in enumerate(rows):
        data.update({f"memberships-{number}-{name}": value for name, value in row.items()})
    return data


def events(office):
    with run_in_office(office):
        return list(
            AuditEvent.objects.exclude(verb__startswith="session")
            .order_by("id")
            .values_list("verb", flat=True)
        )


def test_an_account_is_made_without_a_role_and_with_a_password_to_change(pages, offices):
    answer = sent(
        pages,
        reverse("admin:offices_user_add"),
        {"username": "wu", "full_name": "示例吴", "new_password": NEW},
    )
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    user = User.objects.get(username="wu")
    assert (user.must_change_password, user.check_password(NEW)) == (True, True)
    assert events(offices.east) == ["user.created"]


@pytest.mark.row("D8")
def test_who_keeps_accounts_grants_no_role_and_who_grants_roles_keeps_no_account(
    pages, granting, offices
):
    user = make_user(None, username="wu")
    page = reverse("admin:offices_user_change", args=[user.pk])
    row = {"user": user.pk, "office": offices.east.pk, "role": "clerk", "from_on": "2026-01-01"}
    sent(pages, page, {"username": "wu", "full_name": "示例吴", "is_active": "on", **inline(row)})
    assert not user.memberships.exists()
    told = {"username": "other", "full_name": "x", "new_password": NEW, **inline(row)}
    assert sent(granting, page, told).status_code == 302
    user.refresh_from_db()
    assert (user.username, user.full_name, user.is_active) == ("wu", "示例吴", True)
    assert user.check_password(PASSWORD)
    assert [held.role for held in user.memberships.all()] == ["clerk"]
    assert events(offices.east) == ["user.changed", "membership.granted"]
    assert granting.get(reverse("admin:offices_user_add")).status_code == 403


def test_a_weak_password_is_refused(pages):
    answer = sent(
        pages,
        reverse("admin:offices_user_add"),
        {"username": "wu", "full_name": "示例吴", "new_password": "12345", **inline()},
    )
    assert "new_password" in answer.context["adminform"].form.errors
    assert not User.objects.filter(username="wu").exists()


def test_a_role_is_ended_not_removed(granting, offices):
    user = make_user(offices.east, "clerk")
    held = user.memberships.get()
    today = calendar.today().isoformat()
    row = {"id": held.pk, "user": user.pk, "through_on": today}
    page = reverse("admin:offices_user_change", args=[user.pk])
    assert sent(granting, page, inline(row, initial=1)).status_code == 302
    held.refresh_from_db()
    assert (held.through_on.isoformat(), held.role) == (today, "clerk")
    assert user.check_password(PASSWORD)
    assert events(offices.east) == ["membership.changed"]
    assert "DELETE" not in granting.get(page).content.decode()


@pytest.mark.row("D8")
@pytest.mark.parametrize("alone", sorted(ALONE))
def test_roles_that_stand_alone_are_refused_by_form_and_table(granting, offices, alone, tried):
    """Every pair of roles, by the page and by a raw row; those that may meet are accepted."""
    for number, (other, _name) in enumerate(ROLE_CHOICES):
        user = make_user(offices.pool, other, username=f"u{number}")
        row = {"office": offices.pool.pk, "role": alone, "from_on": calendar.today()}
        asked = reverse("admin:offices_user_change", args=[user.pk])
        is_same = other == alone
        pooled = Client()
        pooled.force_login(make_user(offices.pool, "security_officer", username=f"officer{number}"))
        first = user.memberships.get()
        shown = {"id": first.pk, "user": user.pk}
        sent(pooled, asked, inline(shown, row, initial=1))
        assert user.memberships.count() == (2 if is_same else 1), other
        if not is_same:
            with pytest.raises(IntegrityError, match="membership_alone"), transaction.atomic():
                Membership.objects.create(
                    user=user, office=offices.east, role=alone, from_on=calendar.today()
                )
        tried(2)


@pytest.mark.row("D8")
def test_a_role_that_stands_alone_may_follow_another_on_the_next_day(offices):
    user = make_user(offices.east, "clerk")
    today = calendar.today()
    user.memberships.update(through_on=today)
    later = {"office": offices.east, "role": "administrator"}
    with pytest.raises(IntegrityError, match="membership_alone"), transaction.atomic():
        user.memberships.create(from_on=today, **later)
    user.memberships.create(from_on=today + timedelta(days=1), **later)


def test_roles_are_granted_in_the_own_offices_only(granting, pages, offices):
    user = make_user(None, username="wu")
    row = {"user": user.pk, "office": offices.west.pk, "role": "clerk", "from_on": "2026-01-01"}
    sent(granting, reverse("admin:offices_user_change", args=[user.pk]), inline(row))
    assert not Membership.objects.filter(office=offices.west).exists()
    stranger = make_user(offices.west, "clerk")
    page = reverse("admin:offices_user_change", args=[stranger.pk])
    for client in (granting, pages):
        assert client.get(page).status_code == 404
        assert client.post(page, {"full_name": "x"}).status_code == 404
    west = reverse("admin:offices_office_change", args=[offices.west.pk])
    assert pages.get(west).status_code == 404
    assert (
        stranger.full_name
        not in pages.get(reverse("admin:offices_user_changelist")).content.decode()
    )


def test_an_office_is_changed_with_its_event_and_history(pages, offices):
    page = reverse("admin:offices_office_change", args=[offices.township.pk])
    form = {
        "name": "示例乡",
        "name_en": "Township",
        "kind": "pool",
        "release_line_fen": "5000.00",
        "phone": "0",
    }
    assert sent(pages, page, form).status_code == 302
    changed = Office.objects.get(pk=offices.township.pk)
    assert (changed.name, changed.kind, changed.parent, changed.release_line_fen) == (
        "示例乡",
        "township",
        offices.east,
        500000,
    )
    history = pages.get(reverse("admin:offices_office_history", args=[offices.township.pk]))
    assert [event.verb for event in history.context["events"]] == ["office.changed"]


def test_there_is_no_page_to_delete(pages, offices, administrator):
    for row in (offices.township, administrator):
        name = f"admin:offices_{row._meta.model_name}_delete"
        assert pages.post(reverse(name, args=[row.pk]), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("role", ["clerk", "reviewer", "policy_desk"])
def test_other_roles_do_not_reach_accounts(offices, role):
    client = Client()
    client.force_login(make_user(offices.pool, role))
    for name in ("offices_user_changelist", "offices_user_add", "audit_auditevent_changelist"):
        assert client.get(reverse(f"admin:{name}")).status_code == 403


def test_an_auditor_reads_and_writes_nothing(offices):
    auditor = make_user(offices.pool, "auditor")
    client = Client()
    client.force_login(auditor)
    client.get(reverse("admin:index"))
    with run_in_office(offices.east):
        event = AuditEvent.objects.create(
            office=offices.east, verb="row.added", request_id="0" * 32
        )
    assert client.get(reverse("admin:audit_auditevent_changelist")).status_code == 200
    page = reverse("admin:audit_auditevent_change", args=[event.pk])
    assert client.get(page).status_code == 200
    assert client.post(page, {"reason": "x"}).status_code == 403
    change = reverse("admin:offices_user_change", args=[auditor.pk])
    assert client.get(change).status_code == 200
    assert client.post(change, {"full_name": "x"}).status_code == 403


def test_the_sidebar_shows_what_the_role_may_do(offices):
    shown = {}
    for role in ("clerk", "administrator"):
        client = Client()
        client.force_login(make_user(offices.east, role))
        context = client.get(reverse("admin:index")).context
        shown[role] = {
            item["link"] for group in context["sidebar_navigation"] for item in group["items"]
        }
    accounts, values = reverse("admin:offices_user_changelist"), reverse("admin:policy_values")
    assert (accounts in shown["clerk"], accounts in shown["administrator"]) == (False, True)
    assert values in shown["clerk"]
    assert values in shown["administrator"]

"""Every registered page answers every role as the table of roles says."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from config.offices.roles import ACTS, ROLE_CHOICES
from tests.factories.offices import make_offices, make_user

ROLES = [role for role, _name in ROLE_CHOICES]


def allowed(act, role):
    return bool(act) and role in ACTS[act]


@pytest.mark.parametrize("role", ROLES)
def test_lists_and_forms_open_for_those_who_may(db, role):
    offices = make_offices()
    office = offices.pool if role in {"auditor", "policy_desk"} else offices.east
    client = Client()
    client.force_login(make_user(office, role))
    wrong = []
    for model, page in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        may_view = allowed(page.view_act, role) or allowed(page.change_act, role)
        status = client.get(reverse(f"{name}_changelist")).status_code
        if status != (200 if may_view else 403):
            wrong.append((name, "list", status))
        status = client.get(reverse(f"{name}_add")).status_code
        if status not in {403, 404} and not allowed(page.add_act, role):
            wrong.append((name, "add", status))
        status = client.post(reverse(f"{name}_delete", args=[1])).status_code
        if status not in {302, 403, 404, 405}:
            wrong.append((name, "delete", status))
    assert wrong == []


@pytest.mark.django_db
def test_no_page_opens_without_sign_in():
    client = Client()
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
        assert client.get(reverse(name)).status_code == 302


@pytest.mark.django_db
def test_refused_and_unknown_pages_answer_in_chinese():
    client = Client()
    client.force_login(make_user(make_offices().east, "clerk"))
    refused = client.get(reverse("admin:offices_user_add"))
    unknown = client.get("/no-such-page/")
    assert (refused.status_code, unknown.status_code) == (403, 404)
    assert "无权" in refused.content.decode()
    assert "页面不存在" in unknown.content.decode()

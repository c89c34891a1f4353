"""No account ships; the first is made by command; one nobody uses is closed (E6)."""

from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from config.audit.models import AuditEvent
from config.offices.acting import run_in_office
from config.offices.models import Office, User
from config.sign_in.services.accounts import dormant_accounts_close
from config.sign_in.tasks import tidy
from tests.config.sign_in.conftest import Desk
from tests.factories.acts import recorded
from tests.factories.offices import make_user
from tests.factories.sign_in import make_device

pytestmark = [pytest.mark.django_db, pytest.mark.row("E6")]


def first(**facts):
    said = StringIO()
    asked = {"pool": "pool", "username": "first", "full_name": "示例孟", **facts}
    call_command("first_administrator", stdout=said, **asked)
    lines = dict(line.split(None, 1) for line in said.getvalue().splitlines()[:2])
    return lines["Secret"]


def test_no_account_ships(db):
    assert not User.objects.exists()
    assert not Office.objects.exists()


def test_the_first_administrator_changes_the_secret_and_enrols_a_factor(offices):
    secret = first()
    user = User.objects.get()
    assert (user.must_change_password, user.memberships.get().role) == (True, "administrator")
    device = make_device(user)
    desk = Desk().sign_in_with(user, secret, device)
    assert desk.get(reverse("admin:index")).headers["Location"] == reverse("admin:password_change")
    new = "another-Invented-2026"
    form = {"old_password": secret, "new_password1": new, "new_password2": new}
    assert desk.post(reverse("admin:password_change"), form).status_code == 302
    assert desk.is_in
    assert Desk().give_password("first", secret).status_code == 200
    with run_in_office(offices.pool):
        events = AuditEvent.objects.filter(agent="first_administrator").order_by("pk")
        assert [event.verb for event in events] == ["user.created", "membership.granted"]


def test_a_second_first_administrator_is_refused_and_a_security_officer_is_not(offices):
    first()
    with pytest.raises(CommandError):
        first(username="second")
    first(username="officer", role="security_officer")
    with pytest.raises(CommandError):
        first(username="officer2", role="security_officer")
    with pytest.raises(CommandError):
        first(username="first")
    with pytest.raises(CommandError):
        first(pool="east", username="third")


@pytest.mark.parametrize(
    ("days_unseen", "days_old", "is_closed"),
    [(89, 400, False), (91, 400, True), (None, 89, False), (None, 91, True)],
)
def test_an_account_nobody_used_for_90_days_is_closed(offices, days_unseen, days_old, is_closed):
    now = timezone.now()
    with time_machine.travel(now - timedelta(days=days_old)):
        user = make_user(offices.east, "clerk", username="lin")
    if days_unseen is not None:
        with recorded():
            User.objects.filter(pk=user.pk).update(last_seen_at=now - timedelta(days=days_unseen))
    tidy()
    user.refresh_from_db()
    assert user.is_active is not is_closed
    with run_in_office(offices.pool):
        assert AuditEvent.objects.filter(verb="user.lapsed").exists() is is_closed


def test_an_account_opened_again_with_a_new_password_stays_open(offices):
    with time_machine.travel(timezone.now() - timedelta(days=100)):
        user = make_user(offices.east, "clerk", username="lin")
    assert dormant_accounts_close() == 1
    with recorded():
        user.refresh_from_db()
        user.is_active = True
        user.set_password("another-Invented-2026")
        user.save()
    assert dormant_accounts_close() == 0

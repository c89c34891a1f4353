"""Sensitive acts ask for a code no older than five minutes (E5)."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config import calendar
from config.audit.models import AuditEvent
from config.errors import Refused
from config.offices import scope
from config.offices.acting import run_in_office
from config.sign_in.fresh_factor import require_fresh_factor
from config.sign_in.services import codes, factor
from tests.factories.offices import make_user
from tests.factories.sign_in import make_device

pytestmark = [pytest.mark.django_db, pytest.mark.row("E5")]

# Who may do it, and the page; the arguments are filled in by the test.
PAGES = (
    ("administrator", "admin:offices_user_add", ()),
    ("administrator", "admin:offices_user_change", ("person",)),
    ("security_officer", "admin:offices_user_change", ("person",)),
    ("administrator", "admin:offices_office_change", ("office",)),
    ("administrator", "admin:claims_apitoken_add", ()),
    ("administrator", "admin:sign_in_reset", ()),
    ("supervisor", "admin:sign_in_one_day_code", ()),
    ("supervisor", "admin:sign_in_deputies", ()),
    ("supervisor", "admin:sign_in_handover", ()),
)


@pytest.mark.parametrize(("role", "page", "about"), PAGES)
def test_a_page_of_a_sensitive_act_asks_for_the_code_first(offices, role, page, about, tried):
    person = make_user(offices.east, "clerk", username="wang")
    user = make_user(offices.east, role)
    device = make_device(user)
    rows = {"person": person.pk, "office": offices.township.pk}
    address = reverse(page, args=[rows[each] for each in about])
    client = Client()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client.force_login(user)
        clock.shift(timedelta(minutes=5))
        assert client.get(address).status_code == 200
        clock.shift(timedelta(seconds=1))
        for ask in (client.get, client.post):
            told = ask(address)
            assert told.status_code == 302
            assert told.headers["Location"].startswith("/admin/login/again/?next=")
            tried(1)
        again = told.headers["Location"]
        assert client.post(again, {"code": "000000"}).status_code == 200
        assert client.get(address).status_code == 302
        assert client.post(again, {"code": device.next_code()}).headers["Location"] == address
        assert client.get(address).status_code == 200
    with run_in_office(offices.east):
        refused = AuditEvent.objects.filter(verb="act.refused")
        assert [event.payload["code"] for event in refused] == ["sign_in.factor.stale"]


def test_pages_that_only_show_do_not_ask(offices):
    client = Client()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client.force_login(make_user(offices.east, "administrator"))
        clock.shift(timedelta(minutes=9))
        for page in ("offices_user_changelist", "offices_office_changelist", "sign_in_own"):
            assert client.get(reverse(f"admin:{page}")).status_code == 200


def test_a_service_refuses_a_stale_factor_and_commands_have_none(offices):
    user = make_user(offices.east, "supervisor")
    with run_in_office(offices.east, user) as acting:
        require_fresh_factor("deputy.appoint")
        facts = {"user_id": user.pk, "roles": acting.roles}
        for minutes, is_refused in ((4, False), (6, True)):
            given = calendar.now() - timedelta(minutes=minutes)
            own = scope.Scope(acting.office_id, acting.office_ids, factor_at=given, **facts)
            with scope.enter(own):
                if not is_refused:
                    require_fresh_factor("deputy.appoint")
                    continue
                for act in (
                    lambda: codes.one_day_code_issue("wang", "设备遗失"),
                    lambda: require_fresh_factor("deputy.appoint"),
                ):
                    with pytest.raises(Refused, match="stale"):
                        act()


def test_too_many_wrong_codes_end_the_session(offices):
    user = make_user(offices.east, "supervisor")
    device = make_device(user)
    client = Client()
    client.force_login(user)
    for number in range(6):
        client.post(reverse("sign_in:again"), {"code": f"{number:06d}"})
    assert client.get(reverse("admin:index")).status_code == 302
    assert factor.device_of(user) == device


def test_new_codes_on_paper_are_made_with_a_fresh_factor(offices):
    user = make_user(offices.east, "clerk")
    make_device(user)
    client = Client()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client.force_login(user)
        page = client.post(reverse("admin:sign_in_codes"))
        assert page.content.decode().count("<li><code>") == 10
        clock.shift(timedelta(minutes=6))
        assert client.post(reverse("admin:sign_in_codes")).status_code == 302
    assert codes.recovery_codes_left(user) == 10


def test_the_pages_give_a_code_for_today_and_take_a_factor_away(offices):
    lin = make_user(offices.east, "clerk", username="lin")
    make_device(lin)
    client = Client()
    client.force_login(make_user(offices.east, "supervisor"))
    form = {"username": "lin", "reason": "手机忘在家中"}
    answer = client.post(reverse("admin:sign_in_one_day_code"), form)
    assert codes.one_day_code_use(lin, answer.context["code"])
    assert client.post(reverse("admin:sign_in_reset"), form).status_code == 403
    above = Client()
    above.force_login(make_user(offices.pool, "administrator"))
    assert above.post(reverse("admin:sign_in_one_day_code"), form).status_code == 403
    assert above.post(reverse("admin:sign_in_reset"), form).status_code == 302
    assert factor.device_of(lin) is None

"""A request acts in the scope of the person signed in, and leaves nothing behind."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.http import Http404, HttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.test import Client, override_settings
from django.urls import include, path, reverse

from config import calendar
from config.audit import services as audit
from config.audit.models import AuditEvent
from config.offices import scope
from config.offices.acting import run_in_office
from config.offices.models import Membership, Office
from tests.config.offices.test_fence import event
from tests.factories.acts import recorded
from tests.factories.offices import PASSWORD, make_offices, make_user
from tests.factories.sign_in import code_of, make_device
from tests.forms import sent

pytestmark = pytest.mark.django_db(transaction=True)


def count(_request):
    return HttpResponse(str(AuditEvent.objects.filter(agent="").count()))


def count_raw(_request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_auditevent WHERE agent = ''")
        return HttpResponse(str(cursor.fetchone()[0]))


def count_while_rendering(request):
    template = engines["django"].from_string("{{ events.count }}")
    return TemplateResponse(request, template, {"events": AuditEvent.objects.filter(agent="")})


def write_and_fail(_request):
    Office.objects.update(phone="written")
    raise ValueError


def write_and_hide(_request):
    Office.objects.update(phone="written")
    raise Http404


def write_and_fail_rendering(request):
    Office.objects.update(phone="written")
    template = engines["django"].from_string("{{ broken.pk }}")
    return TemplateResponse(request, template, {"broken": Broken()})


class Broken:
    @property
    def pk(self):
        raise ValueError


urlpatterns = [
    path("count/", count),
    path("raw/", count_raw),
    path("rendered/", count_while_rendering),
    path("fail/", write_and_fail),
    path("hide/", write_and_hide),
    path("fail_rendering/", write_and_fail_rendering),
    path("who/", lambda request: HttpResponse(repr(sorted(scope.current().roles)))),
    # The pages of errors lead back to the product.
    path("", include("config.urls")),
]


def signed_in(user):
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


@pytest.fixture
def offices(db):
    made = make_offices()
    for office in (made.east, made.township, made.west):
        with run_in_office(office):
            event(office)
    return made


@pytest.fixture
def here():
    with override_settings(ROOT_URLCONF=__name__):
        yield


@pytest.mark.parametrize("address", ["/count/", "/raw/", "/rendered/"])
def test_a_request_sees_the_offices_of_its_person(offices, here, address):
    seen = {
        name: signed_in(make_user(getattr(offices, name), role)).get(address).content
        for name, role in (("pool", "auditor"), ("east", "clerk"), ("west", "clerk"))
    }
    assert seen == {"pool": b"3", "east": b"2", "west": b"1"}
    assert count_raw(None).content == b"0"


def test_without_sign_in_scoped_rows_are_not_asked_for(offices, here):
    client = Client(raise_request_exception=False)
    assert client.get("/count/").status_code == 500
    assert client.get("/raw/").content == b"0"


@pytest.mark.row("D9")
def test_a_right_taken_away_ends_the_session_with_the_next_request(offices, here):
    user = make_user(offices.east, "clerk", "supervisor")
    client = signed_in(user)
    assert client.get("/who/").content == b"['clerk', 'supervisor']"
    with recorded():
        user.memberships.filter(role="supervisor").update(
            through_on=calendar.today() - timedelta(days=1)
        )
    assert client.get("/raw/").content == b"0"
    assert client.get("/who/").status_code == 500
    client = signed_in(user)
    assert client.get("/who/").content == b"['clerk']"
    with recorded():
        Membership.objects.filter(user=user, role="clerk").update(office=offices.west)
    assert client.get("/raw/").content == b"0"
    client = signed_in(user)
    assert client.get("/count/").content == b"1"
    with recorded():
        type(user).objects.filter(pk=user.pk).update(is_active=False)
    assert client.get("/raw/").content == b"0"
    assert client.get("/who/").status_code == 500


def test_a_role_counts_from_its_day_through_its_day(offices, here):
    user = make_user(offices.east, "clerk")
    today = calendar.today()
    for from_on, through_on, status in (
        (today, None, 200),
        (today, today, 200),
        (today + timedelta(days=1), None, 500),
        (date(2020, 1, 1), today - timedelta(days=1), 500),
    ):
        with recorded():
            user.memberships.update(from_on=from_on, through_on=through_on)
        assert signed_in(user).get("/who/").status_code == status


@pytest.mark.parametrize("address", ["/fail/", "/hide/", "/fail_rendering/"])
def test_a_request_that_fails_leaves_nothing_written(offices, here, address):
    assert signed_in(make_user(offices.east, "clerk")).get(address).status_code in {404, 500}
    assert not Office.objects.filter(phone="written").exists()


def test_signed_in_pages_stay_out_of_caches(offices, here):
    response = signed_in(make_user(offices.east, "clerk")).get("/who/")
    assert response.headers["Cache-Control"] == "no-store, private"


def test_signing_in_and_out_leaves_events_and_changes_the_session(offices):
    user = make_user(offices.east, "clerk", username="lin")
    make_device(user)
    client = Client()
    login = reverse("admin:login")
    client.get(login)
    assert client.post(login, {"username": "lin", "password": "wrong"}).status_code == 200
    assert client.post(login, {"username": "nobody", "password": "x"}).status_code == 200
    response = client.post(login, {"username": "lin", "password": PASSWORD})
    assert response.headers["Location"] == reverse("sign_in:code")
    assert client.get(reverse("admin:index")).status_code == 302
    response = client.post(response.headers["Location"], {"code": code_of(user)})
    assert response.headers["Location"] == reverse("admin:index")
    cookie = response.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert client.get(reverse("admin:index")).status_code == 200
    client.post(reverse("admin:logout"))
    assert client.get(reverse("admin:index")).status_code == 302
    with run_in_office(offices.pool):
        found = AuditEvent.objects.filter(verb__startswith="session").order_by("id")
        assert [(e.verb, e.actor, e.office.code) for e in found] == [
            ("session.refused", user, "east"),
            ("session.refused", None, "pool"),
            ("session.opened", user, "east"),
            ("session.closed", user, "east"),
        ]


def test_a_person_without_a_role_cannot_sign_in(offices):
    make_user(None, username="stranger")
    answer = Client().post(reverse("admin:login"), {"username": "stranger", "password": PASSWORD})
    assert answer.status_code == 200
    assert not answer.wsgi_request.user.is_authenticated


def test_a_password_set_by_someone_else_is_changed_first(offices):
    user = make_user(offices.east, "clerk", must_change_password=True)
    client = signed_in(user)
    change = reverse("admin:password_change")
    assert client.get(reverse("admin:index")).headers["Location"] == change
    new = "another-Invented-2026"
    form = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert sent(client, change, form).status_code == 302
    assert client.get(reverse("admin:index")).status_code == 200
    with run_in_office(offices.east):
        assert AuditEvent.objects.filter(verb="password.changed", actor=user).count() == 1


def test_the_palette_does_not_take_numbers(offices):
    client = signed_in(make_user(offices.east, "clerk"))
    assert client.get(reverse("admin:search"), {"s": "11010119"}).content == b""


def test_a_refused_act_of_a_request_is_on_record(offices, here):
    user = make_user(offices.east, "clerk")

    def refuse(_request):
        audit.require("settlement.release")

    urlpatterns.append(path("refuse/", refuse))
    signed_in(user).get("/refuse/")
    with run_in_office(offices.east):
        assert AuditEvent.objects.get(verb="act.refused").actor == user


def test_the_language_of_the_account_goes_before_the_browser(offices):
    for language in ("en", "zh-hans"):
        user = make_user(offices.east, "clerk", username=f"lin-{language}", language=language)
        answer = signed_in(user).get(reverse("admin:index"), headers={"accept-language": "fr"})
        assert answer.headers["Content-Language"] == language

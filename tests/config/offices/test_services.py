"""Standing in for one another: deputies, and handing over open work."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from claims.models import SettlementDraft
from claims.services.open_work import DRAFTS, HELD, SENT_BACK
from claims.services.send_back import settlement_send_back
from claims.services.settlement import settlement_release
from config import calendar
from config.audit.models import AuditEvent
from config.errors import DomainError
from config.offices.acting import run_in_office
from config.offices.models import Deputy
from config.offices.open_work import kinds
from config.offices.selectors import rights_today, scope_of
from config.offices.services import deputy_appoint, deputy_end, work_hand_over
from tests.claims.conftest import make_desk
from tests.factories.claims import confirm, current
from tests.factories.enrollment import make_person
from tests.factories.offices import make_user

pytestmark = pytest.mark.django_db
REASON = "复核员休假"


@pytest.fixture
def desk(db):
    return make_desk()


def days(first=0, last=5):
    today = calendar.today()
    return today + timedelta(days=first), today + timedelta(days=last)


def appoint(desk, by=None, **facts):
    asked = {
        "username": desk.clerk.username,
        "instead_of": desk.reviewer.username,
        "role": "reviewer",
        "days": days(),
        "reason": REASON,
        **facts,
    }
    with run_in_office(desk.east, by or desk.supervisor):
        return deputy_appoint(**asked)


def roles_of(user, day=0):
    with calendar.clock_at(calendar.today() + timedelta(days=day)):
        return {right.role for right in rights_today(user)}


def test_a_deputy_has_the_role_on_the_days_stated_and_not_after(desk):
    appoint(desk, days=days(1, 3))
    had = [roles_of(desk.clerk, day) for day in range(5)]
    both = {"clerk", "reviewer"}
    assert had == [{"clerk"}, both, both, both, {"clerk"}]


def test_an_appointment_ends_early_once(desk):
    deputy = appoint(desk)
    assert scope_of(desk.clerk).roles == {"clerk", "reviewer"}
    with run_in_office(desk.east, desk.supervisor):
        deputy_end(deputy)
        with pytest.raises(DomainError, match=r"deputy\.ended"):
            deputy_end(deputy)
        verbs = AuditEvent.objects.filter(verb__startswith="deputy").values_list("verb", flat=True)
        assert sorted(verbs) == ["deputy.appointed", "deputy.ended"]
    assert scope_of(desk.clerk).roles == {"clerk"}


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"username": "supervisor-east"}, "offices.deputy.self"),
        ({"username": "reviewer-east"}, "offices.deputy.same_person"),
        ({"username": "nobody"}, "offices.person.unknown"),
        ({"username": "clerk-west"}, "offices.person.unknown"),
        ({"username": "administrator-east"}, "offices.deputy.not_of_the_desk"),
        ({"username": "clerk-township"}, "offices.deputy.not_of_the_desk"),
        ({"role": "supervisor"}, "offices.deputy.no_role"),
        ({"role": "security_officer"}, "offices.deputy.no_role"),
        ({"reason": " "}, "offices.reason.missing"),
        ({"days": (-1, 5)}, "offices.deputy.days"),
        ({"days": (3, 2)}, "offices.deputy.days"),
        ({"days": (0, 92)}, "offices.deputy.days"),
    ],
)
def test_an_appointment_that_may_not_be_is_refused(desk, facts, code):
    make_user(desk.offices.west, "clerk")
    make_user(desk.offices.township, "clerk")
    make_user(desk.east, "administrator")
    if "days" in facts:
        facts = {"days": days(*facts["days"])}
    with pytest.raises(DomainError, match=code):
        appoint(desk, **facts)
    assert not Deputy.objects.exists()


def test_only_a_supervisor_appoints(desk):
    for who in (desk.clerk, desk.reviewer):
        with pytest.raises(DomainError, match="not_allowed"):
            appoint(desk, by=who)


def test_a_deputy_is_appointed_and_ended_on_the_page(desk):
    client = Client()
    client.force_login(desk.supervisor)
    page = reverse("admin:sign_in_deputies")
    first, last = days()
    form = {
        "username": desk.clerk.username,
        "instead_of": desk.reviewer.username,
        "role": "reviewer",
        "from_on": first.isoformat(),
        "through_on": last.isoformat(),
        "reason": REASON,
    }
    assert client.post(page, {**form, "username": "nobody"}).status_code == 200
    assert client.post(page, form).status_code == 302
    deputy = Deputy.objects.get()
    assert REASON in client.get(page).content.decode()
    stranger = Client()
    stranger.force_login(make_user(desk.offices.west, "supervisor"))
    end = reverse("admin:sign_in_deputy_end", args=[deputy.pk])
    assert stranger.post(end).status_code == 404
    assert client.post(end).status_code == 302
    assert scope_of(desk.clerk).roles == {"clerk"}


# --- maker is not checker in a small office --------------------------------------------------


def confirmed(desk):
    with run_in_office(desk.east, desk.clerk):
        return current(confirm(make_person(desk.east)))


def test_a_deputy_releases_what_another_confirmed_and_never_the_own(desk):
    other = make_user(desk.east, "clerk", username="wang")
    own = confirmed(desk)
    with run_in_office(desk.east, other):
        others = current(confirm(make_person(desk.east)))
    appoint(desk)
    with run_in_office(desk.east, desk.clerk):
        settlement_release(others, key="r1")
        with pytest.raises(DomainError, match="same_person"):
            settlement_release(own, key="r2")


def test_a_reviewer_of_the_pool_releases_for_a_county_as_a_named_act(desk):
    version = confirmed(desk)
    reviewer = make_user(desk.offices.pool, "reviewer")
    with run_in_office(desk.offices.west, make_user(desk.offices.west, "reviewer")):
        assert not type(version).objects.filter(pk=version.pk).exists()
    with run_in_office(desk.offices.pool, reviewer):
        settlement_release(version, key="r")
        event = AuditEvent.objects.get(verb="settlement.released")
        assert version.release_row.office == desk.east
    assert (event.actor, event.office, event.payload["office"]) == (
        reviewer,
        desk.offices.pool,
        "east",
    )


# --- handover --------------------------------------------------------------------------------


@pytest.fixture
def left(desk):
    """What a clerk left: a draft, a held bill, a settlement that was sent back."""
    with run_in_office(desk.east, desk.clerk):
        person = make_person(desk.east)
        SettlementDraft.objects.create(
            user=desk.clerk, office=desk.east, person=person, sealed_payload='{"fields": {}}'
        )
        held = confirm(make_person(desk.east, covered=False))
    version = confirmed(desk)
    with run_in_office(desk.east, desk.reviewer):
        settlement_send_back(version, key="s", reason="金额不符")
        return person, held, version.bill


def hand_over(desk, giver, taker, reason=REASON, by=None):
    with run_in_office(desk.east, by or desk.supervisor):
        return work_hand_over(giver, taker, reason)


def test_all_open_work_is_handed_over_as_one_act(desk, left):
    wang = make_user(desk.east, "clerk", username="wang")
    assert kinds() == [DRAFTS, HELD, SENT_BACK]
    with run_in_office(desk.east, desk.supervisor):
        assert [kind.count(desk.clerk.pk) for kind in kinds()] == [1, 1, 1]
    moved = hand_over(desk, desk.clerk.username, "wang")
    assert moved == {"drafts": 1, "held": 1, "sent_back": 1}
    with run_in_office(desk.east, desk.supervisor):
        assert [each.user for each in SettlementDraft.objects.all()] == [wang]
        event = AuditEvent.objects.get(verb="work.handed_over")
        assert (event.reason, event.payload) == (REASON, {"taker": wang.pk, "moved": moved})
        noted = AuditEvent.objects.filter(verb="bill.handed_over")
        assert {each.payload["number"] for each in noted} == {left[1].number, left[2].number}


def test_the_work_of_somebody_who_has_left_is_handed_over_too(desk, left):
    make_user(desk.east, "clerk", username="wang")
    desk.clerk.memberships.update(through_on=calendar.today() - timedelta(days=1))
    desk.clerk.is_active = False
    desk.clerk.save()
    assert hand_over(desk, desk.clerk.username, "wang")["drafts"] == 1


def test_a_draft_for_a_person_the_taker_has_one_for_stays(desk, left):
    wang = make_user(desk.east, "clerk", username="wang")
    with run_in_office(desk.east, wang):
        SettlementDraft.objects.create(user=wang, office=desk.east, person=left[0])
    assert hand_over(desk, desk.clerk.username, "wang")["drafts"] == 0
    with run_in_office(desk.east, wang):
        assert SettlementDraft.objects.count() == 2


@pytest.mark.parametrize(
    ("giver", "taker", "reason", "code"),
    [
        ("clerk-east", "clerk-east", REASON, "offices.handover.same_person"),
        ("clerk-east", "nobody", REASON, "offices.person.unknown"),
        ("clerk-west", "clerk-east", REASON, "offices.person.unknown"),
        ("clerk-east", "reviewer-east", REASON, "offices.deputy.not_of_the_desk"),
        ("clerk-east", "supervisor-east", " ", "offices.reason.missing"),
    ],
)
def test_a_handover_that_may_not_be_moves_nothing(desk, left, giver, taker, reason, code):
    make_user(desk.offices.west, "clerk")
    with pytest.raises(DomainError, match=code):
        hand_over(desk, giver, taker, reason)
    with pytest.raises(DomainError, match="not_allowed"):
        hand_over(desk, giver, "supervisor-east", by=desk.clerk)
    with run_in_office(desk.east, desk.clerk):
        assert SettlementDraft.objects.get().user == desk.clerk


def test_work_is_handed_over_on_the_page(desk, left):
    make_user(desk.east, "clerk", username="wang")
    client = Client()
    client.force_login(desk.supervisor)
    page = reverse("admin:sign_in_handover")
    form = {"giver": desk.clerk.username, "taker": "wang", "reason": REASON}
    assert client.post(page, {**form, "taker": "nobody"}).status_code == 200
    assert client.post(page, form).status_code == 302

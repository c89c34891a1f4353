"""The second factor: enrolled, required, used once, guessed five times, reset by another (E3)."""

from base64 import b32decode
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from config import calendar
from config.audit.models import AuditEvent
from config.errors import DomainError
from config.offices.acting import run_in_office
from config.sign_in.models import OneDayCode, RecoveryCode, TotpDevice
from config.sign_in.qr import address_of, drawing_of
from config.sign_in.services import codes, factor
from tests.config.sign_in.conftest import CODE_PAGE, PASSWORD_PAGE, Desk
from tests.factories.offices import make_user
from tests.factories.sign_in import make_device

pytestmark = [pytest.mark.django_db, pytest.mark.row("E3")]
ENROL_PAGE = "/admin/login/enrol/"


def verbs(office, prefix):
    with run_in_office(office):
        found = AuditEvent.objects.filter(verb__startswith=prefix).order_by("pk")
        return [(event.verb, event.outcome) for event in found]


def shown_seed(answer):
    return answer.context["seed"].replace(" ", "")


def code_for(seed, **facts):
    return TotpDevice(seed=seed, **facts).next_code()


@pytest.fixture
def wang(offices):
    """A person without a device."""
    return make_user(offices.east, "clerk", username="wang")


def test_the_first_sign_in_enrols_a_device_and_shows_ten_codes(wang, offices):
    desk = Desk()
    assert desk.give_password("wang").headers["Location"] == CODE_PAGE
    assert desk.get(CODE_PAGE).headers["Location"] == ENROL_PAGE
    offered = desk.get(ENROL_PAGE)
    seed = shown_seed(offered)
    assert len(b32decode(seed)) == 20
    assert shown_seed(desk.get(ENROL_PAGE)) == seed
    assert "<svg" in offered.content.decode()
    assert desk.post(ENROL_PAGE, {"code": "000000"}).status_code == 200
    assert not TotpDevice.objects.exists()
    enrolled = desk.post(ENROL_PAGE, {"code": code_for(seed)})
    shown = enrolled.context["codes"]
    assert (len(set(shown)), len(shown[0])) == (10, 19)
    assert desk.is_in
    assert desk.get(ENROL_PAGE).status_code == 302
    assert verbs(offices.east, "factor") == [
        ("factor.refused", "refused"),
        ("factor.enrolled", "done"),
    ]


def test_a_device_that_exists_is_not_replaced_by_who_knows_the_password(lin):
    desk = Desk()
    desk.give_password("lin")
    assert desk.get(ENROL_PAGE).headers["Location"] == PASSWORD_PAGE
    assert desk.post(ENROL_PAGE, {"code": "123456"}).status_code == 302
    assert TotpDevice.objects.get() == lin.device


@pytest.mark.parametrize(
    ("typed", "digits", "step"),
    [
        ("JBSW Y3DP EHPK 3PXP JBSW Y3DP", "6", "30"),
        ("3132333435363738393031323334353637383930", "8", "60"),
    ],
)
def test_a_hardware_token_is_enrolled_by_its_seed(wang, typed, digits, step):
    desk = Desk()
    desk.give_password("wang")
    seed = factor.read_seed(typed)
    code = code_for(seed, digits=int(digits), step=int(step))
    desk.post(ENROL_PAGE, {"seed": typed, "digits": digits, "step": step, "code": code})
    device = TotpDevice.objects.get()
    assert (device.kind, device.digits, device.step) == ("token", int(digits), int(step))
    assert device.seed.plain() == seed


@pytest.mark.parametrize("typed", ["", "ABC", "JBSWY3DP", "1890-1890-1890-1890!", "12" * 9])
def test_a_seed_that_is_too_short_or_no_seed_is_refused(typed):
    with pytest.raises(DomainError, match="unreadable"):
        factor.read_seed(typed)


def test_the_seed_lies_sealed_in_the_table_and_in_the_session(wang, lin):
    with connection.cursor() as cursor:
        cursor.execute("SELECT seed FROM sign_in_totpdevice")
        kept = cursor.fetchone()[0]
    plain = lin.device.seed.plain()
    assert kept.startswith("aesgcm1:")
    assert plain not in kept
    desk = Desk()
    desk.give_password("wang")
    seed = shown_seed(desk.get(ENROL_PAGE))
    assert seed not in str(dict(desk.session.items()))


def test_a_code_works_once(lin):
    """Again in the same step, in another browser, and the code of the step before."""
    with time_machine.travel(timezone.now(), tick=False) as clock:
        code = lin.device.next_code()
        clock.shift(timedelta(seconds=30))
        later = lin.device.next_code()
        for number, (typed, is_taken) in enumerate(((later, True), (later, False), (code, False))):
            desk = Desk(f"10.0.0.{number + 1}")
            desk.give_password("lin")
            assert (desk.give_code(typed).status_code == 302) is is_taken


@pytest.mark.parametrize(
    ("steps", "is_taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_clocks_may_differ_by_one_step(lin, steps, is_taken):
    now = timezone.now()
    with time_machine.travel(now + timedelta(seconds=30 * steps), tick=False):
        code = lin.device.next_code()
    with time_machine.travel(now, tick=False):
        desk = Desk()
        desk.give_password("lin")
        assert (desk.give_code(code).status_code == 302) is is_taken


def test_after_five_wrong_codes_none_is_heard_and_the_password_counts_no_longer(lin, tried):
    desk = Desk()
    desk.give_password("lin")
    for number in range(5):
        assert desk.give_code(f"{number:06d}").status_code == 200
        tried(1)
    desk.give_code(lin.device.next_code())
    assert not desk.is_in
    assert desk.get(CODE_PAGE).status_code == 302
    desk.give_password("lin")
    desk.give_code(lin.device.next_code())
    assert not desk.is_in
    tried(2)


def test_a_recovery_code_works_once_and_new_ones_end_the_old(lin, offices):
    with run_in_office(offices.east, lin.user):
        first = codes.recovery_codes_make(lin.user)
    for typed, is_taken in ((first[0], True), (first[0], False), (first[1].lower(), True)):
        desk = Desk()
        desk.give_password("lin")
        assert (desk.give_code(typed).status_code == 302) is is_taken
    with run_in_office(offices.east, lin.user):
        codes.recovery_codes_make(lin.user)
    assert codes.recovery_codes_left(lin.user) == 10
    desk = Desk()
    desk.give_password("lin")
    assert desk.give_code(first[2]).status_code == 200
    kept = " ".join(RecoveryCode.objects.values_list("digest", flat=True))
    assert codes.typed(first[0]) not in kept


def test_a_code_of_another_person_is_refused(lin, offices):
    other = make_user(offices.east, "clerk", username="wang")
    device = make_device(other)
    with run_in_office(offices.east, other):
        paper = codes.recovery_codes_make(other)
    for typed in (device.next_code(), paper[0]):
        desk = Desk()
        desk.give_password("lin")
        assert desk.give_code(typed).status_code == 200


@pytest.fixture
def supervisor(offices):
    return make_user(offices.east, "supervisor")


def test_a_code_for_today_works_once_until_midnight_in_shanghai(lin, offices, supervisor):
    evening = datetime(2026, 11, 25, 23, 50, tzinfo=calendar.SHANGHAI)
    with time_machine.travel(evening, tick=False) as clock:
        issued = []
        for _time in range(3):
            with run_in_office(offices.east, supervisor):
                issued.append(codes.one_day_code_issue("lin", "手机忘在家中"))
        for typed, is_taken in ((issued[0], False), (issued[2], True), (issued[2], False)):
            desk = Desk()
            desk.give_password("lin")
            assert (desk.give_code(typed).status_code == 302) is is_taken
        with run_in_office(offices.east, supervisor):
            late = codes.one_day_code_issue("lin", "手机忘在家中")
        clock.shift(timedelta(minutes=10))
        desk = Desk()
        desk.give_password("lin")
        assert desk.give_code(late).status_code == 200
    assert {
        code.expires_at.astimezone(calendar.SHANGHAI).isoformat()
        for code in OneDayCode.objects.filter(used_at=None)
    } >= {"2026-11-26T00:00:00+08:00"}
    assert verbs(offices.east, "one_day_code") == [
        ("one_day_code.issued", "done"),
        ("one_day_code.issued", "done"),
        ("one_day_code.issued", "done"),
        ("one_day_code.used", "done"),
        ("one_day_code.issued", "done"),
    ]


@pytest.mark.parametrize(
    ("role", "where", "whom", "code"),
    [
        ("clerk", "east", "lin", "offices.act.not_allowed"),
        ("administrator", "east", "lin", "offices.act.not_allowed"),
        ("supervisor", "west", "lin", "offices.person.unknown"),
        ("supervisor", "township", "lin", "offices.person.unknown"),
        ("supervisor", "east", "nobody", "offices.person.unknown"),
        ("supervisor", "east", "issuer", "sign_in.person.self"),
    ],
)
def test_a_code_for_today_is_given_by_the_local_supervisor_alone(
    lin, offices, role, where, whom, code
):
    office = getattr(offices, where)
    issuer = make_user(office, role, username="issuer")
    with run_in_office(office, issuer), pytest.raises(DomainError, match=code):
        codes.one_day_code_issue(whom, "手机忘在家中")
    assert not OneDayCode.objects.exists()


@pytest.mark.parametrize(
    ("role", "where", "whom", "code"),
    [
        ("administrator", "pool", "lin", ""),
        ("administrator", "township", "lin", ""),
        ("administrator", "east", "lin", "sign_in.reset.same_level"),
        ("administrator", "west", "lin", "sign_in.reset.same_level"),
        ("security_officer", "pool", "lin", "offices.act.not_allowed"),
        ("supervisor", "pool", "lin", "offices.act.not_allowed"),
        ("administrator", "pool", "nobody", "offices.person.unknown"),
        ("administrator", "pool", "resetter", "sign_in.person.self"),
    ],
)
def test_a_factor_is_reset_by_an_administrator_of_another_level(
    lin, offices, role, where, whom, code
):
    office = getattr(offices, where)
    resetter = make_user(office, role, username="resetter")
    desk = Desk().sign_in(lin.user, lin.device)
    with run_in_office(office, resetter):
        if code:
            with pytest.raises(DomainError, match=code):
                factor.factor_reset(whom, "设备遗失")
        else:
            factor.factor_reset(whom, "设备遗失")
    is_reset = not code
    assert (factor.device_of(lin.user) is None) is is_reset
    assert desk.is_in is not is_reset
    assert (("factor.reset", "done") in verbs(office, "factor")) is is_reset


def test_after_a_reset_the_password_alone_enrols_anew_and_old_codes_are_dead(lin, offices):
    with run_in_office(offices.east, lin.user):
        paper = codes.recovery_codes_make(lin.user)
    with run_in_office(offices.pool, make_user(offices.pool, "administrator")):
        factor.factor_reset("lin", "设备遗失")
    desk = Desk()
    desk.give_password("lin")
    assert desk.get(CODE_PAGE).headers["Location"] == ENROL_PAGE
    assert desk.give_code(paper[0]).status_code == 302
    assert not desk.is_in


def test_the_picture_holds_the_address_of_the_key():
    address = address_of("lin", "医保经办平台", "JBSWY3DPEHPK3PXP")
    assert address.startswith("otpauth://totp/%E5%8C%BB")
    drawing = drawing_of(address)
    assert drawing.path.startswith("M4 4h1v1h-1z")
    assert drawing.side > 30


def test_a_demonstration_shows_its_codes_and_nothing_else_does(lin, settings):
    for is_demonstration in (True, False):
        settings.IS_DEMONSTRATION = is_demonstration
        desk = Desk()
        desk.give_password("lin")
        page = desk.get(CODE_PAGE).content.decode()
        assert (lin.device.next_code() in page) is is_demonstration

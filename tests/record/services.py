"""Every service that does an act, with the event it must leave: one row each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from types import SimpleNamespace

from django.db import transaction

from claims.bill_input import ItemInput
from claims.models import ApiToken, EntryKind
from claims.selectors.year import account_year
from claims.services.account import EntryInput, account_post, account_resettle
from claims.services.api_token import api_token_create, api_token_revoke
from claims.services.correction import bill_correct, correction_preview
from claims.services.held_bill import bill_settle, bill_settle_preview, bill_withdraw
from claims.services.preview import settlement_preview
from claims.services.send_back import settlement_send_back
from claims.services.settlement import (
    settlement_confirm,
    settlement_release,
    settlement_reverse,
)
from config import calendar
from config.audit.services import record
from config.offices.acting import run_in_office
from config.offices.models import Deputy
from config.offices.services import deputy_appoint, deputy_end, work_hand_over
from config.policy.selectors import release_tree
from config.policy.services import policy_release_activate, policy_release_register
from config.sign_in.services.codes import one_day_code_issue, recovery_codes_make
from enrollment.models import AcceptedCase, CaseKind, CoverageSpell, ReadingNotice
from enrollment.services.accepted_cases import case_accept, case_return, case_settle, case_take
from enrollment.services.person import PersonInput, id_number_reveal, person_change, person_register
from enrollment.services.pool_numbers import number_check
from enrollment.services.reading import reading_notice_answer
from enrollment.services.spells import category_spell_add, certification_add, coverage_spell_add
from enrollment.services.transfers import transfer_accept
from tests.claims.conftest import make_desk
from tests.enrollment.crossings import case_input
from tests.factories.claims import bill, confirm, current
from tests.factories.enrollment import id_number, make_cover, make_person
from tests.factories.offices import make_user
from tests.factories.sign_in import make_device

STRANGER = "示例西人"
DAY = date(2024, 1, 1)
YEAR = 2025
_keys = count(1)


def key() -> str:
    return f"key-{next(_keys)}"


def make_world() -> SimpleNamespace:
    """Make an office in which something of everything has happened, with real commits."""
    world = make_desk()
    world.policy_desk = make_user(world.offices.pool, "policy_desk")
    world.administrator = make_user(world.east, "administrator")
    with run_in_office(world.east, world.clerk):
        world.person = make_person(world.east)
        world.uncovered = make_person(world.east, covered=False)
        items = (ItemInput("示例项目", "B", 30_000_00, 1_000_00, 0, 2_000_00),)
        world.bill = confirm(world.person, bill(items=items))
        world.waiting = confirm(world.person)
        world.held, world.held_too = confirm(world.uncovered), confirm(world.uncovered)
        category_spell_add(world.person, "orphan", DAY)
        certification_add(world.person, disease_of(world), DAY)
    with run_in_office(world.east, world.supervisor):
        limit = next(n for n in release_tree(world.release.pk).accumulator_ids if "basic" in n)
        world.entry = EntryInput(EntryKind.GRANT, {limit: 100_00}, "test")
        account_post(world.person, YEAR, world.entry, key=key())
    with run_in_office(world.east, world.reviewer):
        settlement_release(current(world.bill), key=key())
    with run_in_office(world.east, world.clerk):
        settlement_reverse(confirm(world.person), key=key(), reason="错录")
    with run_in_office(world.east, world.administrator):
        world.token, _text = api_token_create(world.hospital, "示例系统")
    world.other_clerk = make_user(world.east, "clerk", username="other-clerk")
    with run_in_office(world.east, world.supervisor):
        world.deputy = _appoint(world, 1)
        one_day_code_issue(world.clerk.username, "手机不在身边")
        make_device(world.clerk)
        recovery_codes_make(world.clerk)
    add_crossings(world)
    return world


def _appoint(world: SimpleNamespace, first_day: int) -> Deputy:
    """Let the clerk stand in for the reviewer on one day to come; today nobody's rights change."""
    day = calendar.today() + timedelta(days=first_day)
    names = world.clerk.username, world.reviewer.username
    return deputy_appoint(*names, "reviewer", (day, day), "休假")


def disease_of(world: SimpleNamespace) -> str:
    """Return a disease people are certified for."""
    return next(iter(release_tree(world.release.pk).region.diseases))


@dataclass(frozen=True)
class Service:
    """One service: who calls it, the call, and the verb of its event; a look is left aside."""

    act: Callable[[SimpleNamespace], object]
    verb: str
    role: str = "clerk"
    is_look: bool = False


def _confirm(world):
    entered = bill()
    digest = settlement_preview(entered, world.person).digest
    return settlement_confirm(entered, world.person, key=key(), preview_digest=digest)


def _correct(world):
    wanted = bill(
        invoice_code=world.bill.invoice_code,
        invoice_number=world.bill.invoice_number,
        total_fen=40_000_00,
    )
    digest = correction_preview(world.bill, wanted).digest
    return bill_correct(world.bill, wanted, key=key(), preview_digest=digest, reason="错录")


def _settle_held(world):
    if not CoverageSpell.objects.filter(person=world.uncovered).exists():
        make_cover(world.uncovered)
    digest = bill_settle_preview(world.held).digest
    return bill_settle(world.held, key=key(), preview_digest=digest)


def _register(_world):
    entered = PersonInput(name="朱秀梅", id_number=id_number(78, date(1980, 5, 5)))
    return person_register(entered)


def _certify(world):
    return certification_add(world.uncovered, disease_of(world), DAY)


def _resettle(world):
    account = account_year(world.person, YEAR).account
    return account_resettle(account, 1, key=key(), reason="grant")


def _revoke(world):
    return api_token_revoke(ApiToken.objects.get(pk=world.token.pk))


def add_crossings(world) -> None:
    """Let a clerk of the west accept cases for people of the east, and one read too much."""
    west = world.offices.west
    with run_in_office(west):
        world.stranger = make_person(west, name=STRANGER).id_number.plain()
    world.cases = {}
    for name in ("take", "settle", "return", "transfer"):
        with run_in_office(world.east, world.clerk):
            person = make_person(world.east, name=STRANGER)
        kind = CaseKind.TRANSFER if name == "transfer" else CaseKind.BILL
        entered = case_input(person.id_number.plain(), STRANGER, kind=kind)
        with run_in_office(west, make_user(west, "clerk", username=f"west-{name}")):
            receipt = case_accept(entered, key=key())
        with run_in_office(world.east):
            world.cases[name] = AcceptedCase.objects.get(receipt_id=receipt.public_id)
    with run_in_office(world.east, world.clerk):
        case_accept(case_input(world.stranger, STRANGER), key=key())
        with transaction.atomic():
            record("reading.noticed", kind="opened", count=200, limit=200)
            now = calendar.now()
            world.notice = ReadingNotice.objects.create(
                office=world.east, reader=world.clerk, kind="opened", hour_at=now, limit=200, at=now
            )


SERVICES: dict[str, Service] = {
    "enrollment.services.pool_numbers.number_check": Service(
        lambda world: number_check(world.stranger, "窗口查重"),
        "number.checked",
        is_look=True,
    ),
    "enrollment.services.accepted_cases.case_accept": Service(
        lambda world: case_accept(case_input(world.stranger, STRANGER), key=key()),
        "case.handed_over",
    ),
    "enrollment.services.accepted_cases.case_take": Service(
        lambda world: case_take(world.cases["take"]), "case.taken"
    ),
    "enrollment.services.accepted_cases.case_settle": Service(
        lambda world: case_settle(world.cases["settle"]), "case.settled"
    ),
    "enrollment.services.accepted_cases.case_return": Service(
        lambda world: case_return(world.cases["return"], "材料不全"), "case.returned"
    ),
    "enrollment.services.transfers.transfer_accept": Service(
        lambda world: transfer_accept(world.cases["transfer"]),
        "person.moved_out",
        "supervisor",
    ),
    "enrollment.services.reading.reading_notice_answer": Service(
        lambda world: reading_notice_answer(world.notice, "已核实"),
        "reading.answered",
        "supervisor",
    ),
    "enrollment.services.person.person_register": Service(_register, "person.registered"),
    "enrollment.services.person.person_change": Service(
        lambda world: person_change(world.person, village="新村"), "person.changed"
    ),
    "enrollment.services.person.id_number_reveal": Service(
        lambda world: id_number_reveal(world.person, "核对证件", "card_check"),
        "id_number.revealed",
        is_look=True,
    ),
    "enrollment.services.spells.category_spell_add": Service(
        lambda world: category_spell_add(world.person, "near_poor", DAY), "category.recorded"
    ),
    "enrollment.services.spells.coverage_spell_add": Service(
        lambda world: coverage_spell_add(world.uncovered, "covered", DAY), "coverage.recorded"
    ),
    "enrollment.services.spells.certification_add": Service(_certify, "certification.recorded"),
    "claims.services.settlement.settlement_confirm": Service(_confirm, "settlement.confirmed"),
    "claims.services.correction.bill_correct": Service(_correct, "bill.corrected"),
    "claims.services.held_bill.bill_settle": Service(_settle_held, "settlement.confirmed"),
    "claims.services.held_bill.bill_withdraw": Service(
        lambda world: bill_withdraw(world.held_too, key=key(), reason="错录"), "bill.withdrawn"
    ),
    "claims.services.send_back.settlement_send_back": Service(
        lambda world: settlement_send_back(current(world.waiting), key=key(), reason="缺材料"),
        "settlement.sent_back",
        "reviewer",
    ),
    "claims.services.settlement.settlement_release": Service(
        lambda world: settlement_release(current(world.waiting), key=key()),
        "settlement.released",
        "reviewer",
    ),
    "claims.services.settlement.settlement_reverse": Service(
        lambda world: settlement_reverse(world.bill, key=key(), reason="错录"),
        "settlement.reversed",
    ),
    "claims.services.account.account_post": Service(
        lambda world: account_post(world.person, YEAR, world.entry, key=key()),
        "account.posted",
        "supervisor",
    ),
    "claims.services.account.account_resettle": Service(
        _resettle, "account.resettled", "supervisor"
    ),
    "claims.services.api_token.api_token_create": Service(
        lambda world: api_token_create(world.hospital, "另一系统"),
        "api_token.created",
        "administrator",
    ),
    "claims.services.api_token.api_token_revoke": Service(
        _revoke, "api_token.revoked", "administrator"
    ),
    "config.offices.services.deputy_appoint": Service(
        lambda world: _appoint(world, 2), "deputy.appointed", "supervisor"
    ),
    "config.offices.services.deputy_end": Service(
        lambda world: deputy_end(world.deputy), "deputy.ended", "supervisor"
    ),
    "config.offices.services.work_hand_over": Service(
        lambda world: work_hand_over(world.clerk.username, world.other_clerk.username, "调岗"),
        "work.handed_over",
        "supervisor",
    ),
    "config.policy.services.policy_release_register": Service(
        lambda _world: policy_release_register("500000_chongqing"),
        "release.registered",
        "policy_desk",
    ),
    "config.policy.services.policy_release_activate": Service(
        lambda world: policy_release_activate(world.release, DAY, None),
        "release.activated",
        "policy_desk",
    ),
}
# They ask for a right and change nothing that is guarded.
NO_CHANGE = {
    "claims.services.correction.correction_preview": "computes and stores nothing",
    "claims.services.held_bill.bill_settle_preview": "computes and stores nothing",
    "claims.services.preview.settlement_preview": "computes and stores nothing",
    "claims.services.drafts.draft_keep": "keeps what was typed, sealed; means no money",
    "config.audit.services.require": "is the question itself",
    "config.sweep.services.sweep_run": "tests/config/sweep/test_services.py",
    "config.operation.services.operation_resume": "tests/config/operation/test_resume.py",
    "config.outbox.services.outbox_retry": "tries the work again; the work leaves its event",
}


def acting_as(world: SimpleNamespace, service: Service):
    """Act as the person whose duty a service is."""
    if service.role == "policy_desk":
        return run_in_office(world.offices.pool, world.policy_desk)
    return run_in_office(world.east, getattr(world, service.role))

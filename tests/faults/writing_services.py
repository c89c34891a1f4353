"""Every service that asks for a right: how to set it up, how to call it, what a repeat does.

`test_every_service_has_a_case` finds the services in the code and fails while one is missing
here. A case makes what the act needs and returns the act; the act is called with a request key.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from claims.models import EntryKind
from claims.selectors.year import account_year
from claims.services.account import EntryInput, account_post, account_resettle
from claims.services.api_token import api_token_create, api_token_revoke
from claims.services.correction import bill_correct, correction_preview
from claims.services.drafts import draft_keep
from claims.services.held_bill import bill_settle, bill_settle_preview, bill_withdraw
from claims.services.preview import settlement_preview
from claims.services.send_back import settlement_send_back
from claims.services.settlement import settlement_confirm, settlement_release, settlement_reverse
from claims.statement.found import statement_versions
from claims.statement.printing import statement_print
from config.offices.acting import run_in_office
from config.policy.models import PolicyDocument
from config.policy.services import policy_release_activate, policy_release_register
from enrollment.services.person import (
    PersonInput,
    id_number_reveal,
    person_change,
    person_register,
)
from enrollment.services.spells import category_spell_add, certification_add, coverage_spell_add
from tests.factories.acts import recorded
from tests.factories.claims import bill, confirm, current
from tests.factories.enrollment import id_number, make_cover, make_person
from tests.faults import writing_crossings as crossings
from tests.faults import writing_sign_in as sign_in

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("config", "enrollment", "claims", "assistance", "poverty_monitoring")
# Doors: they ask for a right on behalf of the service they call.
DOORS = {"admin", "api", "management", "local"}
# They decide who may, for everybody else.
MECHANISM = {"config.audit.services.require", "config.offices.roles.require"}

Act = Callable[[str], Any]

ANSWERS = "is answered as before"
REFUSES = "is refused, for the fact stands already"
SAME = "leaves what stands as it is"
KEPT = "is answered as before, but for the time of day"
ANEW = "is an act of its own"


@dataclass(frozen=True)
class Case:
    """One service.

    Attributes:
        prepare: makes what the act needs, in the scope of the clerk; returns the act.
        repeat: what the same request does a second time.
        role: whoever of the desk acts.
        at: at which office.
        is_read: it stores nothing, whatever happens.
    """

    prepare: Callable[[Any], Act]
    repeat: str = ANSWERS
    role: str = "clerk"
    at: str = "east"
    is_read: bool = False


def _confirm(desk) -> Act:
    person, entered = make_person(desk.east), bill()
    confirm(person)
    digest = settlement_preview(entered, person).digest
    return lambda key: settlement_confirm(entered, person, key=key, preview_digest=digest)


def _preview(desk) -> Act:
    person, entered = make_person(desk.east), bill()
    return lambda _key: settlement_preview(entered, person)


def _reverse(desk) -> Act:
    person = make_person(desk.east)
    first, _second = confirm(person), confirm(person)
    return lambda key: settlement_reverse(first, key=key, reason="错录")


def _correct(desk) -> Act:
    person, entered = make_person(desk.east), bill()
    first, _second = confirm(person, entered), confirm(person)
    wanted = bill(invoice_number=entered.invoice_number, total_fen=90_000_00)
    digest = correction_preview(first, wanted).digest
    return lambda key: bill_correct(first, wanted, key=key, preview_digest=digest, reason="错录")


def _correction_preview(desk) -> Act:
    entered = bill()
    first = confirm(make_person(desk.east), entered)
    wanted = bill(invoice_number=entered.invoice_number, total_fen=90_000_00)
    return lambda _key: correction_preview(first, wanted)


def _release(desk) -> Act:
    version = current(confirm(make_person(desk.east)))
    return lambda key: settlement_release(version, key=key)


def _send_back(desk) -> Act:
    version = current(confirm(make_person(desk.east)))
    return lambda key: settlement_send_back(version, key=key, reason="请核对")


def _held(desk):
    person = make_person(desk.east, covered=False)
    held = confirm(person)
    make_cover(person)
    return held


def _settle_held(desk) -> Act:
    held = _held(desk)
    digest = bill_settle_preview(held).digest
    return lambda key: bill_settle(held, key=key, preview_digest=digest)


def _settle_held_preview(desk) -> Act:
    held = _held(desk)
    return lambda _key: bill_settle_preview(held)


def _withdraw(desk) -> Act:
    held = _held(desk)
    return lambda key: bill_withdraw(held, key=key, reason="错录")


def _grant() -> EntryInput:
    return EntryInput(EntryKind.GRANT, {"basic_cap": 100_00}, "test")


def _post(desk) -> Act:
    person = make_person(desk.east)
    return lambda key: account_post(person, 2025, _grant(), key=key)


def _resettle(desk) -> Act:
    person = make_person(desk.east)
    confirm(person)
    with run_in_office(desk.east, desk.supervisor):
        account_post(person, 2025, _grant(), key=str(uuid4()))
    account = account_year(person, 2025).account
    return lambda key: account_resettle(account, 1, key=key, reason="补记")


def _draft(desk) -> Act:
    person = make_person(desk.east)
    return lambda _key: draft_keep(person, {"fields": {"total": "1"}, "items": []})


def _print(desk) -> Act:
    version = current(confirm(make_person(desk.east)))
    found = statement_versions().get(pk=version.pk)
    return lambda key: statement_print(found, key)


def _token(desk) -> Act:
    return lambda _key: api_token_create(desk.hospital, "示例系统")


def _revoke(desk) -> Act:
    with run_in_office(desk.east, roles=["administrator"]):
        token, _text = api_token_create(desk.hospital, "示例系统")
    return lambda _key: api_token_revoke(token.__class__.objects.get(pk=token.pk), "停用")


def _register(_desk) -> Act:
    number = id_number(900_001, date(1980, 5, 5))
    return lambda _key: person_register(PersonInput("示例甲", number))


def _change(desk) -> Act:
    person = make_person(desk.east)
    return lambda _key: person_change(person, name="示例乙", phone="13800000000")


def _reveal(desk) -> Act:
    person = make_person(desk.east)
    return lambda _key: id_number_reveal(person, "核对证件", "card_check")


def _category(desk) -> Act:
    person = make_person(desk.east)
    return lambda _key: category_spell_add(person, "minimum_living", date(2025, 1, 1))


def _coverage(desk) -> Act:
    person = make_person(desk.east, covered=False)
    return lambda _key: coverage_spell_add(person, "covered", date(2025, 1, 1))


def _certification(desk) -> Act:
    person = make_person(desk.east)
    return lambda _key: certification_add(person, "hypertension", date(2025, 1, 1))


def _register_release(_desk) -> Act:
    return lambda _key: policy_release_register("500000_chongqing")


def _activate_release(desk) -> Act:
    with run_in_office(desk.offices.pool, roles=["policy_desk"]):
        release = policy_release_register("500000_chongqing")
    with recorded():
        document = PolicyDocument.objects.create(
            number="示例〔2026〕1号", title="示例", issuer="示例", issued_on=date(2026, 1, 1)
        )
    return lambda _key: policy_release_activate(release, date(2026, 1, 1), document)


CASES = {
    "claims.services.settlement.settlement_confirm": Case(_confirm),
    "claims.services.settlement.settlement_release": Case(_release, role="reviewer"),
    "claims.services.settlement.settlement_reverse": Case(_reverse),
    "claims.services.preview.settlement_preview": Case(_preview, is_read=True),
    "claims.services.correction.bill_correct": Case(_correct),
    "claims.services.correction.correction_preview": Case(_correction_preview, is_read=True),
    "claims.services.send_back.settlement_send_back": Case(_send_back, role="reviewer"),
    "claims.services.held_bill.bill_settle": Case(_settle_held),
    "claims.services.held_bill.bill_settle_preview": Case(_settle_held_preview, is_read=True),
    "claims.services.held_bill.bill_withdraw": Case(_withdraw),
    "claims.services.account.account_post": Case(_post, role="supervisor"),
    "claims.services.account.account_resettle": Case(_resettle, role="supervisor"),
    "claims.services.drafts.draft_keep": Case(_draft, SAME),
    "claims.services.api_token.api_token_create": Case(_token, ANEW, role="administrator"),
    "claims.services.api_token.api_token_revoke": Case(_revoke, REFUSES, role="administrator"),
    "claims.statement.printing.statement_print": Case(_print, KEPT),
    "config.policy.services.policy_release_register": Case(
        _register_release, SAME, role="policy_desk", at="pool"
    ),
    "config.policy.services.policy_release_activate": Case(
        _activate_release, ANEW, role="policy_desk", at="pool"
    ),
    "enrollment.services.person.person_register": Case(_register, REFUSES),
    "enrollment.services.person.person_change": Case(_change, ANEW),
    "enrollment.services.person.id_number_reveal": Case(_reveal, ANEW),
    "enrollment.services.pool_numbers.number_check": Case(crossings.check, ANEW),
    "enrollment.services.accepted_cases.case_accept": Case(crossings.accept),
    "enrollment.services.accepted_cases.case_take": Case(crossings.take, REFUSES),
    "enrollment.services.accepted_cases.case_settle": Case(crossings.settle, REFUSES),
    "enrollment.services.accepted_cases.case_return": Case(crossings.give_back, REFUSES),
    "enrollment.services.transfers.transfer_accept": Case(
        crossings.transfer, REFUSES, role="supervisor"
    ),
    "enrollment.services.reading.reading_notice_answer": Case(
        crossings.answer_notice, REFUSES, role="supervisor"
    ),
    "config.outbox.services.outbox_retry": Case(crossings.retry, REFUSES, role="supervisor"),
    "config.offices.services.deputy_appoint": Case(sign_in.appoint, SAME, role="supervisor"),
    "config.offices.services.deputy_end": Case(sign_in.end, REFUSES, role="supervisor"),
    "config.offices.services.work_hand_over": Case(sign_in.hand_over, ANEW, role="supervisor"),
    "config.sign_in.services.codes.one_day_code_issue": Case(
        sign_in.one_day_code, ANEW, role="supervisor"
    ),
    "config.sign_in.services.factor.factor_reset": Case(
        sign_in.reset, REFUSES, role="administrator", at="pool"
    ),
    "config.operation.services.operation_resume": Case(
        crossings.resume, REFUSES, role="supervisor", at="pool"
    ),
    "config.sweep.services.sweep_run": Case(crossings.sweep, ANEW, role="system"),
    "enrollment.services.spells.category_spell_add": Case(_category, REFUSES),
    "enrollment.services.spells.coverage_spell_add": Case(_coverage, REFUSES),
    "enrollment.services.spells.certification_add": Case(_certification, REFUSES),
}


def services_in_the_code() -> Iterator[str]:
    """Find every public function outside the doors that asks for a right."""
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            if DOORS & set(parts):
                continue
            module = ".".join(parts)
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    name = f"{module}.{node.name}"
                    if name not in MECHANISM and _asks_for_a_right(node):
                        yield name


def _asks_for_a_right(function: ast.FunctionDef) -> bool:
    return any(
        isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", "")) == "require"
        for node in ast.walk(function)
    )

"""Two counties of equal shape, everybody who may knock at a door, and a transaction to keep them.

The worlds are made once for a module of tests, inside one transaction that is rolled back at the
end. Every request of a test runs behind a savepoint, so each one meets the same rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import count
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import connections, transaction
from django.test import Client

from claims.api.authentication import scope_of_token
from claims.models import (
    ApiToken,
    BenefitYearAccount,
    Bill,
    BillCounter,
    Facility,
    Settlement,
)
from claims.services.api_token import api_token_create
from claims.services.held_bill import bill_settle_preview
from config import calendar
from config.audit.models import AuditSeal
from config.offices import scope
from config.offices.acting import run_in_office
from config.offices.models import Deputy, Office, User
from config.offices.services import deputy_appoint
from config.outbox.models import OutboxEvent
from config.policy.models import PolicyDocument, PolicyRelease
from config.runs.models import Run
from config.runs.services import run_plan
from enrollment.models import AcceptedCase, CaseReceipt, Person, ReadingKind, ReadingNotice
from enrollment.services.accepted_cases import case_accept
from tests.claims.api.conftest import plain_number
from tests.enrollment.crossings import case_input
from tests.factories.acts import recorded
from tests.factories.claims import bill, confirm, current, make_facility, make_rules
from tests.factories.enrollment import make_category, make_certification, make_cover, make_person
from tests.factories.offices import Offices, make_offices, make_user

OTHER_HOSPITAL = "H99000000002"
_numbers = count(1)


@dataclass
class County:
    """One county with one row of everything, in the state each page needs."""

    office: Office
    clerk: User
    reviewer: User
    supervisor: User
    administrator: User
    hospital: Facility
    person: Person
    waiting: Bill  # settled, waits for a second person
    held: Bill  # held; its missing fact is known by now
    of_hospital: Bill  # confirmed through the interface of the hospital
    run: Run  # planned by another supervisor, waits for a second person
    work: OutboxEvent  # failed, may be tried again
    token: ApiToken
    token_text: str
    token_of_another: str
    deputy: Deputy  # appointed for the days to come
    notice: ReadingNotice  # the clerk read more than a desk needs to; nobody answered
    receipt: CaseReceipt | None = None  # accepted here for the other county
    case: AcceptedCase | None = None  # accepted in the other county for this one

    @cached_property
    def version(self) -> Settlement:
        return self.seen(lambda: current(self.waiting))

    @cached_property
    def version_of_hospital(self) -> Settlement:
        return self.seen(lambda: current(self.of_hospital))

    @cached_property
    def account(self) -> BenefitYearAccount:
        return self.seen(lambda: self.version.account)

    @cached_property
    def held_digest(self) -> str:
        return self.seen(lambda: bill_settle_preview(self.held).digest)

    def seen(self, ask: Any) -> Any:
        """Ask as the clerk of the county."""
        with run_in_office(self.office, self.clerk):
            return ask()


@dataclass
class Worlds:
    """Both counties, the pool above them, and whoever belongs to neither."""

    offices: Offices
    east: County
    west: County
    auditor: User
    administrator: User
    policy_desk: User
    security_officer: User
    without_office: User
    disabled: User
    release: PolicyRelease
    document: PolicyDocument
    seal: AuditSeal


def make_worlds() -> Worlds:
    """Make the pool with its two equal counties."""
    offices = make_offices()
    release = make_rules(offices.pool)
    hospital, second = make_facility(), make_facility(OTHER_HOSPITAL)
    document = PolicyDocument(
        number="示例〔2026〕1号", title="示例通知", issuer="示例局", issued_on=date(2026, 1, 1)
    )
    disabled = make_user(offices.east, "clerk", username="disabled")
    with recorded(offices.pool):
        document.scan.save("notice.pdf", ContentFile(b"%PDF-1.4 invented"), save=True)
        disabled.is_active = False
        disabled.save()
    east = make_county(offices.east, hospital, second)
    west = make_county(offices.west, hospital, second)
    accept_case(east, west)
    accept_case(west, east)
    return Worlds(
        offices=offices,
        east=east,
        west=west,
        auditor=make_user(offices.pool, "auditor"),
        administrator=make_user(offices.pool, "administrator"),
        policy_desk=make_user(offices.pool, "policy_desk"),
        security_officer=make_user(offices.pool, "security_officer"),
        without_office=make_user(None, username="without-office"),
        disabled=disabled,
        release=release,
        document=document,
        seal=AuditSeal.objects.create(
            number=1,
            algorithm="invented",
            from_txid=0,
            through_txid=1,
            event_count=0,
            first_event=0,
            last_event=0,
            leaves=b"",
            digest="0" * 64,
        ),
    )


def accept_case(counter: County, owner: County) -> None:
    """Let a clerk of one county accept a bill of the other's person."""
    number = plain_number(owner.person)
    with run_in_office(counter.office, counter.clerk):
        entered = case_input(number, owner.person.name)
        counter.receipt = case_accept(entered, key=str(uuid4()))
    with run_in_office(owner.office, owner.clerk):
        owner.case = AcceptedCase.objects.get(receipt_id=counter.receipt.public_id)


def make_county(office: Office, hospital: Facility, second: Facility) -> County:
    """Make one county; both are made by the same lines, so their shapes are equal."""
    clerk = make_user(office, "clerk")
    with run_in_office(office, roles=["administrator"]):
        token, text = api_token_create(hospital, "HIS")
        _other, text_of_another = api_token_create(second, "HIS")
    with run_in_office(office, clerk):
        # No number of one county is a number of the other.
        BillCounter.objects.create(
            office=office, year=calendar.today().year, next_number=office.pk * 1000
        )
        person = make_person(office, township="示例镇", village="示例村")
        make_category(person, "minimum_living")
        make_certification(person, "diabetes")
        waiting = confirm(person)
        unknown = make_person(office, covered=False)
        held = confirm(unknown)
        make_cover(unknown)
    with scope.enter(scope_of_token(token, str(uuid4()), "")):
        of_hospital = confirm(person, bill(discharged_on=date(2025, 4, 10)))
    with run_in_office(office, make_user(office, "supervisor", username=f"maker-{office.code}")):
        run = run_plan("probe", "演练", rows=4, size=2)
    with run_in_office(office), recorded(office):
        work = OutboxEvent.objects.create(
            office=office,
            kind="run.start",
            subject_id=str(run.pk),
            effect_key=f"invented-{office.code}",
            state=OutboxEvent.State.FAILED,
            finished_at=calendar.now(),
        )
        notice = ReadingNotice.objects.create(
            office=office,
            reader=clerk,
            kind=ReadingKind.values[0],
            hour_at=calendar.now().replace(minute=0, second=0, microsecond=0),
            limit=1,
            at=calendar.now(),
        )
    reviewer = make_user(office, "reviewer")
    # From tomorrow on: today nobody holds more than the own role.
    days = (calendar.today() + timedelta(days=1), calendar.today() + timedelta(days=2))
    supervisor = make_user(office, "supervisor")
    with run_in_office(office, supervisor):
        deputy = deputy_appoint(clerk.username, reviewer.username, "reviewer", days, "演练")
    return County(
        office=office,
        clerk=clerk,
        reviewer=reviewer,
        supervisor=supervisor,
        administrator=make_user(office, "administrator"),
        hospital=hospital,
        person=person,
        waiting=waiting,
        held=held,
        of_hospital=of_hospital,
        run=run,
        work=work,
        token=token,
        token_text=text,
        token_of_another=text_of_another,
        notice=notice,
        deputy=deputy,
    )


# Who knocks: how each principal of the table is made. A new one is added here and in the table.
SIGNED_IN = {
    "clerk": lambda worlds: worlds.east.clerk,
    "reviewer": lambda worlds: worlds.east.reviewer,
    "supervisor": lambda worlds: worlds.east.supervisor,
    "county administrator": lambda worlds: worlds.east.administrator,
    "clerk elsewhere": lambda worlds: worlds.west.clerk,
    "reviewer elsewhere": lambda worlds: worlds.west.reviewer,
    "supervisor elsewhere": lambda worlds: worlds.west.supervisor,
    "county administrator elsewhere": lambda worlds: worlds.west.administrator,
    "auditor": lambda worlds: worlds.auditor,
    "administrator": lambda worlds: worlds.administrator,
    "policy desk": lambda worlds: worlds.policy_desk,
    "security officer": lambda worlds: worlds.security_officer,
    "without office": lambda worlds: worlds.without_office,
    "disabled": lambda worlds: worlds.disabled,
}
WITH_TOKEN = {
    "token": lambda worlds: worlds.east.token_text,
    "token of another facility": lambda worlds: worlds.east.token_of_another,
    "token elsewhere": lambda worlds: worlds.west.token_text,
}


def client_of(worlds: Worlds, principal: str, **options: Any) -> Client:
    """Return a browser, or a machine, that comes as this principal."""
    headers = {}
    if principal in WITH_TOKEN:
        headers = {"authorization": f"Bearer {WITH_TOKEN[principal](worlds)}"}
    client = Client(raise_request_exception=False, headers=headers, **options)
    if principal in SIGNED_IN:
        client.force_login(SIGNED_IN[principal](worlds))
    return client


@contextmanager
def kept_in_one_transaction() -> Iterator[None]:
    """Keep what is made inside until the block ends; both aliases share the connection.

    What `aside` promises, that its rows outlive a refusal, cannot be seen here.
    """
    connections["aside"].close()
    connections["aside"] = connections["default"]
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        del connections["aside"]


@contextmanager
def undone() -> Iterator[None]:
    """Undo what happens inside the block."""
    savepoint = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(savepoint)
        # An open savepoint would stay beneath all that follow, and keep its locks.
        transaction.savepoint_commit(savepoint)

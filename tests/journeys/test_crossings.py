"""Work for other offices in a browser: check, accept, print the receipt, take, hand over; no findings."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect

from config.offices.acting import run_in_office
from enrollment.models import AcceptedCase, CaseKind, CaseReceipt
from enrollment.services.accepted_cases import case_accept
from tests.claims.conftest import make_desk
from tests.enrollment.crossings import case_input
from tests.factories.claims import confirm
from tests.factories.enrollment import make_person
from tests.factories.offices import PASSWORD, make_user
from tests.factories.sign_in import sign_in_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
NAME = "示例东人"


@pytest.fixture
def desk(transactional_db):
    desk = make_desk()
    with run_in_office(desk.east, desk.clerk):
        desk.person = make_person(desk.east, name=NAME)
        confirm(desk.person)
    desk.number = desk.person.id_number.plain()
    desk.west_clerk = make_user(desk.offices.west, "clerk")
    with run_in_office(desk.offices.west, desk.west_clerk):
        case_accept(case_input(desk.number, NAME, CaseKind.TRANSFER, document="证明"), key="t" * 32)
        case_accept(case_input(desk.number, NAME), key="b" * 32)
    return desk


@pytest.fixture
def watched(page, live_server):
    """Give a page that reports what a browser would complain about; nothing may be foreign."""
    errors = []
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert errors == []


def address(live_server, name, *args):
    return live_server.url + reverse(f"admin:{name}", args=args)


def findings(page):
    results = Axe().run(page, options=RULES).response
    return [
        (each["id"], [node["html"] for node in each["nodes"]]) for each in results["violations"]
    ]


def test_the_pages_of_the_accepting_office_have_no_findings_and_the_check_answers(
    watched, live_server, desk
):
    with run_in_office(desk.offices.west, desk.west_clerk):
        receipt = CaseReceipt.objects.filter(kind=CaseKind.BILL).get()
    sign_in_page(watched, live_server.url, desk.west_clerk, PASSWORD)
    found = {}
    for name, *args in (
        ("claims_crossings",),
        ("claims_crossing_accept",),
        ("claims_crossing_propose",),
        ("claims_crossing_receipt", receipt.public_id),
    ):
        watched.goto(address(live_server, name, *args))
        found[name] = findings(watched)
    watched.get_by_role("button", name="打印回执").click()
    expect(watched.get_by_role("heading", name="受理回执")).to_be_visible()
    found["print"] = findings(watched)
    watched.goto(address(live_server, "claims_crossings"))
    watched.fill("#id_id_number", desk.number)
    watched.fill("#id_reason", "办理参保")
    watched.get_by_role("button", name="查询", exact=True).click()
    expect(watched.get_by_text("该号码已在统筹区内其他机构登记。")).to_be_visible()
    assert {name: each for name, each in found.items() if each} == {}


def test_the_pages_of_the_owner_and_of_the_pool_have_no_findings(watched, live_server, desk):
    with run_in_office(desk.east):
        case = AcceptedCase.objects.filter(kind=CaseKind.TRANSFER).get()
    supervisor = make_user(desk.offices.pool, "supervisor")
    sign_in_page(watched, live_server.url, supervisor, PASSWORD)
    found = {}
    for name, *args in (
        ("claims_crossings",),
        ("claims_crossing_case", case.public_id),
        ("claims_readers", desk.person.public_id),
        ("claims_reads",),
        ("claims_pool_report",),
        ("enrollment_readingnotice_changelist",),
        ("claims_desk_reveal", desk.person.public_id),
    ):
        watched.goto(address(live_server, name, *args))
        found[name] = findings(watched)
    assert {name: each for name, each in found.items() if each} == {}

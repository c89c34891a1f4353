"""Statement, causes, review and day list in a browser: both looks, printed once, released, no findings."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect

from claims.models import SettlementRelease
from config.audit.models import AuditEvent
from config.offices.acting import run_in_office
from tests.claims.conftest import make_desk
from tests.factories.claims import bill, confirm, correct, current
from tests.factories.claims import reverse as reverse_bill
from tests.factories.enrollment import make_category, make_person
from tests.factories.offices import PASSWORD
from tests.factories.sign_in import sign_in_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}


@pytest.fixture
def desk(transactional_db):
    return make_desk()


@pytest.fixture
def versions(desk):
    """One settlement of each standing: waiting, corrected, reversed with its red letter."""
    with run_in_office(desk.east, desk.clerk):
        poor = make_person(desk.east, name="陈示例")
        make_category(poor, "minimum_living")
        waiting = current(confirm(poor, bill(total_fen=480_000_00)))
        corrected = confirm(make_person(desk.east))
        correct(corrected, bill(total_fen=31_000_00))
        taken_back = confirm(make_person(desk.east))
        void = current(taken_back)
        reverse_bill(taken_back)
        return {
            "waiting": waiting,
            "corrected": current(corrected),
            "void": void,
            "red": current(taken_back),
        }


@pytest.fixture
def watched(page, live_server):
    """Give the page; afterwards no request left the machine and the console is clean."""
    foreign, errors = [], []

    def sent(request):
        if not request.url.startswith((live_server.url, "data:")):
            foreign.append(request.url)

    page.on("request", sent)
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert foreign == []
    assert errors == []


def sign_in(page, live_server, user):
    sign_in_page(page, live_server.url, user, PASSWORD)


def address(live_server, name: str, *args) -> str:
    return live_server.url + reverse(f"admin:{name}", args=args)


def findings(page) -> list[str]:
    found = []
    for look in ("light", "dark"):
        page.emulate_media(color_scheme=look)
        page.reload()  # the theme looks once, when a page is opened
        page.wait_for_timeout(150)
        for violation in Axe().run(page, options=RULES).response["violations"]:
            found += [_told(look, violation, node) for node in violation["nodes"]]
    return found


def _told(look: str, violation: dict, node: dict) -> str:
    why = node["any"][0]["message"] if node["any"] else ""
    return f"{look} {violation['id']}: {node['target']} {why}"


def test_no_page_has_findings_in_either_look(watched, live_server, desk, versions):
    sign_in(watched, live_server, desk.supervisor)
    waiting, corrected = versions["waiting"].public_id, versions["corrected"].public_id
    pages = [
        address(live_server, "claims_statement", waiting),
        address(live_server, "claims_statement", versions["void"].public_id),
        address(live_server, "claims_statement", versions["red"].public_id),
        address(live_server, "claims_why", waiting),
        address(live_server, "claims_review"),
        address(live_server, "claims_review_one", corrected),
        address(live_server, "claims_day_list") + f"?clerk={desk.clerk.pk}",
        address(live_server, "claims_bill_changelist"),
        address(live_server, "claims_settlement_changelist"),
        address(live_server, "claims_benefityearaccount_changelist"),
        address(live_server, "claims_facility_changelist"),
    ]
    found = {}
    for url in pages:
        watched.goto(url)
        if broken := findings(watched):
            found[url] = broken
    assert found == {}, "\n".join(line for lines in found.values() for line in lines)


def test_a_statement_is_released_printed_and_printed_again_as_a_copy(
    watched, live_server, desk, versions
):
    version = versions["waiting"]
    sign_in(watched, live_server, desk.reviewer)
    watched.goto(address(live_server, "claims_review"))
    watched.click(f"a[href='{reverse('admin:claims_review_one', args=[version.public_id])}']")
    watched.click(".review-acts form:first-child button")
    expect(watched).to_have_url(re.compile("/admin/review/$"))
    with run_in_office(desk.east, desk.reviewer):
        assert SettlementRelease.objects.get(settlement=version).actor == desk.reviewer
    watched.goto(address(live_server, "claims_statement", version.public_id))
    expect(watched.locator(".sheet-mark--waiting")).to_have_count(0)
    watched.click("button[value=page]")
    expect(watched.locator(".sheet-mark--copy")).to_have_count(0)
    watched.go_back()
    watched.click("button[value=page]")
    expect(watched.locator(".sheet-mark--copy")).to_have_count(1)
    with run_in_office(desk.east, desk.reviewer):
        assert AuditEvent.objects.filter(verb="statement.printed").count() == 2


def test_the_printed_page_is_one_sheet_of_paper(watched, live_server, desk, versions):
    sign_in(watched, live_server, desk.reviewer)
    watched.goto(address(live_server, "claims_statement", versions["waiting"].public_id))
    watched.click("button[value=page]")
    watched.emulate_media(media="print")
    paper = watched.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1

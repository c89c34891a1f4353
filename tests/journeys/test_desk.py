"""The desk in a browser: by keyboard alone, in both looks, without a word to another host."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from claims.models import Bill, Settlement
from config.offices.acting import run_in_office
from tests.claims.conftest import make_desk
from tests.factories.claims import confirm
from tests.factories.enrollment import make_category, make_person
from tests.factories.offices import PASSWORD
from tests.factories.sign_in import sign_in_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(transactional_db):
    return make_desk()


@pytest.fixture
def person(desk):
    with run_in_office(desk.east, desk.clerk):
        found = make_person(desk.east, name="陈示例")
        make_category(found, "minimum_living")
        return found


@pytest.fixture
def watched(page, live_server):
    """Give the page; afterwards no request left the machine and the console is clean."""
    foreign, errors = [], []
    page.on(
        "request",
        lambda sent: (
            None if sent.url.startswith((live_server.url, "data:")) else foreign.append(sent.url)
        ),
    )
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert foreign == []
    assert errors == []


@pytest.fixture
def signed_in(watched, live_server, desk):
    sign_in_page(watched, live_server.url, desk.clerk, PASSWORD, "/admin/desk/")
    expect(watched.locator("#ds-text")).to_be_focused()
    return watched


def assert_no_findings(page):
    for is_dark in (False, True):
        page.evaluate("on => document.documentElement.classList.toggle('dark', on)", is_dark)
        page.wait_for_timeout(350)
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})
        assert found.violations_count == 0, found.generate_report()
    page.evaluate("document.documentElement.classList.remove('dark')")


def type_bill(page, number="9000000001"):
    """Type a bill by keyboard only, from the field that has the focus: the facility."""
    keys = page.keyboard
    keys.type("示例医院", delay=20)
    expect(page.locator("#ds-facilities [data-code]")).to_be_visible()
    keys.press("Enter")
    expect(page.locator("#id_facility_code")).to_have_value(re.compile("^H"))
    for _field in ("care_type", "disease", "admitted_on"):
        keys.press("Tab")
    keys.type("2025-03-01")
    keys.press("Tab")
    keys.type("2025-03-10")
    for _field in ("off_area", "is_referred", "total"):
        keys.press("Tab")
    keys.type("86420.55")
    keys.press("Tab")
    keys.type("3240.35")
    keys.press("Tab")
    keys.press("Tab")
    keys.type("9000")
    for _field in ("other_aid", "other_aid_payer", "hospital_part", "worksheet", "invoice_code"):
        keys.press("Tab")
    keys.type("99001234")
    keys.press("Tab")
    keys.type(number)


def test_bill_is_settled_by_keyboard_alone(signed_in, desk, person, context):
    page = signed_in
    keys = page.keyboard
    keys.press("F2")
    keys.type(person.id_last4)
    keys.press("Enter")
    expect(page.locator("#ds-found a").first).to_be_focused()
    assert_no_findings(page)
    keys.press("Enter")
    page.wait_for_url(re.compile(r"/desk/person/[0-9a-f-]+/$"))
    expect(page.locator("#id_facility_name")).to_be_focused()
    type_bill(page)
    keys.press("F8")
    expect(page.locator("#ds-result .ds-tiers")).to_be_visible()
    shown = page.locator("#ds-summary .ds-own").inner_text()
    assert_no_findings(page)
    for _step in range(30):
        keys.press("Tab")
        if page.evaluate("document.activeElement.id") == "ds-confirm":
            break
    keys.press("Enter")
    page.wait_for_url(re.compile(r"/desk/bill/[0-9a-f-]+/$"))
    with run_in_office(desk.east, desk.clerk):
        settled = Settlement.objects.select_related("bill").get()
    expect(page.locator("#ds-bill-title")).to_contain_text(settled.bill.number)
    assert page.locator("tfoot .ds-own").inner_text() == shown
    assert_no_findings(page)
    with context.expect_page() as opened:
        keys.press("F9")
    assert "/statement/" in opened.value.url
    opened.value.close()


def test_draft_waits_behind_the_sign_out(signed_in, live_server, desk, person):
    page = signed_in
    address = f"{live_server.url}/admin/desk/person/{person.public_id}/"
    page.goto(address)
    type_bill(page)
    expect(page.locator("#ds-draft")).to_contain_text(re.compile(r"\d\d:\d\d:\d\d"))
    page.wait_for_timeout(900)
    page.context.clear_cookies()
    sign_in_page(page, live_server.url, desk.clerk, PASSWORD, "/admin/desk/")
    expect(page.locator("#ds-text")).to_be_focused()
    page.goto(address)
    expect(page.locator("#id_total")).to_have_value("86420.55")
    expect(page.locator("#id_invoice_number")).to_have_value("9000000001")
    expect(page.locator("#ds-result .ds-tiers")).to_be_visible()


def test_mistakes_stand_beside_their_fields(signed_in, live_server, desk, person):
    page = signed_in
    page.goto(f"{live_server.url}/admin/desk/person/{person.public_id}/")
    type_bill(page)
    page.fill("#id_total", "86420.555")
    page.keyboard.press("F8")
    expect(page.locator("#error-total")).to_contain_text("86420.555")
    expect(page.locator("#id_total")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#id_total")).to_be_focused()
    assert_no_findings(page)
    with run_in_office(desk.east, desk.clerk):
        assert Bill.objects.count() == 0


def test_worksheet_fills_the_amounts(signed_in, live_server, person):
    page = signed_in
    page.goto(f"{live_server.url}/admin/desk/person/{person.public_id}/")
    page.click(".ds-worksheet summary")
    row = page.locator(".ds-line").first
    row.locator("[name=line_item_name]").fill("西药")
    row.locator("[name=line_amount]").fill("1200.50")
    page.click("#ds-add-line")
    row = page.locator(".ds-line").nth(1)
    row.locator("[name=line_item_name]").fill("自费药")
    row.locator("[name=line_item_class]").select_option("C")
    row.locator("[name=line_amount]").fill("99.50")
    page.click("button[value=sums]")
    expect(page.locator("#id_total")).to_have_value("1300.00")
    expect(page.locator("#id_fully_self_paid")).to_have_value("99.50")
    expect(page.locator("#ds-in-scope")).to_have_text("1,200.50")
    assert_no_findings(page)


def test_acts_on_a_bill_are_readable_in_both_looks(signed_in, live_server, desk, person):
    page = signed_in
    with run_in_office(desk.east, desk.clerk):
        bill = confirm(person)
        held = confirm(make_person(desk.east, covered=False))
    for path in (
        "desk/calculator/",
        f"desk/bill/{bill.public_id}/reverse/",
        f"desk/bill/{bill.public_id}/correct/",
        f"desk/bill/{held.public_id}/",
        f"desk/bill/{held.public_id}/settle/",
    ):
        page.goto(f"{live_server.url}/admin/{path}")
        page.wait_for_load_state("networkidle")
        assert_no_findings(page)


def test_bar_of_acts_is_in_sight_on_a_low_screen(signed_in, live_server, person):
    page = signed_in
    page.goto(f"{live_server.url}/admin/desk/person/{person.public_id}/")
    box = page.locator("#ds-confirm").bounding_box()
    assert box["y"] + box["height"] <= 768
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366

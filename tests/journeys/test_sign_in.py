"""Sign in for the first time, page by page, in a browser: no script, no findings, in Chinese."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect

from config.sign_in.models import TotpDevice
from tests.claims.conftest import make_desk
from tests.factories.offices import PASSWORD
from tests.factories.sign_in import make_device, sign_in_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


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


def findings(page, *more_rules):
    rules = {"runOnly": [*WCAG, *more_rules]}
    found = []
    for look in ("light", "dark"):
        page.emulate_media(color_scheme=look)
        for violation in Axe().run(page, options=rules).response["violations"]:
            found += [(page.url, look, violation["id"], n["target"]) for n in violation["nodes"]]
    return found


def test_the_first_sign_in_has_no_findings_and_ends_at_the_desk(watched, live_server):
    clerk = make_desk().clerk
    found = []
    watched.goto(f"{live_server.url}/admin/login/?next=/admin/desk/")
    found += findings(watched, "best-practice")
    watched.fill("[name=username]", clerk.username)
    watched.fill("[name=password]", "wrong")
    watched.keyboard.press("Enter")
    expect(watched.get_by_role("alert")).to_contain_text("不正确")
    found += findings(watched, "best-practice")
    watched.fill("[name=password]", PASSWORD)
    watched.keyboard.press("Enter")
    expect(watched.get_by_role("img")).to_be_visible()
    found += findings(watched, "best-practice")
    watched.get_by_role("link", name="改用硬件令牌").click()
    expect(watched.locator("[name=seed]")).to_be_visible()
    found += findings(watched, "best-practice")
    watched.get_by_role("link", name="改用手机").click()
    seed = watched.locator("code").inner_text().replace(" ", "")
    watched.fill("[name=code]", TotpDevice(seed=seed).next_code())
    watched.keyboard.press("Enter")
    expect(watched.locator("ol.codes li")).to_have_count(10)
    found += findings(watched, "best-practice")
    watched.get_by_role("link", name="继续").click()
    expect(watched).to_have_url(re.compile("/admin/desk/$"))
    assert found == []


def test_the_pages_of_sign_in_inside_have_no_findings(watched, live_server):
    desk = make_desk()
    make_device(desk.supervisor)
    sign_in_page(watched, live_server.url, desk.supervisor, PASSWORD)
    found = []
    for name in ("own", "one_day_code", "deputies", "handover"):
        watched.goto(live_server.url + reverse(f"admin:sign_in_{name}"))
        found += findings(watched)
    assert found == []

"""The page of the interface in a browser: drawn under the strict policy, without another host."""

import pytest
from playwright.sync_api import expect

from tests.claims.conftest import make_desk
from tests.factories.offices import PASSWORD
from tests.factories.sign_in import sign_in_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_page_is_drawn_from_own_files(page, live_server, transactional_db):
    desk = make_desk()
    sent, refused = [], []
    page.on("request", lambda request: sent.append(request.url))
    page.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
    sign_in_page(page, live_server.url, desk.clerk, PASSWORD, "/api/v1/docs/")
    expect(page.get_by_text("/api/v1/settlements/confirm/")).to_be_visible()
    page.get_by_text("/api/v1/settlements/confirm/").click()
    expect(page.get_by_text("Idempotency-Key").first).to_be_visible()
    assert all(url.startswith((live_server.url, "data:")) for url in sent)
    assert refused == []

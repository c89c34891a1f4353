"""The pages of background work in a browser: both looks without findings, progress by itself."""

import pytest
from django.db import transaction
from playwright.sync_api import expect

from config.offices.acting import run_in_office
from config.outbox.services import emit
from config.runs import services, work
from tests.claims.conftest import make_desk
from tests.config.runs.probe import SETTINGS
from tests.journeys.test_statement import address, findings, sign_in, watched  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_run_is_watched_until_it_ends_and_no_page_has_findings(
    watched,  # noqa: F811  the fixture of that name
    live_server,
    settings,
    transactional_db,
):
    settings.RUN_KINDS = {**settings.RUN_KINDS, **SETTINGS}
    settings.OUTBOX_CONSUMERS = {**settings.OUTBOX_CONSUMERS, "test": "nobody.here"}
    desk = make_desk()
    with run_in_office(desk.east, desk.supervisor):
        run = services.run_plan("probe", "演练", rows=20, size=10, poison=[3])
        with transaction.atomic():
            emit("test", 1, "test:1")
    with run_in_office(desk.east, desk.reviewer):
        services.run_approve(run)
    sign_in(watched, live_server, desk.supervisor)
    page = address(live_server, "runs_page", run.public_id)
    lists = [
        address(live_server, f"{name}_changelist") for name in ("runs_run", "outbox_outboxevent")
    ]
    found = {}
    for url in [page, *lists]:
        watched.goto(url)
        if broken := findings(watched):
            found[url] = broken
    watched.goto(page)
    expect(watched.locator("#run-progress")).to_contain_text("0 / 20")
    while work.work_one(run.pk):
        pass
    expect(watched.locator("#run-progress")).to_contain_text("20 / 20", timeout=10_000)
    watched.reload()
    expect(watched.locator("#content")).to_contain_text("ValueError")
    found["ended"] = findings(watched)
    assert [line for lines in found.values() for line in lines] == []

"""A county whose supervisor plans runs and whose reviewer approves them."""

from types import SimpleNamespace

import pytest

from config.offices.acting import run_in_office
from config.runs import services
from tests.config.runs.probe import SETTINGS
from tests.factories.offices import make_user


@pytest.fixture(autouse=True)
def probe_kind(settings, monkeypatch):
    settings.RUN_KINDS = {**settings.RUN_KINDS, **SETTINGS}
    sent = []
    monkeypatch.setattr(services.queue, "send_task", lambda *_args, **_kwargs: sent.append(1))
    return sent


@pytest.fixture
def people(offices):
    return SimpleNamespace(
        offices=offices,
        supervisor=make_user(offices.east, "supervisor"),
        reviewer=make_user(offices.east, "reviewer"),
        clerk=make_user(offices.east, "clerk"),
    )


@pytest.fixture
def plan(people):
    """Plan a run of the probe, and approve it unless asked otherwise."""

    def planned(*, approve=True, **parameters):
        parameters = {"rows": 40, "size": 10, **parameters}
        with run_in_office(people.offices.east, people.supervisor):
            run = services.run_plan("probe", "演练", **parameters)
        if approve:
            with run_in_office(people.offices.east, people.reviewer):
                run = services.run_approve(run)
        return run

    return planned

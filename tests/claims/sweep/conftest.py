"""A small ledger in which everything happened that can happen to a bill, all of it as it should."""

from datetime import date
from types import SimpleNamespace
from uuid import uuid4

import pytest

from claims.models import EntryKind
from claims.services import preview, settlement
from claims.services.account import EntryInput, account_post
from claims.services.settlement import settlement_release
from config.offices.acting import run_in_office
from tests.claims.conftest import make_desk
from tests.factories.claims import bill, confirm, correct, current, reverse
from tests.factories.enrollment import make_category, make_person


def receive(person, monkeypatch):
    """Take a bill as the national platform settled it; no file brings one yet."""
    with monkeypatch.context() as patched:
        for module in (preview, settlement):
            patched.setattr(module, "bill_check", lambda *_args, **_kwargs: None)
        return confirm(person, bill(origin="platform"))


@pytest.fixture
def ledger(transactional_db, monkeypatch):
    """Confirm, correct, reverse, post, receive and release; the desk and the bills by name."""
    made = SimpleNamespace(desk=make_desk())
    desk = made.desk
    with run_in_office(desk.east, desk.clerk):
        ann, ben = make_person(desk.east), make_person(desk.east)
        make_category(ann, "minimum_living")
        made.first, made.second, made.third = (
            confirm(ann, bill(total_fen=80_000_00)) for _ in range(3)
        )
        reverse(made.second)
        correct(made.first, bill(total_fen=90_000_00))
        confirm(ben, bill(care_type="general_outpatient", admitted_on=date(2025, 3, 10)))
        confirm(ben)
        made.platform = receive(ben, monkeypatch)
        made.after_platform = confirm(ben)
    with run_in_office(desk.east, desk.supervisor):
        entry = EntryInput(EntryKind.GRANT, {"ordinary_limit": 100_00}, "grant")
        account_post(ann, 2025, entry, key=str(uuid4()))
    with run_in_office(desk.east, desk.clerk):
        made.last = confirm(ann, bill(total_fen=60_000_00))
    with run_in_office(desk.east, desk.reviewer):
        settlement_release(current(made.third), key=str(uuid4()))
    return made

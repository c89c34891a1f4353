"""Whatever fails, and wherever: all of an act or nothing, and the same request then works."""

import pytest

from config.audit.models import ActKey
from config.errors import DomainError
from config.offices.acting import run_in_office
from config.sweep.services import as_system
from tests.claims.conftest import make_desk
from tests.factories.offices import make_user
from tests.faults import writing_crossings as crossings
from tests.faults.plug import changed, contents, fails_at_every_statement
from tests.faults.writing_services import (
    ANEW,
    ANSWERS,
    CASES,
    KEPT,
    REFUSES,
    SAME,
    services_in_the_code,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.row("A12")]
WRITING = sorted(name for name, case in CASES.items() if not case.is_read)
READING = sorted(name for name, case in CASES.items() if case.is_read)


@pytest.fixture
def desk():
    yield make_desk()
    crossings.put_back()


def act_of(desk, name):
    """Make what a service needs; returns its act and the scope it is done in."""
    case = CASES[name]
    with run_in_office(desk.east, desk.clerk):
        act = case.prepare(desk)
    if case.role == "system":
        return act, as_system("test")
    office = getattr(desk.offices, case.at)
    user = getattr(desk, case.role, None) if case.at == "east" else None
    return act, run_in_office(office, user or make_user(office, case.role))


def test_every_service_has_a_case():
    assert sorted(services_in_the_code()) == sorted(CASES)


@pytest.mark.parametrize("name", WRITING)
def test_a_failure_at_any_statement_leaves_nothing_and_the_same_request_then_works(
    desk, name, tried
):
    act, scope = act_of(desk, name)
    with scope:
        before = contents()
        points, first = fails_at_every_statement(lambda: act("the-same-key"))
        tried(points)
        after = contents()
        assert changed(before, after) != []
        _repeated(CASES[name].repeat, act, first, after)


def _repeated(repeat, act, first, after):
    """The answer was lost after the commit: the browser sends the same request again."""
    if repeat == ANSWERS:
        assert act("the-same-key") == first
    if repeat in {ANSWERS, KEPT}:
        act("the-same-key")
        assert changed(after, contents()) == []
        assert ActKey.objects.filter(key="the-same-key").count() == 1
    elif repeat == REFUSES:
        with pytest.raises(DomainError):
            act("the-same-key")
        assert changed(after, contents()) == []
    elif repeat == SAME:
        act("the-same-key")
        counts = {table: rows for table, (rows, _digest) in after.items()}
        assert {table: rows for table, (rows, _digest) in contents().items()} == counts
    else:
        assert repeat == ANEW


@pytest.mark.parametrize("name", READING)
def test_a_preview_stores_nothing(desk, name):
    act, scope = act_of(desk, name)
    with scope:
        before = contents()
        act("the-same-key")
        assert changed(before, contents()) == []


def test_an_act_in_two_transactions_is_caught(desk):
    """The control: what commits half way leaves half of it, and the mechanism says so."""
    act, scope = act_of(desk, "claims.services.settlement.settlement_reverse")
    other, _scope = act_of(desk, "claims.services.settlement.settlement_confirm")

    def torn(key):
        other(f"{key}-first")
        act(key)

    with scope, pytest.raises(AssertionError, match="left something in"):
        fails_at_every_statement(lambda: torn("the-same-key"))

"""Acting at one other office: only there, only for the block, only by those listed here."""

import re
from pathlib import Path

import pytest

from config.audit.models import AuditEvent
from config.audit.services import record
from config.errors import Refused
from config.offices import roles, scope
from config.offices.acting import run_in_office
from config.offices.crossing import act_at, pool_of
from tests.factories.offices import make_user

ROOT = Path(__file__).resolve().parents[3]
# Every module that crosses, and why. The list grows by review only.
CROSSERS = {
    "enrollment/services/pool_numbers.py": "the event of a question about a number",
    "enrollment/services/accepted_cases.py": "a case handed over, and its answer",
    "enrollment/services/transfers.py": "the file of a person who moves",
}
# Who learns the office of a number inside the service; none of them says it.
ASKERS = {
    "enrollment/services/pool_numbers.py",
    "enrollment/services/accepted_cases.py",
    "enrollment/services/person.py",
}


@pytest.mark.row("D5")
def test_the_block_sees_the_one_office_and_leaves_no_trace(offices):
    clerk = make_user(offices.west, "clerk")
    with run_in_office(offices.west, clerk) as own:
        with act_at(offices.east.pk) as there:
            assert (there.office_ids, there.user_id) == ((offices.east.pk,), clerk.pk)
            assert there.request_id == own.request_id
            record("session.opened")
            assert AuditEvent.all_offices.count() == 1
        assert scope.current() is own
        assert AuditEvent.all_offices.count() == 0


def test_whoever_crosses_may_do_nothing_there(offices):
    assert not any(roles.CROSSING in allowed for allowed in roles.ACTS.values())
    acting = run_in_office(offices.west, make_user(offices.west, "supervisor"))
    with acting, act_at(offices.east.pk), pytest.raises(Refused):
        roles.require("person.view")


def test_every_office_has_its_pool(offices):
    for office in (offices.pool, offices.east, offices.township):
        assert pool_of(office.pk) == offices.pool


@pytest.mark.row("D4")
@pytest.mark.parametrize(
    ("call", "allowed"),
    [(r"\bact_at\(", set(CROSSERS)), (r"office_of_number\(|\bask_pool\(", ASKERS)],
    ids=["act_at", "office_of_number"],
)
def test_only_named_services_cross(call, allowed):
    services = {
        str(path.relative_to(ROOT))
        for package in ("config", "enrollment", "claims")
        for path in (ROOT / package).rglob("*.py")
        if re.search(call, path.read_text("utf-8")) and "migrations" not in path.parts
    } - {"config/offices/crossing.py"}
    assert services == allowed

"""Which role may do which act: one table, asked by every service, page and interface.

An act (`settlement.confirm`) names what is done, not a screen or a table. A role is held at an
office; it reaches the offices beneath it. Rights to other rows are a matter of scope, not of
this table.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from config.errors import Refused
from config.offices import scope

CLERK = "clerk"
REVIEWER = "reviewer"
SUPERVISOR = "supervisor"
AUDITOR = "auditor"
ADMINISTRATOR = "administrator"
SECURITY_OFFICER = "security_officer"
POLICY_DESK = "policy_desk"
# Held by machines, never by a person: the interface of one facility, work nobody started.
FACILITY = "facility"
SYSTEM = "system"
# Held for one block by whoever writes in another office by a named crossing.
CROSSING = "crossing"

ROLE_CHOICES = (
    (CLERK, _("Clerk")),
    (REVIEWER, _("Reviewer")),
    (SUPERVISOR, _("Supervisor")),
    (AUDITOR, _("Auditor")),
    (ADMINISTRATOR, _("Administrator")),
    (SECURITY_OFFICER, _("Security officer")),
    (POLICY_DESK, _("Policy desk")),
)
POOL_ROLES = frozenset({AUDITOR, POLICY_DESK})
# Rights that must not meet in one person: who keeps accounts grants no roles, who grants roles
# keeps no accounts, neither handles cases, who audits changes nothing. The table of memberships
# holds the same rule as a constraint.
ALONE = frozenset({AUDITOR, ADMINISTRATOR, SECURITY_OFFICER})

# What a named deputy may stand in for, for some days.
DEPUTY_ROLES = frozenset({CLERK, REVIEWER, SUPERVISOR})

_DESK = {CLERK, REVIEWER, SUPERVISOR}
_CASES = _DESK | {AUDITOR}
_EVERYONE = {role for role, _name in ROLE_CHOICES}

ACTS: dict[str, frozenset[str]] = {
    act: frozenset(allowed)
    for act, allowed in {
        "workbench.view": _EVERYONE,
        # people
        "person.view": _CASES,
        "person.register": {CLERK, SUPERVISOR},
        "person.change": {CLERK, SUPERVISOR},
        "category.change": {CLERK, SUPERVISOR},
        "coverage.change": {CLERK, SUPERVISOR},
        "coverage.view": _CASES | {FACILITY},
        "certification.change": {CLERK, SUPERVISOR},
        "id_number.reveal": {CLERK, SUPERVISOR},
        # across offices
        "number.check": {CLERK, SUPERVISOR},
        "case.view": _CASES,
        "case.accept": {CLERK, SUPERVISOR},
        "case.settle": {CLERK, SUPERVISOR},
        "transfer.propose": {CLERK, SUPERVISOR},
        "transfer.decide": {SUPERVISOR},
        "pool_report.view": {SUPERVISOR, AUDITOR, POLICY_DESK},
        # who looked at whom
        "reading.view": {AUDITOR, SUPERVISOR},
        "reads.view": {AUDITOR, SECURITY_OFFICER, SUPERVISOR},
        "reading.answer": {SUPERVISOR},
        # bills and settlements
        "bill.view": _CASES,
        "bill.correct": {CLERK, SUPERVISOR, FACILITY},
        "settlement.view": _CASES,
        "settlement.preview": _DESK | {FACILITY},
        "settlement.confirm": {CLERK, SUPERVISOR, FACILITY},
        "settlement.release": {REVIEWER, SUPERVISOR},
        # A reviewer of the pool releases for an office beneath that has no second person.
        "settlement.release_beneath": {REVIEWER, SUPERVISOR},
        "settlement.reverse": {CLERK, SUPERVISOR, FACILITY},
        "statement.print": _CASES | {FACILITY},
        "account.view": _CASES,
        "account.post": {SUPERVISOR},
        "account.resettle": {SUPERVISOR},
        # reference data and policy
        "facility.view": _EVERYONE,
        "facility.change": {POLICY_DESK},
        "policy.view": _EVERYONE,
        "document.change": {POLICY_DESK},
        "release.register": {POLICY_DESK, SYSTEM},
        "release.activate": {POLICY_DESK, SYSTEM},
        # the system
        "office.view": {ADMINISTRATOR, AUDITOR, SECURITY_OFFICER, SUPERVISOR},
        "office.manage": {ADMINISTRATOR},
        "user.view": {ADMINISTRATOR, AUDITOR, SECURITY_OFFICER},
        "user.manage": {ADMINISTRATOR, SYSTEM},
        "role.grant": {SECURITY_OFFICER, SYSTEM},
        "factor.reset": {ADMINISTRATOR},
        "one_day_code.issue": {SUPERVISOR},
        "deputy.appoint": {SUPERVISOR},
        "work.hand_over": {SUPERVISOR},
        "audit.view": {AUDITOR, SECURITY_OFFICER, SUPERVISOR},
        "health.view": {SUPERVISOR, ADMINISTRATOR, AUDITOR},
        "ledger.sweep": {SYSTEM},
        "operation.resume": {SUPERVISOR, ADMINISTRATOR},
        "outbox.view": {ADMINISTRATOR, AUDITOR, SUPERVISOR},
        "outbox.retry": {ADMINISTRATOR, SUPERVISOR},
        "run.view": {ADMINISTRATOR, AUDITOR, SECURITY_OFFICER, SUPERVISOR},
        "key.rotate": {ADMINISTRATOR, SECURITY_OFFICER},
        "api_token.view": {ADMINISTRATOR, AUDITOR},
        "api_token.manage": {ADMINISTRATOR, SYSTEM},
    }.items()
}


def may_meet(held: Iterable[str]) -> bool:
    """Tell whether one person may hold all of these roles at the same time."""
    distinct = set(held)
    return len(distinct) < 2 or not distinct & ALONE


def is_allowed(act: str) -> bool:
    """Tell whether the actor in scope may do an act; False when nobody is acting.

    Raises:
        KeyError: no such act; a misspelt act must not read as "not allowed".
    """
    allowed = ACTS[act]
    acting = scope.current_or_none()
    return acting is not None and not allowed.isdisjoint(acting.roles)


def require(act: str) -> scope.Scope:
    """Return the scope in force if it may do an act.

    Raises:
        ScopeMissing: nobody is acting.
        Refused: `offices.act.not_allowed`.
    """
    acting = scope.current()
    if not is_allowed(act):
        raise Refused("offices.act.not_allowed", act=act)
    return acting

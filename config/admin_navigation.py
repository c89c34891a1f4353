"""The sidebar: entries grouped by what people come to do, shown to those who may do it.

An entry names its page and the act it serves. Pages register themselves under these names; an
entry whose page does not exist is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.offices import roles, scope
from config.offices.models import Office


@dataclass(frozen=True)
class Entry:
    """One line of the sidebar; some pages are open at the pool alone."""

    title: str | Promise
    icon: str
    page: str
    act: str
    is_for_the_pool: bool = False


@dataclass(frozen=True)
class Group:
    """One heading of the sidebar."""

    title: str | Promise
    entries: tuple[Entry, ...]


GROUPS = (
    Group(
        _("Counter"),
        (
            Entry(_("Workbench"), "home", "admin:index", "workbench.view"),
            Entry(_("Settlement desk"), "point_of_sale", "admin:claims_desk", "settlement.preview"),
            Entry(
                _("Persons"), "person_search", "admin:enrollment_person_changelist", "person.view"
            ),
            Entry(_("Bills"), "receipt_long", "admin:claims_bill_changelist", "bill.view"),
            Entry(
                _("Settlements"),
                "payments",
                "admin:claims_settlement_changelist",
                "settlement.view",
            ),
            Entry(_("Review list"), "fact_check", "admin:claims_review", "settlement.release"),
            Entry(_("For other offices"), "swap_horiz", "admin:claims_crossings", "case.view"),
            Entry(_("Day list"), "today", "admin:claims_day_list", "settlement.view"),
            Entry(
                _("Accounts of the year"),
                "account_balance_wallet",
                "admin:claims_benefityearaccount_changelist",
                "account.view",
            ),
        ),
    ),
    Group(
        _("Policy"),
        (
            Entry(_("Policy values"), "menu_book", "admin:policy_values", "policy.view"),
            Entry(
                _("Releases"),
                "published_with_changes",
                "admin:policy_policyrelease_changelist",
                "policy.view",
            ),
            Entry(
                _("Documents"),
                "description",
                "admin:policy_policydocument_changelist",
                "policy.view",
            ),
            Entry(
                _("Facilities"),
                "local_hospital",
                "admin:claims_facility_changelist",
                "facility.view",
            ),
        ),
    ),
    Group(
        _("System"),
        (
            Entry(_("Offices"), "domain", "admin:offices_office_changelist", "office.view"),
            Entry(_("Code for one day"), "pin", "admin:sign_in_one_day_code", "one_day_code.issue"),
            Entry(_("Deputies"), "supervisor_account", "admin:sign_in_deputies", "deputy.appoint"),
            Entry(_("Hand over open work"), "move_up", "admin:sign_in_handover", "work.hand_over"),
            Entry(_("Reset a second factor"), "lock_reset", "admin:sign_in_reset", "factor.reset"),
            Entry(_("Accounts"), "group", "admin:offices_user_changelist", "user.view"),
            Entry(
                _("Interface tokens"),
                "key",
                "admin:claims_apitoken_changelist",
                "api_token.view",
            ),
            Entry(
                _("Report of the pool"),
                "bar_chart",
                "admin:claims_pool_report",
                "pool_report.view",
                is_for_the_pool=True,
            ),
            Entry(_("Whose data was opened"), "visibility", "admin:claims_reads", "reads.view"),
            Entry(
                _("Notices about much reading"),
                "notification_important",
                "admin:enrollment_readingnotice_changelist",
                "reads.view",
            ),
            Entry(_("Audit"), "policy", "admin:audit_auditevent_changelist", "audit.view"),
            Entry(_("Health"), "monitor_heart", "admin:health", "health.view"),
            Entry(_("Runs"), "sync", "admin:runs_run_changelist", "run.view"),
            Entry(
                _("Audit seals"),
                "verified_user",
                "admin:audit_auditseal_changelist",
                "audit.view",
            ),
            Entry(
                _("Work to be done"),
                "pending_actions",
                "admin:outbox_outboxevent_changelist",
                "outbox.view",
            ),
        ),
    ),
)


def groups(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the groups and entries the actor in scope may use."""
    allowed = [
        (group, [(entry, address) for entry in group.entries if (address := _address(entry))])
        for group in GROUPS
    ]
    active = _active(request.path, [address for _, found in allowed for _, address in found])
    return [
        {
            "title": group.title,
            "items": [
                {
                    "title": entry.title,
                    "icon": entry.icon,
                    "link": address,
                    "active": address == active,
                }
                for entry, address in found
            ],
        }
        for group, found in allowed
        if found
    ]


def _address(entry: Entry) -> str:
    if not roles.is_allowed(entry.act) or (entry.is_for_the_pool and not _is_at_the_pool()):
        return ""
    try:
        return reverse(entry.page)
    except NoReverseMatch:
        return ""


def _is_at_the_pool() -> bool:
    here = Office.objects.filter(pk=scope.current().office_id, kind=Office.Kind.POOL)
    return here.exists()


def _active(path: str, addresses: list[str]) -> str:
    """Return the entry a page stands under: the longest address that begins its own."""
    home = reverse("admin:index")
    under = [each for each in addresses if path.startswith(each) and each != home]
    return max(under, key=len, default=home if path == home else "")

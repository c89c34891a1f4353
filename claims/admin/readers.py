"""Who opened my file (谁查看过我的信息), and whose data did an account open; made to be printed.

Asked by auditors and supervisors within their offices; the question is itself a look.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from claims.admin.desk import acting_office, desk_page, person_of
from claims.admin.list_cells import day_asked
from claims.statement.sheet import INSTANT
from config import calendar
from config.audit import services as audit
from config.audit.models import AuditEvent
from config.offices import roles, scope
from config.offices.models import Membership, User
from enrollment.selectors.readers import MOST, Reads, readers_of, reads_of

USUAL_DAYS = 90
ROLES = {
    **dict(roles.ROLE_CHOICES),
    roles.CROSSING: _("from another office"),
    roles.FACILITY: _("facility"),
    roles.SYSTEM: _("system"),
}


@require_GET
@desk_page("reading.view")
def readers(request: HttpRequest, public_id: object) -> HttpResponse:
    """Answer a person's question: who opened my file, when, where, as what and why."""
    person = person_of(public_id)
    first, last, problem = _span(request)
    found = readers_of(person, first, last)
    audit.record_view(
        "readers.asked", person, from_on=str(first), through_on=str(last), found=found.total
    )
    context = _context(request, first, last, found) | {
        "title": _("Who opened this file"),
        "person": person,
        "problem": problem,
    }
    return render(request, "claims/readers/person.html", context)


@require_GET
@desk_page("reads.view")
def reads(request: HttpRequest) -> HttpResponse:
    """Answer whose data one account of the offices in scope opened."""
    accounts = list(_accounts())
    reader = _chosen(request, accounts)
    first, last, problem = _span(request, usual_days=1)
    found = reads_of(reader, first, last) if reader else Reads([], 0, [], {})
    if not roles.is_allowed("person.view"):
        # Who answers for accounts learns how many people were opened and when, not who they are.
        found = replace(found, names={})
    if reader:
        span = {"from_on": str(first), "through_on": str(last)}
        audit.record_view("reads.asked", reader, **span, found=found.total)
    context = _context(request, first, last, found) | {
        "title": _("Whose data an account opened"),
        "reader": reader,
        "accounts": accounts,
        "people": len({event.target_id for event in found.events}),
        "problem": problem,
    }
    return render(request, "claims/readers/account.html", context)


def _context(request: HttpRequest, first: date, last: date, found: Reads) -> dict[str, Any]:
    return {
        **admin.site.each_context(request),
        "first": str(first),
        "last": str(last),
        "rows": [_row(event, found.names) for event in found.events],
        "lists": [_row(event, found.names) for event in found.listed],
        "total": found.total,
        "most": MOST,
        "office": acting_office(),
        "operator": request.user,
        "printed_at": f"{localtime(calendar.now()):{INSTANT}}",
        "is_fullwidth": "1",
    }


def _row(event: AuditEvent, names: dict[str, str]) -> dict[str, Any]:
    people = [_person(each, names) for each in event.payload.get("people", [])]
    return {
        "at": f"{localtime(event.at):{INSTANT}}",
        "who": event.actor or event.agent or "—",
        "office": event.office.name,
        "roles": ", ".join(str(ROLES.get(role, role)) for role in event.roles.split(",")),
        "act": event.sentence,
        "outcome": event.get_outcome_display(),
        "details": event.details,
        "reason": event.reason,
        "person": _person(event.target_id, names),
        "people": people,
    }


def _person(public_id: str, names: dict[str, str]) -> str:
    """Return the name of a person the reader may see, else the beginning of the random id."""
    return names.get(public_id) or f"#{public_id[:8]}"


def _span(request: HttpRequest, usual_days: int = USUAL_DAYS) -> tuple[date, date, str]:
    """Return the days asked for; of what cannot be read, the usual ones."""
    last = calendar.today()
    first = last - timedelta(days=usual_days - 1)
    try:
        if request.GET.get("first"):
            first = day_asked(request.GET["first"])
        if request.GET.get("last"):
            last = day_asked(request.GET["last"])
    except ValueError:
        return first, last, str(_("Enter the day as 2026-01-31."))
    if first > last:
        return last, last, str(_("The last day lies before the first."))
    return first, last, ""


def _accounts() -> Any:
    """Return everyone who works at the offices in scope, now or before."""
    members = Membership.objects.filter(office_id__in=scope.current().office_ids)
    return User.objects.filter(Q(pk__in=members.values("user_id"))).order_by("full_name")


def _chosen(request: HttpRequest, accounts: list[User]) -> User | None:
    wanted = request.GET.get("account", "")
    if not wanted:
        return None
    for account in accounts:
        if str(account.pk) == wanted:
            return account
    raise Http404


PAGES = (
    ("readers/person/<uuid:public_id>/", readers, "claims_readers"),
    ("readers/account/", reads, "claims_reads"),
)
for route, view, name in PAGES:
    admin.site.register_page(route, view, name)

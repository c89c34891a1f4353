"""The day list (日清单): everything a clerk did on a day, with sums by tier; made to be printed."""

from __future__ import annotations

from datetime import date

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from claims.admin.desk import acting_office, desk_page
from claims.admin.list_cells import day_asked
from claims.selectors.day_acts import day_holds, day_releases, day_versions
from claims.selectors.day_digest import day_digest
from claims.statement.list_rows import day_list_of
from claims.statement.sheet import INSTANT
from config import calendar
from config.audit.selectors import last_seal
from config.offices import scope
from config.offices.models import Membership, User
from enrollment.services.reading import people_list


@require_GET
@desk_page("settlement.view")
def day_list(request: HttpRequest) -> HttpResponse:
    """Show the acts of one clerk on one day; of oneself today unless asked otherwise."""
    day, problem = _day(request.GET.get("day", ""))
    clerks = list(_clerks())
    clerk = _chosen(request, clerks)
    versions = list(day_versions(clerk, day))
    holds, releases = list(day_holds(clerk, day)), list(day_releases(clerk, day))
    shown = [row.bill.person for row in (*versions, *holds)]
    people_list("day_list", [*shown, *(row.settlement.bill.person for row in releases)])
    context = {
        **admin.site.each_context(request),
        "title": _("Day list"),
        "subtitle": str(day),
        "day": str(day),
        "clerk": clerk,
        "clerks": clerks,
        "office": acting_office(),
        "list": day_list_of(versions, holds, releases),
        "settled": day_digest(scope.current().office_id, day),
        "seal": last_seal(day),
        "printed_at": f"{localtime(calendar.now()):{INSTANT}}",
        "operator": request.user,
        "problem": problem,
        "is_fullwidth": "1",
    }
    return render(request, "claims/day_list/page.html", context)


def _day(text: str) -> tuple[date, str]:
    if not text:
        return calendar.today(), ""
    try:
        return day_asked(text), ""
    except ValueError:
        return calendar.today(), str(_("Enter the day as 2026-01-31."))


def _clerks():
    """Return everyone who works at the offices in scope, now or before, and the reader."""
    acting = scope.current()
    members = Membership.objects.filter(office_id__in=acting.office_ids).values("user_id")
    return User.objects.filter(Q(pk__in=members) | Q(pk=acting.user_id)).order_by("full_name")


def _chosen(request: HttpRequest, clerks: list[User]) -> User:
    wanted = request.GET.get("clerk", "")
    found = (clerk for clerk in clerks if wanted.isdecimal() and clerk.pk == int(wanted))
    return next(found, request.user)


admin.site.register_page("day-list/", day_list, "claims_day_list")

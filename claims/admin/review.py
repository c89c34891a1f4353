"""The review list (待复核): a second person looks at a settlement, releases it or sends it back."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from claims.admin.desk import desk_page
from claims.admin.list_cells import day_asked
from claims.admin.statement import version_of
from claims.models import Settlement
from claims.selectors.lists import review_list
from claims.selectors.sent_back import sent_back
from claims.services.send_back import settlement_send_back
from claims.services.settlement import settlement_release
from claims.statement.found import latest_version
from claims.statement.list_rows import review_rows
from claims.statement.marks import is_waiting
from claims.statement.pdf import in_chinese
from claims.statement.review_facts import differences, item_lines, paper_facts, person_facts
from claims.statement.sheet import sheet_of, statement_number
from config.calendar import SHANGHAI
from config.error_sentences import sentence
from config.errors import DomainError, InvalidInput
from config.money import parse_yuan
from config.offices import scope
from config.offices.models import User
from enrollment.services.reading import people_list, person_open

PER_PAGE = 50


@require_GET
@desk_page("settlement.release")
def review(request: HttpRequest) -> HttpResponse:
    """List what waits for a second person, newest first."""
    waiting = review_list().order_by("-at", "-pk")
    clerks = User.objects.filter(pk__in=review_list().order_by().values("actor_id"))
    found, problem = _filtered(waiting, request)
    pages = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    versions = list(pages.object_list)
    people_list("review_list", [version.bill.person for version in versions])
    context = {
        **admin.site.each_context(request),
        "title": _("Review list"),
        "rows": review_rows(versions, sent_back(versions), scope.current().user_id),
        "pages": pages,
        "clerks": clerks,
        "asked": {name: request.GET.get(name, "") for name in ("day", "clerk", "amount")},
        "problem": problem,
        "is_fullwidth": "1",
    }
    return render(request, "claims/review/list.html", context)


@require_GET
@desk_page("settlement.release")
def review_one(request: HttpRequest, public_id: object) -> HttpResponse:
    """Show one settlement with what it rests on, and the two buttons."""
    version = version_of(public_id)
    person_open(version.bill.person, "review", number=version.bill.number)
    return _review_page(request, version)


@require_POST
@desk_page("settlement.release")
def release(request: HttpRequest, public_id: object) -> HttpResponse:
    """Release a settlement for payment."""
    version = version_of(public_id)
    try:
        settlement_release(version, key=request.POST.get("key", ""))
    except DomainError as error:
        return _review_page(request, version, problem=sentence(error), status=409)
    number = {"number": statement_number(version)}
    messages.success(request, _("Settlement %(number)s is released.") % number)
    return HttpResponseRedirect(reverse("admin:claims_review"))


@require_POST
@desk_page("settlement.release")
def send_back(request: HttpRequest, public_id: object) -> HttpResponse:
    """Send a settlement back to the desk."""
    version = version_of(public_id)
    reason = request.POST.get("reason", "")
    try:
        settlement_send_back(version, key=request.POST.get("key", ""), reason=reason)
    except DomainError as error:
        return _review_page(
            request, version, problem=sentence(error), status=409, typed_reason=reason
        )
    number = {"number": statement_number(version)}
    messages.success(request, _("Settlement %(number)s is sent back to the desk.") % number)
    return HttpResponseRedirect(reverse("admin:claims_review"))


def _review_page(
    request: HttpRequest, version: Settlement, *, problem: str = "", status: int = 200, **more: Any
) -> HttpResponse:
    latest = latest_version(version)
    with in_chinese():
        sheet = sheet_of(version, latest)
    user_id = scope.current().user_id
    waits = version.pk == latest.pk and is_waiting(version)
    context = {
        **admin.site.each_context(request),
        "title": _("Review"),
        "subtitle": statement_number(version),
        "version": version,
        "sheet": sheet,
        "language": get_language(),
        "paper": paper_facts(version.bill_version),
        "recorded": person_facts(version),
        "differences": differences(version),
        "items": item_lines(version.bill_version),
        "sent_back": sent_back([version]).get(str(version.public_id)),
        "waits": waits,
        "is_own": version.is_made_by(user_id),
        "may_act": waits and not version.is_made_by(user_id),
        "release_key": uuid4().hex,
        "send_back_key": uuid4().hex,
        "problem": problem,
        "is_fullwidth": "1",
        **more,
    }
    return render(request, "claims/review/one.html", context, status=status)


def _filtered(
    found: QuerySet[Settlement], request: HttpRequest
) -> tuple[QuerySet[Settlement], str]:
    """Narrow the list by day, clerk and least amount; say what cannot be read."""
    problem = ""
    if day_text := request.GET.get("day", ""):
        try:
            found = found.filter(at__gte=(start := midnight(day_text)), at__lt=start + timedelta(1))
        except ValueError:
            problem = str(_("Enter the day as 2026-01-31."))
    clerk = request.GET.get("clerk", "")
    if clerk.isdecimal():
        found = found.filter(actor_id=int(clerk))
    if amount := request.GET.get("amount", ""):
        try:
            least_fen = parse_yuan(amount)
        except InvalidInput as mistake:
            problem = sentence(mistake)
        else:
            funds = F("basic_fen") + F("catastrophic_fen") + F("assistance_fen")
            found = found.alias(funds=funds + F("supplementary_fen")).filter(funds__gte=least_fen)
    return found, problem


def midnight(day_text: str) -> datetime:
    """Return the first instant of a day as typed.

    Raises:
        ValueError: it is no day.
    """
    return datetime.combine(day_asked(day_text), time.min, tzinfo=SHANGHAI)


admin.site.register_page("review/", review, "claims_review")
admin.site.register_page("review/<uuid:public_id>/", review_one, "claims_review_one")
admin.site.register_page("review/<uuid:public_id>/release/", release, "claims_review_release")
admin.site.register_page("review/<uuid:public_id>/send-back/", send_back, "claims_review_send_back")

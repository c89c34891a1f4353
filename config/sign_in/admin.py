"""Pages about one's own sign-in, and about standing in for others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from config import calendar
from config.audit.services import record, record_refusal
from config.error_sentences import sentence
from config.errors import DomainError
from config.offices import roles, scope
from config.offices.middleware import OFFICE_KEY
from config.offices.models import Deputy, Office
from config.offices.selectors import rights_today
from config.offices.services import deputy_appoint, deputy_end, work_hand_over
from config.sign_in import sessions
from config.sign_in.forms import DeputyForm, HandoverForm, PersonForm
from config.sign_in.fresh_factor import fresh_factor_page
from config.sign_in.services.codes import (
    one_day_code_issue,
    recovery_codes_left,
    recovery_codes_make,
)
from config.sign_in.services.factor import device_of, factor_reset


def _page(request: HttpRequest, template: str, title: Any, **context: Any) -> TemplateResponse:
    frame = {**admin.site.each_context(request), "title": title}
    return TemplateResponse(request, f"admin/sign_in/{template}.html", frame | context)


def _open_to(act: str) -> None:
    if not roles.is_allowed(act):
        record_refusal("act.refused", act=act, code="offices.act.not_allowed")
        raise PermissionDenied


def _done(form: forms.Form, act: Callable[[dict[str, Any]], Any]) -> Any:
    """Return what the act answers; None where the form or the act says no, told on the form."""
    if not form.is_valid():
        return None
    try:
        return act(form.cleaned_data)
    except DomainError as error:
        form.add_error(None, sentence(error))
        return None


def own(request: HttpRequest) -> HttpResponse:
    """Show the own device and codes, and the offices one may go on for."""
    user = request.user
    offices = Office.objects.filter(pk__in={right.office_id for right in rights_today(user)})
    return _page(
        request,
        "own",
        _("My sign-in"),
        device=device_of(user),
        left=recovery_codes_left(user),
        offices=offices if len(offices) > 1 else [],
        here=scope.current().office_id,
    )


@require_POST
@fresh_factor_page("workbench.view")
def own_codes(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes; they are shown in this answer alone."""
    codes = recovery_codes_make(request.user)
    return _page(request, "codes", _("Recovery codes"), codes=codes)


@require_POST
def own_office(request: HttpRequest) -> HttpResponse:
    """Go on for another of the own offices, under a new key."""
    user = request.user
    asked = request.POST.get("office", "")
    own_offices = {str(right.office_id) for right in rights_today(user)}
    if asked not in own_offices:
        raise PermissionDenied
    request.session[OFFICE_KEY] = int(asked)
    sessions.move(request, user)
    record("session.office_switched", user, office=Office.objects.get(pk=asked).code)
    return HttpResponseRedirect(reverse("admin:index"))


@fresh_factor_page("one_day_code.issue")
def one_day_code(request: HttpRequest) -> HttpResponse:
    """Give a person without the device a code for today."""
    _open_to("one_day_code.issue")
    form = PersonForm(request.POST or None)
    code = _done(form, lambda typed: one_day_code_issue(**typed)) if request.POST else None
    return _page(
        request,
        "person",
        _("Code for one day"),
        form=form,
        code=code,
        note=_(
            "Make sure who asks. The code stands in for the device once, until midnight, and is"
            " on record with your name."
        ),
        button=_("Issue the code"),
    )


@fresh_factor_page("factor.reset")
def reset(request: HttpRequest) -> HttpResponse:
    """Take the second factor of a person of another level away."""
    _open_to("factor.reset")
    form = PersonForm(request.POST or None)
    done = _done(form, lambda typed: factor_reset(**typed) or True) if request.POST else None
    if done:
        messages.success(request, _("The next sign-in enrols a new device."))
        return HttpResponseRedirect(reverse("admin:sign_in_reset"))
    return _page(
        request,
        "person",
        _("Reset a second factor"),
        form=form,
        note=_(
            "For people of offices of another level than yours. Device and recovery codes stop"
            " working at once; whoever knows the password enrols the next device."
        ),
        button=_("Reset"),
    )


@fresh_factor_page("deputy.appoint")
def deputies(request: HttpRequest) -> HttpResponse:
    """List who stands in for whom in the own office, and appoint."""
    _open_to("deputy.appoint")
    form = DeputyForm(request.POST or None)
    if request.POST and _done(form, _appointed):
        messages.success(request, _("The deputy is appointed."))
        return HttpResponseRedirect(reverse("admin:sign_in_deputies"))
    appointed = Deputy.objects.filter(
        office_id=scope.current().office_id, ended_at=None, through_on__gte=calendar.today()
    ).select_related("user", "instead_of")
    return _page(request, "deputies", _("Deputies"), form=form, appointed=appointed)


def _appointed(typed: dict[str, Any]) -> Deputy:
    days = typed.pop("from_on"), typed.pop("through_on")
    return deputy_appoint(days=days, **typed)


@require_POST
@fresh_factor_page("deputy.appoint")
def deputy_ended(request: HttpRequest, pk: int) -> HttpResponse:
    """End an appointment early."""
    _open_to("deputy.appoint")
    here = scope.current().office_id
    try:
        deputy_end(get_object_or_404(Deputy, pk=pk, office_id=here))
    except DomainError as error:
        messages.error(request, sentence(error))
    return HttpResponseRedirect(reverse("admin:sign_in_deputies"))


@fresh_factor_page("work.hand_over")
def handover(request: HttpRequest) -> HttpResponse:
    """Hand all open work of a person to another one."""
    _open_to("work.hand_over")
    form = HandoverForm(request.POST or None)
    moved = _done(form, lambda typed: work_hand_over(**typed)) if request.POST else None
    if moved is not None:
        count = {"count": sum(moved.values())}
        messages.success(request, _("Handed over: %(count)s pieces of work.") % count)
        return HttpResponseRedirect(reverse("admin:sign_in_handover"))
    return _page(
        request,
        "person",
        _("Hand over open work"),
        form=form,
        note=_("Drafts change hands; held bills and those sent back are noted on each bill."),
        button=_("Hand over"),
    )


PAGES = (
    ("sign-in/", own, "sign_in_own"),
    ("sign-in/codes/", own_codes, "sign_in_codes"),
    ("sign-in/office/", own_office, "sign_in_office"),
    ("sign-in/one-day-code/", one_day_code, "sign_in_one_day_code"),
    ("sign-in/reset/", reset, "sign_in_reset"),
    ("sign-in/deputies/", deputies, "sign_in_deputies"),
    ("sign-in/deputies/<int:pk>/end/", deputy_ended, "sign_in_deputy_end"),
    ("sign-in/handover/", handover, "sign_in_handover"),
)
for route, view, name in PAGES:
    admin.site.register_page(route, view, name)

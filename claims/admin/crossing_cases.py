"""Cases other offices accepted for us: look at one, take it to the desk, settle it, return it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from claims.admin.desk import acting_office, desk_page, page, region_of
from claims.forms.bill_form import BillForm
from claims.services.accepted_bills import accepted_bill_take
from config.error_sentences import sentence
from config.errors import DomainError
from config.offices import roles, scope
from enrollment.models import AcceptedCase, CaseKind, CaseState
from enrollment.services.accepted_cases import case_return, case_settle
from enrollment.services.reading import person_open
from enrollment.services.transfers import transfer_accept


def case_of(public_id: object) -> AcceptedCase:
    """Return a case of an office in scope; one of another office does not exist."""
    found = AcceptedCase.objects.select_related("person", "from_office", "office", "accepted_by")
    case = found.filter(public_id=public_id).first()
    if case is None:
        raise Http404
    return case


@require_GET
@desk_page("case.view")
def one(request: HttpRequest, public_id: object) -> HttpResponse:
    """Show a case with what was typed at the other counter."""
    return _page(request, case_of(public_id))


def _page(request: HttpRequest, case: AcceptedCase, problem: str = "") -> HttpResponse:
    if case.person is not None:
        person_open(case.person, "case", number=case.number)
    is_open = case.state in {CaseState.WAITING, CaseState.TAKEN}
    is_ours = case.accepted_by_id != scope.current().user_id
    is_bill = case.kind == CaseKind.BILL
    act = "case.settle" if is_bill else "transfer.decide"
    may_act = is_open and is_ours and roles.is_allowed(act)
    context = {
        "case": case,
        "typed": _typed(case) if is_bill else [],
        "problem": problem,
        "may_take": may_act and is_bill and case.person and case.state == CaseState.WAITING,
        "may_settle": may_act and is_bill and case.person,
        "may_transfer": may_act and not is_bill and case.person,
        "may_return": may_act,
    }
    return page(request, "crossing_case", _("Case accepted elsewhere"), **context)


def _typed(case: AcceptedCase) -> list[tuple[Any, str]]:
    """Return labels and texts of the papers, as typed; choices in words."""
    form = BillForm.of_draft(case.payload, region_of(acting_office()))
    shown = []
    for name, field in form.fields.items():
        text = form.texts[name]
        if text and field.label:
            words = dict(getattr(field.widget, "choices", ()))
            shown.append((field.label, words.get(text, text)))
    return shown


def _act(
    request: HttpRequest, public_id: object, act: Callable[[AcceptedCase], Any], after: str = ""
) -> HttpResponse:
    """Do an act on a case; a refusal is shown on its page."""
    case = case_of(public_id)
    try:
        act(case)
    except DomainError as error:
        return _page(request, case_of(public_id), sentence(error))
    if after and case.person is not None:
        return HttpResponseRedirect(reverse(after, args=[case.person.public_id]))
    return HttpResponseRedirect(reverse("admin:claims_crossing_case", args=[public_id]))


@require_POST
@desk_page("case.settle")
def take(request: HttpRequest, public_id: object) -> HttpResponse:
    """Take a bill to the desk, where what was typed stands as a draft."""
    return _act(request, public_id, accepted_bill_take, "admin:claims_desk_person")


@require_POST
@desk_page("case.settle")
def settle(request: HttpRequest, public_id: object) -> HttpResponse:
    """Say that a case is done."""
    return _act(request, public_id, case_settle)


@require_POST
@desk_page("case.view")
def send_back(request: HttpRequest, public_id: object) -> HttpResponse:
    """Return a case with a reason; the right depends on its kind and is asked by the service."""
    reason = request.POST.get("reason", "").strip()[:200]
    return _act(request, public_id, lambda case: case_return(case, reason))


@require_POST
@desk_page("transfer.decide")
def transfer(request: HttpRequest, public_id: object) -> HttpResponse:
    """Hand the person to the office that asked."""
    return _act(request, public_id, transfer_accept)


PAGES = (
    ("crossings/case/<uuid:public_id>/", one, "claims_crossing_case"),
    ("crossings/case/<uuid:public_id>/take/", take, "claims_crossing_take"),
    ("crossings/case/<uuid:public_id>/settle/", settle, "claims_crossing_settle"),
    ("crossings/case/<uuid:public_id>/return/", send_back, "claims_crossing_return"),
    ("crossings/case/<uuid:public_id>/transfer/", transfer, "claims_crossing_transfer"),
)
for route, view, name in PAGES:
    admin.site.register_page(route, view, name)

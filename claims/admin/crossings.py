"""Work for people of other offices (全市通办): the check, acceptance, receipts. See enrollment's README.

A number is typed and travels by POST; no answer of these pages names a person of another office,
or the office.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from claims.admin.desk import acting_office, desk_page, new_key, page, region_of
from claims.forms.bill_form import BillForm, marked, mistakes_of
from claims.statement.pdf import in_chinese
from claims.statement.sheet import INSTANT
from config import calendar
from config.audit import services as audit
from config.error_sentences import sentence
from config.errors import DomainError
from config.offices import roles, scope
from enrollment.models import AcceptedCase, CaseKind, CaseReceipt, CaseState, IdKind
from enrollment.services.accepted_cases import CaseInput, case_accept, case_check
from enrollment.services.pool_numbers import Registered, number_check
from enrollment.services.reading import people_list

SHOWN = 100
ANSWERS = {
    Registered.NOWHERE: _("This number is not registered in the pool."),
    Registered.HERE: _("This person is registered in your office. Search at the settlement desk."),
    Registered.ELSEWHERE: _("This number is registered in another office of the pool."),
}
OPEN_FIRST = (CaseState.WAITING, CaseState.TAKEN)


@require_GET
@desk_page("case.view")
def crossings(request: HttpRequest) -> HttpResponse:
    """Show the check, the receipts the actor may see, and what others accepted for this office."""
    return _home(request)


@require_POST
@desk_page("number.check")
def check(request: HttpRequest) -> HttpResponse:
    """Answer the duplicate check in one sentence."""
    typed = {name: request.POST.get(name, "").strip()[:200] for name in ("id_number", "reason")}
    try:
        found = number_check(typed["id_number"], typed["reason"], _id_kind(request))
    except DomainError as error:
        errors = marked(mistakes_of(error))
        return _home(request, typed=typed, errors=errors, problem="" if errors else sentence(error))
    return _home(request, answer=ANSWERS[found], is_elsewhere=found is Registered.ELSEWHERE)


def _home(request: HttpRequest, **context: Any) -> HttpResponse:
    cases = list(
        AcceptedCase.objects.select_related("person", "from_office", "office").order_by("-id")[
            :SHOWN
        ]
    )
    cases.sort(key=lambda case: case.state not in OPEN_FIRST)
    people_list("cases", [case.person for case in cases if case.person])
    context = {
        "cases": cases,
        "receipts": list(_receipts()[:SHOWN]),
        "kinds": IdKind.choices,
        "may_check": roles.is_allowed("number.check"),
        "may_accept": roles.is_allowed("case.accept"),
        "may_propose": roles.is_allowed("transfer.propose"),
    } | context
    return page(request, "crossings", _("For other offices"), **context)


def _receipts() -> Any:
    """Receipts of the actor; a supervisor or an auditor sees those of the office."""
    receipts = CaseReceipt.objects.select_related("actor").order_by("-id")
    acting = scope.current()
    is_own_only = acting.roles.isdisjoint({roles.SUPERVISOR, roles.AUDITOR})
    return receipts.filter(actor_id=acting.user_id) if is_own_only else receipts


@require_http_methods(["GET", "POST"])
@desk_page("case.accept")
def accept(request: HttpRequest) -> HttpResponse:
    """Accept a paper bill for whichever office the person belongs to."""
    region = region_of(acting_office())
    if request.method == "GET":
        paper = {"fields": {"kind": "manual", "payee": "person"}}
        return _form(request, CaseKind.BILL, BillForm.of_draft(paper, region), {})
    form = BillForm.of_post(request.POST, region)
    errors: dict[str, str] = {}
    try:
        form.entered()
    except DomainError as error:
        errors = marked(mistakes_of(error))
    return _accepted(request, CaseKind.BILL, form, errors)


@require_http_methods(["GET", "POST"])
@desk_page("transfer.propose")
def propose(request: HttpRequest) -> HttpResponse:
    """Propose that a person of another office goes on here, with reason and document."""
    if request.method == "GET":
        return _form(request, CaseKind.TRANSFER, None, {})
    return _accepted(request, CaseKind.TRANSFER, None, {})


def _accepted(
    request: HttpRequest, kind: CaseKind, form: BillForm | None, errors: dict[str, str]
) -> HttpResponse:
    typed = {
        name: request.POST.get(name, "").strip()[:120]
        for name in ("id_number", "id_name", "reason", "document")
    }
    entered = CaseInput(
        kind=kind,
        id_number=typed["id_number"],
        name=typed["id_name"],
        reason=typed["reason"],
        document=typed["document"],
        id_kind=_id_kind(request),
        payload=form.payload() if form else {},
    )
    problem = ""
    if kind == CaseKind.TRANSFER and not typed["document"]:
        errors = errors | {"document": str(_("Name the document the transfer rests on."))}
    try:
        case_check(entered)
    except DomainError as error:
        errors = errors | marked(mistakes_of(error))
    if not errors:
        try:
            receipt = case_accept(entered, key=request.POST.get("key", "")[:64])
        except DomainError as error:
            errors = marked(mistakes_of(error))
            problem = "" if errors else sentence(error)
        else:
            address = reverse("admin:claims_crossing_receipt", args=[receipt.public_id])
            return HttpResponseRedirect(address)
    errors["id_name"] = errors.pop("name", "")
    return _form(request, kind, form, typed, errors=errors, problem=problem)


def _form(
    request: HttpRequest,
    kind: CaseKind,
    form: BillForm | None,
    typed: dict[str, str],
    **context: Any,
) -> HttpResponse:
    title = _("Accept a paper bill") if kind == CaseKind.BILL else _("Propose a transfer")
    context = {
        "form": form,
        "is_bill": kind == CaseKind.BILL,
        "typed": typed,
        "kinds": IdKind.choices,
        "id_kind": _id_kind(request),
        "key": request.POST.get("key") or new_key(),
        "errors": {},
    } | context
    return page(request, "crossing_form", title, heading=title, **context)


def _id_kind(request: HttpRequest) -> str:
    return request.POST.get("id_kind") or IdKind.RESIDENT_ID.value


@require_GET
@desk_page("case.view")
def receipt(request: HttpRequest, public_id: object) -> HttpResponse:
    """Show a receipt: number, day, state, and what was typed here."""
    found = _receipts().filter(public_id=public_id).select_related("office").first()
    if found is None:
        raise Http404
    return page(request, "crossing_receipt", _("Receipt of acceptance"), receipt=found)


@require_POST
@desk_page("case.accept")
def print_receipt(request: HttpRequest, public_id: object) -> HttpResponse:
    """Answer with the receipt to be printed (受理回执), on the record."""
    found = _receipts().filter(public_id=public_id).select_related("office").first()
    if found is None:
        raise Http404
    audit.record_view("receipt.printed", found, number=found.number)
    with in_chinese():
        context = {
            "receipt": found,
            "office": found.office,
            "operator": request.user,
            "accepted_at": f"{localtime(found.accepted_at):{INSTANT}}",
            "printed_at": f"{localtime(calendar.now()):{INSTANT}}",
            "language": get_language(),
        }
        return render(request, "claims/crossings/receipt_print.html", context)


PAGES = (
    ("crossings/", crossings, "claims_crossings"),
    ("crossings/check/", check, "claims_crossing_check"),
    ("crossings/accept/", accept, "claims_crossing_accept"),
    ("crossings/transfer/", propose, "claims_crossing_propose"),
    ("crossings/receipt/<uuid:public_id>/", receipt, "claims_crossing_receipt"),
    ("crossings/receipt/<uuid:public_id>/print/", print_receipt, "claims_crossing_print"),
)
for route, view, name in PAGES:
    admin.site.register_page(route, view, name)

"""A bill after it was confirmed: its state, and the acts on it: reverse, correct, settle, withdraw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from claims.admin.desk import desk_page, new_key, page, region_of
from claims.admin.desk_entry import CHANGED, Answer, answered, calculated, refused, seen_before
from claims.admin.desk_person import cover_clause
from claims.admin.desk_result import reason_sentence, shown_preview, shown_version
from claims.forms.bill_form import BillForm, Line
from claims.models import (
    Bill,
    BillHold,
    BillItem,
    BillVersion,
    HoldKind,
    Origin,
    Outcome,
    Settlement,
    SettlementRelease,
)
from claims.selectors.drafts import draft_of
from claims.selectors.ledger import current_version
from claims.services.correction import bill_correct, correction_preview
from claims.services.drafts import draft_keep
from claims.services.held_bill import bill_settle, bill_settle_preview, bill_withdraw, entered_as
from claims.services.settlement import settlement_reverse
from config.error_sentences import sentence
from config.errors import Conflict, DomainError, InvalidInput
from config.offices import roles
from config.policy.region import Region
from enrollment.selectors.facts import coverage_on
from enrollment.services.reading import person_open


def bill_of(public_id: object) -> Bill:
    """Return a bill of an office in scope; one of another office does not exist."""
    found = Bill.objects.select_related("person__office", "office").filter(public_id=public_id)
    bill = found.first()
    if bill is None:
        raise Http404
    return bill


def _address(name: str, version: Settlement | None) -> str:
    """Return the address of a page about a version; empty where there is no version."""
    return reverse(f"admin:{name}", args=[version.public_id]) if version else ""


@require_GET
@desk_page("bill.view")
def desk_bill(request: HttpRequest, public_id: object) -> HttpResponse:
    """Show a bill as it stands: settled, refused, held, withdrawn or reversed."""
    bill = bill_of(public_id)
    person_open(bill.person, "desk_bill", number=bill.number)
    return page(request, "bill", _("Settlement desk"), **_state(bill))


def _state(bill: Bill) -> dict[str, Any]:
    version = current_version(bill.pk)
    hold = None if version else _last_hold(bill)
    is_held = hold is not None and hold.kind == HoldKind.HELD
    is_live = version is not None and version.outcome != Outcome.REVERSED
    is_ours = bill.origin == Origin.OFFICE
    return {
        "bill": bill,
        "person": bill.person,
        "version": version,
        "cover_clause": _cover_clause(version),
        "figures": version.bill_version if version else (hold and hold.bill_version),
        "shown": shown_version(version) if version else None,
        "release": _release_of(version),
        "hold": hold,
        "is_held": is_held,
        "hold_sentences": [
            (code, reason_sentence(code)) for code in (hold.reasons if hold else ())
        ],
        "statement_url": _address("claims_statement", version),
        "why_url": _address("claims_why", version if is_live else None),
        "may_reverse": is_live and is_ours and roles.is_allowed("settlement.reverse"),
        "may_correct": is_live and is_ours and roles.is_allowed("bill.correct"),
        "may_settle": is_held and roles.is_allowed("settlement.confirm"),
        "may_withdraw": is_held and roles.is_allowed("settlement.reverse"),
        "may_enter": roles.is_allowed("settlement.preview"),
        "may_print": roles.is_allowed("statement.print"),
    }


def _cover_clause(version: Settlement | None) -> str:
    if version is None or version.outcome != Outcome.REFUSED:
        return ""
    cover = coverage_on(version.bill.person, version.bill_version.admitted_on)
    return cover_clause(version.reason_code, cover)


def _last_hold(bill: Bill) -> BillHold | None:
    rows = BillHold.objects.filter(bill=bill).select_related("bill_version__facility")
    return rows.order_by("pk").last()


def _release_of(version: Settlement | None) -> Any:
    if version is None:
        return None
    rows = SettlementRelease.objects.filter(settlement=version).select_related("actor")
    return rows.first()


def _act_page(
    request: HttpRequest,
    bill: Bill,
    template: str,
    act: Callable[[str, str], Any],
) -> HttpResponse:
    """Ask for a reason, then do an act on a bill; a refusal is shown beside the reason."""
    context: dict[str, Any] = {"key": new_key(), "reason": "", "error": "", "problem": ""}
    if request.method == "GET":
        person_open(bill.person, "desk_bill", number=bill.number)
    if request.method == "POST":
        key, reason = request.POST.get("key", "")[:80], request.POST.get("reason", "").strip()[:200]
        try:
            act(key, reason)
        except DomainError as error:
            is_marked = isinstance(error, InvalidInput) and error.field == "reason"
            context |= {"key": key, "reason": reason}
            context["error" if is_marked else "problem"] = sentence(error)
        else:
            return HttpResponseRedirect(reverse("admin:claims_desk_bill", args=[bill.public_id]))
    return page(request, template, _("Settlement desk"), **_state(bill), **context)


@require_http_methods(["GET", "POST"])
@desk_page("settlement.reverse")
def reverse_bill(request: HttpRequest, public_id: object) -> HttpResponse:
    """Reverse a settled bill, with a reason."""
    bill = bill_of(public_id)
    return _act_page(
        request,
        bill,
        "reverse",
        lambda key, reason: settlement_reverse(bill, key=key, reason=reason),
    )


@require_http_methods(["GET", "POST"])
@desk_page("settlement.reverse")
def withdraw_bill(request: HttpRequest, public_id: object) -> HttpResponse:
    """Withdraw a held bill, with a reason."""
    bill = bill_of(public_id)
    return _act_page(
        request, bill, "withdraw", lambda key, reason: _withdrawn(bill, key=key, reason=reason)
    )


def _withdrawn(bill: Bill, *, key: str, reason: str) -> None:
    """Withdraw a held bill; what was typed becomes a draft, where the missing fact can be entered."""
    bill_withdraw(bill, key=key, reason=reason)
    hold = _last_hold(bill)
    if (
        hold is None
        or draft_of(bill.person) is not None
        or not roles.is_allowed("settlement.preview")
    ):
        return
    figures = hold.bill_version
    figures.bill = bill
    form = _form_of_figures(figures, region_of(bill.person.office))
    draft_keep(bill.person, form.payload())


def _form_of_figures(figures: BillVersion, region: Region) -> BillForm:
    """Return the form as it was when these figures were entered, with the lines of the worksheet."""
    form = BillForm.of_bill(entered_as(figures), figures.facility.name, region)
    items = BillItem.objects.filter(bill_version=figures).order_by("line")
    form.lines = [Line.of_item(item) for item in items]
    return form


@require_http_methods(["GET", "POST"])
@desk_page("settlement.confirm")
def settle_held(request: HttpRequest, public_id: object) -> HttpResponse:
    """Settle a held bill now that what was missing may be known."""
    bill = bill_of(public_id)
    answer, key, is_changed = Answer(), new_key(), False
    if request.method == "GET":
        person_open(bill.person, "desk_bill", number=bill.number)
    if request.method == "POST":
        key = request.POST.get("key", "")[:80]
        digest = request.POST.get("preview_digest", "")[:64]
        try:
            bill_settle(bill, key=key, preview_digest=digest)
            return HttpResponseRedirect(reverse("admin:claims_desk_bill", args=[bill.public_id]))
        except DomainError as error:
            is_changed = error.code == CHANGED
            answer.problem = "" if is_changed else sentence(error)
            answer.before = seen_before(request.POST.get("shown", ""))
    try:
        preview = bill_settle_preview(bill)
        answer.shown, answer.digest = shown_preview(preview), preview.digest
    except DomainError as error:
        answer.problem = sentence(error)
    context = {"answer": answer, "shown": answer.shown, "key": key, "is_changed": is_changed}
    return page(request, "settle", _("Settlement desk"), **(_state(bill) | context))


@require_GET
@desk_page("bill.correct")
def correct_bill(request: HttpRequest, public_id: object) -> HttpResponse:
    """Show the figures of a settled bill, ready to be corrected."""
    bill = bill_of(public_id)
    state = _state(bill)
    if not state["may_correct"]:
        raise Http404
    person_open(bill.person, "desk_bill", number=bill.number)
    figures = state["version"].bill_version
    figures.bill = bill
    form = _form_of_figures(figures, region_of(bill.person.office))
    context = {
        "form": form,
        "key": new_key(),
        "is_correction": True,
        "live_url": reverse("admin:claims_desk_correct_live", args=[bill.public_id]),
        "confirm_url": reverse("admin:claims_desk_correct_confirm", args=[bill.public_id]),
        "may_confirm": True,
    }
    return page(request, "correct", _("Settlement desk"), **state, **context)


@require_POST
@desk_page("bill.correct")
def correct_live(request: HttpRequest, public_id: object) -> HttpResponse:
    """Answer every pause in typing on the correction page; nothing is kept."""
    bill = bill_of(public_id)
    form = _form_of(request, bill)
    is_live = request.POST.get("mode") != "full"
    answer = calculated(form, lambda entered: correction_preview(bill, entered), is_live=is_live)
    return _answered(request, bill, form, answer, is_full=not is_live)


@require_POST
@desk_page("bill.correct")
def correct_confirm(request: HttpRequest, public_id: object) -> HttpResponse:
    """Correct the bill at the figures that were shown; ask again where they changed."""
    bill = bill_of(public_id)
    form = _form_of(request, bill)
    try:
        bill_correct(
            bill,
            form.entered(),
            key=request.POST.get("key", "")[:80],
            preview_digest=request.POST.get("preview_digest", "")[:64],
            reason=request.POST.get("reason", "").strip()[:200],
        )
    except Conflict as error:
        if error.code != CHANGED:
            answer = refused(form, error, is_live=False)
            return _answered(request, bill, form, answer, is_full=True)
        answer = calculated(form, lambda entered: correction_preview(bill, entered), is_live=False)
        answer.before = seen_before(request.POST.get("shown", ""))
        return _answered(request, bill, form, answer, is_full=True, is_changed=True)
    except DomainError as error:
        return _answered(request, bill, form, refused(form, error, is_live=False), is_full=True)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = reverse("admin:claims_desk_bill", args=[bill.public_id])
    return response


def _answered(
    request: HttpRequest, bill: Bill, form: BillForm, answer: Answer, **context: Any
) -> HttpResponse:
    return answered(request, bill.person, form, answer, is_correction=True, **context)


def _form_of(request: HttpRequest, bill: Bill) -> BillForm:
    """Return the form as sent; the invoice is the bill's own, another invoice is another bill."""
    data = request.POST.copy()
    data["invoice_code"], data["invoice_number"] = bill.invoice_code, bill.invoice_number
    return BillForm.of_post(data, region_of(bill.person.office))

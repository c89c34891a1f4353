"""The settlement desk (结算窗口): find a person, see the card and the year, enter a bill.

Views are thin: read the form, call a service or a selector, render. The pages of one person are
addressed by the random public id; what is typed into the search travels by POST only.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import uuid4

from django.contrib import admin
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from claims.admin.desk_person import person_card, year_panel
from claims.forms.bill_form import BillForm
from claims.selectors.drafts import draft_of, drafts_left
from config import calendar
from config.audit import services as audit
from config.error_sentences import sentence
from config.errors import DomainError
from config.offices import roles, scope
from config.offices.models import Office
from config.policy.region import Region
from config.policy.selectors import active_tree
from enrollment.models import Person
from enrollment.selectors.search import Shape, person_search, shape_of
from enrollment.services.reading import people_list, person_open

# What the network settles is paid to the facility; a paper claim says otherwise.
EMPTY = {"fields": {"kind": "direct", "payee": "facility"}}

View = Callable[..., HttpResponse]


def desk_page(act: str) -> Callable[[View], View]:
    """Open a page to those who may do an act; for everyone else it does not exist."""

    def opened_by(view: View) -> View:
        @wraps(view)
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not roles.is_allowed(act):
                audit.record_refusal("act.refused", act=act, code="offices.act.not_allowed")
                raise Http404
            try:
                # A refusal nobody expected undoes what its view did, and is told in words.
                with transaction.atomic():
                    return view(request, *args, **kwargs)
            except DomainError as error:
                return _refusal(request, sentence(error))

        return opened

    return opened_by


def _refusal(request: HttpRequest, problem: str) -> HttpResponse:
    if request.htmx:
        return render(request, "claims/desk/found.html", {"problem": problem})
    return page(request, "refusal", _("Settlement desk"), problem=problem)


def page(request: HttpRequest, template: str, title: Any, **context: Any) -> TemplateResponse:
    """Return a whole page of the desk inside the admin's frame."""
    request.current_app = admin.site.name
    frame = admin.site.each_context(request)
    context = {**frame, "title": title, "is_fullwidth": "1", "show_back_button": False} | context
    return TemplateResponse(request, f"claims/desk/{template}.html", context)


def person_of(public_id: object) -> Person:
    """Return a person of an office in scope; one of another office does not exist."""
    person = Person.objects.select_related("office").filter(public_id=public_id).first()
    if person is None:
        raise Http404
    return person


def region_of(office: Office) -> Region:
    """Return the region whose rules hold for an office.

    Raises:
        NotKnown: no rules are in force.
        Refused: this process has other rules than those in force.
    """
    tree = active_tree(office.region)
    return tree.region


def acting_office() -> Office:
    """Return the office acted for."""
    return Office.objects.get(pk=scope.current().office_id)


@require_GET
@desk_page("person.view")
def desk(request: HttpRequest) -> HttpResponse:
    """Show the empty desk: the search, and the bills that were left half entered."""
    drafts = drafts_left() if roles.is_allowed("settlement.preview") else []
    people_list("drafts", [draft.person for draft in drafts if draft.person])
    return page(request, "home", _("Settlement desk"), drafts=drafts)


@require_POST
@desk_page("person.view")
def search(request: HttpRequest) -> HttpResponse:
    """List the people a text finds; a full number opens its person at once."""
    text = request.POST.get("text", "")
    found, problem = [], ""
    try:
        found = person_search(text)
    except DomainError as error:
        problem = sentence(error)
    shape = shape_of(text)
    shown = [str(person.public_id) for person in found]
    audit.record_view("person.searched", shape=shape.value, found=len(found), people=shown)
    if shape is Shape.ID_NUMBER and len(found) == 1:
        response = HttpResponse(status=204)
        response["HX-Redirect"] = reverse("admin:claims_desk_person", args=[found[0].public_id])
        return response
    context = {"found": found, "problem": problem, "is_empty": not text.strip()}
    return render(request, "claims/desk/found.html", context)


@require_GET
@desk_page("person.view")
def desk_person(request: HttpRequest, public_id: object) -> HttpResponse:
    """Show a person: card, year, and the entry of a bill to those who may settle."""
    person = person_of(public_id)
    person_open(person, "desk")
    today = calendar.today()
    context: dict[str, Any] = {
        "person": person,
        "card": person_card(person, today),
        "year": year_panel(person, today.year),
        "may_reveal": roles.is_allowed("id_number.reveal"),
        "may_ask_readers": roles.is_allowed("reading.view"),
    }
    if roles.is_allowed("settlement.preview") and not person.is_moved:
        context |= _entry(person)
    return page(request, "person", _("Settlement desk"), **context)


def _entry(person: Person) -> dict[str, Any]:
    try:
        region = region_of(person.office)
    except DomainError as error:
        return {"problem": sentence(error)}
    draft = draft_of(person)
    form = BillForm.of_draft(draft.payload if draft else EMPTY, region)
    return {
        "form": form,
        "draft": draft,
        "key": new_key(),
        "live_url": reverse("admin:claims_desk_live", args=[person.public_id]),
        "confirm_url": reverse("admin:claims_desk_confirm", args=[person.public_id]),
        "may_confirm": roles.is_allowed("settlement.confirm"),
    }


def new_key() -> str:
    """Return the key of one act, made with the page: a repeated click is the same act."""
    return uuid4().hex

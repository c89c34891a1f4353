"""Entering a bill: live result while typing, calculation on request, confirmation."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from claims.admin.desk import desk_page, person_of, region_of
from claims.admin.desk_person import cover_clause, person_card, year_panel
from claims.admin.desk_result import SEGMENTS, Shown, shown_preview
from claims.forms.bill_form import BillForm, marked, mistakes_of, split_missing, sums_of
from claims.selectors.facilities import facilities_found, facility_on
from claims.services.accepted_bills import accepted_bill_settled
from claims.services.drafts import draft_drop, draft_keep
from claims.services.preview import Preview, settlement_preview
from claims.services.settlement import settlement_confirm
from config import calendar
from config.error_sentences import sentence
from config.errors import Conflict, DomainError
from config.money import plain_yuan
from enrollment.models import Person
from enrollment.services.reading import person_seen

CHANGED = "claims.settlement.changed_since_preview"
SALT = "claims.desk.shown"


@dataclass
class Answer:
    """What a calculation on the page comes to.

    Attributes:
        shown: the settlement; None while something is missing or wrong.
        digest: digest of the preview.
        errors: sentences by field.
        missing: labels of fields that are still empty.
        problem: a sentence that belongs to no field.
        before: figures seen before, where they changed meanwhile.
    """

    shown: Shown | None = None
    digest: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    problem: str = ""
    before: dict[str, int] = field(default_factory=dict)

    @property
    def token(self) -> str:
        """The figures shown, signed, so that a later page can say what changed."""
        if self.shown is None:
            return ""
        return signing.dumps(
            {code: int(self.shown.figures[code]) for code, _n in SEGMENTS}, salt=SALT
        )

    @property
    def changes(self) -> list[tuple[Any, int, int]]:
        """Name, amount before and amount now of every figure that changed."""
        if self.shown is None:
            return []
        now = {code: int(self.shown.figures[code]) for code, _n in SEGMENTS}
        return [
            (name, self.before[code], now[code])
            for code, name in SEGMENTS
            if code in self.before and self.before[code] != now[code]
        ]


def calculated(form: BillForm, calculate: Any, *, is_live: bool) -> Answer:
    """Read a form and settle it for show.

    Args:
        form: as sent.
        calculate: makes a preview of the bill as entered.
        is_live: while typing, fields nobody filled yet are listed and not marked.
    """
    try:
        entered = form.entered()
        preview: Preview = calculate(entered)
    except DomainError as error:
        return refused(form, error, is_live=is_live)
    return Answer(shown_preview(preview), preview.digest)


def refused(form: BillForm, error: DomainError, *, is_live: bool) -> Answer:
    """Return the answer to a form that could not be settled: marked fields or a sentence."""
    mistakes = mistakes_of(error)
    if not mistakes:
        return Answer(problem=sentence(error))
    if not is_live:
        return Answer(errors=marked(mistakes))
    wrong, missing = split_missing(form, mistakes)
    return Answer(errors=marked(wrong), missing=missing)


def seen_before(token: str) -> dict[str, int]:
    """Return the figures of the page that was confirmed; nothing where they cannot be trusted."""
    try:
        return dict(signing.loads(token, salt=SALT))
    except signing.BadSignature:
        return {}


@require_POST
@desk_page("settlement.preview")
def live(request: HttpRequest, public_id: object) -> HttpResponse:
    """Answer every pause in typing, and F8; keep the draft."""
    person = person_of(public_id)
    try:
        form = BillForm.of_post(request.POST, region_of(person.office))
    except DomainError as error:
        return answered(request, person, None, Answer(problem=sentence(error)))
    draft = draft_keep(person, form.payload())
    is_live = request.POST.get("mode") != "full"
    answer = calculated(form, lambda bill: settlement_preview(bill, person), is_live=is_live)
    sums = sums_of(form.lines)
    context = {"draft": draft, "is_full": not is_live}
    if request.POST.get("mode") == "sums" and sums:
        context["filled"] = filled_parts(form, sums)
    return answered(request, person, form, answer, **context)


def filled_parts(form: BillForm, sums: dict[str, int]) -> list[Any]:
    """Return the fields of the parts holding the sums of the worksheet."""
    data = form.data.copy()
    for name, fen in sums.items():
        data[name] = plain_yuan(fen) if fen else ""
    form.data = data
    return [form[name] for name in sums]


@require_POST
@desk_page("settlement.confirm")
def confirm(request: HttpRequest, public_id: object) -> HttpResponse:
    """Settle the bill at the figures that were shown; ask again where they changed."""
    person = person_of(public_id)
    form = BillForm.of_post(request.POST, region_of(person.office))
    try:
        done = settlement_confirm(
            form.entered(),
            person,
            key=request.POST.get("key", "")[:80],
            preview_digest=request.POST.get("preview_digest", "")[:64],
        )
    except Conflict as error:
        if error.code != CHANGED:
            return answered(request, person, form, refused(form, error, is_live=False))
        answer = calculated(form, lambda bill: settlement_preview(bill, person), is_live=False)
        answer.before = seen_before(request.POST.get("shown", ""))
        return answered(request, person, form, answer, is_full=True, is_changed=True)
    except DomainError as error:
        return answered(request, person, form, refused(form, error, is_live=False), is_full=True)
    draft_drop(person)
    if done["settlement"]:
        accepted_bill_settled(person, form.entered(), done["number"])
    response = HttpResponse(status=204)
    response["HX-Redirect"] = reverse("admin:claims_desk_bill", args=[done["bill"]])
    return response


@require_POST
@desk_page("settlement.preview")
def discard(_request: HttpRequest, public_id: object) -> HttpResponse:
    """Drop the draft and begin with an empty form."""
    person = person_of(public_id)
    draft_drop(person)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = reverse("admin:claims_desk_person", args=[person.public_id])
    return response


@require_GET
@desk_page("settlement.preview")
def facilities(request: HttpRequest) -> HttpResponse:
    """Offer facilities by name or code, with their level on the day of the bill."""
    found = facilities_found(request.GET.get("facility_name", ""), day_of(request.GET))
    return render(request, "claims/desk/facilities.html", {"facilities": found})


def day_of(fields: Any) -> date:
    """Return the deciding day as typed, or today while it cannot be read."""
    try:
        return date.fromisoformat(fields.get("discharged_on", "").strip())
    except ValueError:
        return calendar.today()


def answered(
    request: HttpRequest, person: Person, form: BillForm | None, answer: Answer, **context: Any
) -> HttpResponse:
    """Render the result with everything beside the form that depends on it."""
    person_seen(person, "desk")
    texts = form.texts if form else {}
    day = day_of(texts)
    context |= {
        "person": person,
        "answer": answer,
        "shown": answer.shown,
        "in_scope_fen": form.in_scope_fen if form else None,
        "sums": sums_of(form.lines) if form else None,
        "card": person_card(person, _admission_day(texts) or day),
        "facility": facility_on(texts.get("facility_code", ""), day) if form else None,
        "decided_on": day,
    }
    if answer.shown:
        context["cover_clause"] = cover_clause(answer.shown.reason, context["card"].cover)
    if request.POST.get("year_shown", str(day.year)) != str(day.year):
        context["year"] = year_panel(person, day.year)
    return render(request, "claims/desk/answer.html", context)


def _admission_day(texts: dict[str, str]) -> date | None:
    try:
        return date.fromisoformat(texts.get("admitted_on", "").strip())
    except ValueError:
        return None

"""A preview without a person: kind of care, level and amount, for questions at the counter."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from claims.admin.desk import acting_office, desk_page, page, region_of
from claims.admin.desk_entry import Answer
from claims.admin.desk_result import shown_preview
from claims.forms.bill_form import CalculatorForm, marked, mistakes_of
from claims.selectors.facts import AssumedPerson
from claims.services.preview import settlement_preview
from config import calendar
from config.error_sentences import sentence
from config.errors import DomainError
from enrollment.models import Category


@require_http_methods(["GET", "POST"])
@desk_page("settlement.preview")
def calculator(request: HttpRequest) -> HttpResponse:
    """Settle an assumed bill of an assumed person who used nothing yet; nothing is stored."""
    office, answer = acting_office(), Answer()
    try:
        region = region_of(office)
    except DomainError as error:
        answer.problem = sentence(error)
        return page(request, "calculator", _("Quick calculation"), answer=answer)
    day = min(calendar.today(), region.known_through)
    form = CalculatorForm(
        request.POST or None,
        region=region,
        categories=Category.choices,
        initial={"care_type": "inpatient", "level": "2", "discharged_on": day.isoformat()},
    )
    if request.method == "POST":
        answer = _calculated(form, office.region)
    context = {"form": form, "answer": answer, "shown": answer.shown, "region": region}
    return page(request, "calculator", _("Quick calculation"), **context)


def _calculated(form: CalculatorForm, region: str) -> Answer:
    category = form.texts["category"]
    assumed = AssumedPerson(categories=(category,) if category else ())
    try:
        preview = settlement_preview(form.entered(), region=region, assumed=assumed)
    except DomainError as error:
        mistakes = mistakes_of(error)
        return Answer(errors=marked(mistakes), problem="" if mistakes else sentence(error))
    return Answer(shown_preview(preview), preview.digest)

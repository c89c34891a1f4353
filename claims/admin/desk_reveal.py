"""Showing the full ID number of a person (显示完整证件号码): for a reason, on the record, once."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from claims.admin.desk import desk_page, page, person_of
from config.error_sentences import sentence
from config.errors import InvalidInput
from enrollment.models import RevealPurpose
from enrollment.services.person import id_number_reveal
from enrollment.services.reading import person_seen


@require_http_methods(["GET", "POST"])
@desk_page("id_number.reveal")
def reveal(request: HttpRequest, public_id: object) -> HttpResponse:
    """Ask for the reason; the number stands in the answer to the form and at no address."""
    person = person_of(public_id)
    person_seen(person, "desk")
    context: dict[str, Any] = {
        "person": person,
        "number": "",
        "reason": "",
        "purpose": "",
        "purposes": RevealPurpose.choices,
        "errors": {},
    }
    if request.method == "POST":
        context["reason"] = request.POST.get("reason", "").strip()[:200]
        context["purpose"] = request.POST.get("purpose", "")
        try:
            context["number"] = id_number_reveal(person, context["reason"], context["purpose"])
        except InvalidInput as mistake:
            context["errors"] = {mistake.field: sentence(mistake)}
    return page(request, "reveal", _("Settlement desk"), **context)

"""Showing the full ID number of a person (显示完整证件号码): for a reason, on the record, once."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from claims.admin.desk import desk_page, page, person_of
from config.error_sentences import sentence
from config.errors import InvalidInput
from enrollment.services.person import id_number_reveal


@require_http_methods(["GET", "POST"])
@desk_page("id_number.reveal")
def reveal(request: HttpRequest, public_id: object) -> HttpResponse:
    """Ask for the reason; the number stands in the answer to the form and at no address."""
    person = person_of(public_id)
    context: dict[str, Any] = {"person": person, "number": "", "reason": "", "error": ""}
    if request.method == "POST":
        context["reason"] = request.POST.get("reason", "").strip()[:200]
        try:
            context["number"] = id_number_reveal(person, context["reason"])
        except InvalidInput as mistake:
            context["error"] = sentence(mistake)
    return page(request, "reveal", _("Settlement desk"), **context)

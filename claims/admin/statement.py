"""The statement on the screen, on paper and as PDF; and why the own share is what it is.

The screen is not the paper: what is printed leaves an event and carries its number, so printing
is a POST that answers with the sheet.
"""

from __future__ import annotations

from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from claims.admin.desk import desk_page, new_key
from claims.models import Outcome, Settlement
from claims.statement.found import latest_version, statement_version
from claims.statement.pdf import closer, in_chinese, sheet_pdf
from claims.statement.printing import prints_of, statement_print
from claims.statement.sheet import Sheet, sheet_of, statement_number
from claims.statement.stored import stored_settlement
from claims.statement.why import why_of
from config.error_sentences import sentence
from config.errors import Refused
from config.offices import roles
from enrollment.services.reading import person_open

strict_policy = csp_replace(settings.STRICT_CONTENT_SECURITY_POLICY)


def version_of(public_id: object) -> Settlement:
    """Return a version of an office in scope; one of another office does not exist."""
    version = statement_version(str(public_id))
    if version is None:
        raise Http404
    return version


@require_GET
@strict_policy
@desk_page("settlement.view")
def statement(request: HttpRequest, public_id: object) -> HttpResponse:
    """Show a statement on the screen."""
    version = version_of(public_id)
    person_open(version.bill.person, "statement", number=version.bill.number)
    latest = latest_version(version)
    with in_chinese():
        sheet = sheet_of(version, latest)
    context = {
        "sheet": sheet,
        "version": version,
        "latest": latest,
        "prints": prints_of(version),
        "key": new_key(),
        "may_print": roles.is_allowed("statement.print"),
        "has_why": version.outcome != Outcome.REVERSED,
        "language": get_language(),
    }
    return render(request, "claims/statement/page.html", context)


@require_POST
@strict_policy
@desk_page("statement.print")
def print_statement(request: HttpRequest, public_id: object) -> HttpResponse:
    """Answer with the sheet to be printed, numbered and recorded: a page, or a PDF."""
    version = version_of(public_id)
    person_open(version.bill.person, "print", number=version.bill.number)
    problem = ""
    form = "pdf" if request.POST.get("as") == "pdf" else "page"
    with in_chinese():
        sheet = statement_print(version, request.POST.get("key", ""), form)
        if form == "pdf":
            try:
                return _pdf_answer(sheet, statement_number(version))
            except Refused as refusal:
                problem = sentence(refusal)
        context = {
            "sheet": closer(sheet),
            "language": get_language(),
            "is_on_screen": True,
            "problem": problem,
            "statement_url": reverse("admin:claims_statement", args=[version.public_id]),
        }
        return render(request, "claims/statement/print.html", context)


def _pdf_answer(sheet: Sheet, number: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="statement-{number}.pdf"'}
    return HttpResponse(sheet_pdf(sheet), content_type="application/pdf", headers=headers)


@require_GET
@desk_page("settlement.view")
def why(request: HttpRequest, public_id: object) -> HttpResponse:
    """Explain the own share of a version, cause by cause."""
    version = version_of(public_id)
    if version.outcome == Outcome.REVERSED:
        raise Http404
    person_open(version.bill.person, "why", number=version.bill.number)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Why is my share so high"),
        "version": version,
        "number": statement_number(version),
        "why": why_of(stored_settlement(version)),
    }
    return render(request, "claims/why/page.html", context)


admin.site.register_page("statement/<uuid:public_id>/", statement, "claims_statement")
admin.site.register_page(
    "statement/<uuid:public_id>/print/", print_statement, "claims_statement_print"
)
admin.site.register_page("statement/<uuid:public_id>/why/", why, "claims_why")

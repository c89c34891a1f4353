"""The deep page: every fact for staff with the right, and the way back after a restore."""

from __future__ import annotations

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config.audit import services as audit
from config.error_sentences import sentence
from config.errors import DomainError, Refused
from config.health.facts import read_facts
from config.offices import roles
from config.operation.selectors import copy_standing
from config.operation.services import operation_resume


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Show every fact as it stands now."""
    try:
        audit.require("health.view")
    except Refused:
        raise PermissionDenied from None
    standing = copy_standing()
    context = {
        **admin.site.each_context(request),
        "title": _("Health"),
        "facts": read_facts(),
        "standing": standing,
        "may_resume": standing.is_paused and roles.is_allowed("operation.resume"),
    }
    return TemplateResponse(request, "admin/health/page.html", context)


@require_POST
def resume(request: HttpRequest) -> HttpResponse:
    """Confirm as one of two people that the restored system goes on."""
    try:
        standing = operation_resume(request.POST.get("reason", ""))
    except DomainError as error:
        messages.error(request, sentence(error))
    else:
        if standing.is_paused:
            messages.success(request, _("Confirmed. A second person has to confirm as well."))
        else:
            messages.success(request, _("Confirmed. The system runs again."))
    return HttpResponseRedirect(reverse("admin:health"))


admin.site.register_page("health/", health, "health")
admin.site.register_page("health/resume/", resume, "health_resume")

"""Runs: the list, and the page of one run with its progress and the acts on it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from config.admin_site import ReadOnlyModelAdmin
from config.audit import services as audit
from config.error_sentences import sentence
from config.errors import DomainError
from config.offices import roles, scope
from config.runs import services
from config.runs.kinds import kind_of
from config.runs.models import Run
from config.runs.selectors import progress_of
from config.runs.sentences import STOPPED

FINDINGS_SHOWN = 200
# htmx stops asking when it is answered so.
STOP_POLLING = 286
ENDED = (Run.State.CANCELLED, Run.State.DONE, Run.State.WITH_FINDINGS)
ACTS: dict[str, Callable[[Run], Run]] = {
    "approve": services.run_approve,
    "pause": services.run_pause,
    "resume": services.run_resume,
    "cancel": services.run_cancel,
}


@admin.register(Run)
class RunAdmin(ReadOnlyModelAdmin):
    view_act = "run.view"
    list_display = ("page", "office", "state", "rows_planned", "maker", "checker", "created_at")
    list_display_links = None
    list_filter = ("state", ("office", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("office", "maker", "checker")
    fields = ("kind", "office", "state", "reason", "maker", "checker", "rows_planned")

    @admin.display(description=_("Run"))
    def page(self, run: Run) -> str:
        """Lead to the page of the run."""
        address = reverse("admin:runs_page", args=[run.public_id])
        return format_html('<a href="{}">{} {}</a>', address, kind_of(run.kind).title, run.pk)


def _run_of(public_id: object) -> Run:
    if not roles.is_allowed("run.view"):
        audit.record_refusal("act.refused", act="run.view", code="offices.act.not_allowed")
        raise Http404
    run = Run.objects.select_related("maker", "checker", "asker").filter(public_id=public_id)
    found = run.first()
    if found is None:
        raise Http404
    return found


@require_GET
def run_page(request: HttpRequest, public_id: object) -> HttpResponse:
    """Show a run: what was planned, how far it is, what was set aside."""
    return _page(request, _run_of(public_id))


@require_GET
def run_progress(request: HttpRequest, public_id: object) -> HttpResponse:
    """Return the progress alone; asked every second until the run has ended."""
    run = _run_of(public_id)
    status = STOP_POLLING if run.state in ENDED else 200
    return render(request, "runs/progress.html", _facts(run), status=status)


@require_POST
def run_act(request: HttpRequest, public_id: object, act: str) -> HttpResponse:
    """Approve, pause, resume or cancel a run."""
    run = _run_of(public_id)
    if act not in ACTS:
        raise Http404
    try:
        with transaction.atomic():
            ACTS[act](run)
    except DomainError as error:
        return _page(request, _run_of(public_id), problem=sentence(error), status=409)
    messages.success(request, _("Recorded."))
    return HttpResponseRedirect(reverse("admin:runs_page", args=[run.public_id]))


def _page(request: HttpRequest, run: Run, *, problem: str = "", status: int = 200) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        **_facts(run),
        "title": kind_of(run.kind).title,
        "subtitle": str(run.pk),
        "problem": problem,
        "acts": _acts(run),
        "findings": run.findings.all()[:FINDINGS_SHOWN],
    }
    return render(request, "runs/run.html", context, status=status)


def _facts(run: Run) -> dict[str, Any]:
    return {
        "run": run,
        "progress": progress_of(run),
        "has_ended": run.state in ENDED,
        "stopped": STOPPED.get(run.stopped_because, run.stopped_because),
    }


def _acts(run: Run) -> list[tuple[str, object]]:
    """Return the acts the reader may do on the run as it stands."""
    kind = kind_of(run.kind)
    may_plan, may_approve = roles.is_allowed(kind.plan_act), roles.is_allowed(kind.approve_act)
    is_own = run.maker_id == scope.current().user_id
    state = Run.State
    offered = (
        ("approve", _("Approve and start"), may_approve and not is_own, {state.PLANNED}),
        ("pause", _("Pause"), may_plan, {state.RUNNING}),
        ("resume", _("Go on"), may_plan, {state.PAUSED}),
        ("cancel", _("Cancel the run"), may_plan, {state.PLANNED, state.RUNNING, state.PAUSED}),
    )
    return [(name, title) for name, title, may, states in offered if may and run.state in states]


admin.site.register_page("run/<uuid:public_id>/", run_page, "runs_page")
admin.site.register_page("run/<uuid:public_id>/progress/", run_progress, "runs_progress")
admin.site.register_page("run/<uuid:public_id>/<slug:act>/", run_act, "runs_act")

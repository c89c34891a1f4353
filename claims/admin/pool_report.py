"""The report of the pool (统筹区报表): counts and sums per county, for roles of the pool only."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from claims.admin.desk import acting_office, desk_page
from claims.selectors.pool_report import FEWEST, KINDS, TIERS, Figures, pool_report, totals
from claims.statement.sheet import INSTANT
from config import calendar
from config.audit import services as audit
from config.money import format_yuan
from config.offices.models import Office

COLUMNS = (
    ("covered", "people", _("People covered")),
    ("settled", "people", _("People with settled bills")),
    ("settled", "bills", _("Bills")),
    ("settled", "versions", _("Versions")),
    ("settled", "basic_fen", _("Basic insurance")),
    ("settled", "catastrophic_fen", _("Catastrophic insurance")),
    ("settled", "assistance_fen", _("Medical assistance")),
    ("settled", "supplementary_fen", _("Supplementary assistance")),
    ("settled", "own_share_fen", _("Own share")),
    ("waiting", "waiting", _("Waiting for review")),
    ("held", "held", _("Held")),
)


@require_GET
@desk_page("pool_report.view")
def report(request: HttpRequest) -> HttpResponse:
    """Show one line per county of the pool."""
    office = acting_office()
    if office.kind != Office.Kind.POOL:
        audit.record_refusal("act.refused", act="pool_report.view", code="offices.act.not_allowed")
        raise Http404
    today = calendar.today()
    typed = request.GET.get("year", "")
    is_year = typed.isascii() and typed.isdecimal() and 2000 <= int(typed[:5]) <= 2999
    year = int(typed) if is_year else today.year
    rows = pool_report(year, today)
    audit.record_view("pool_report.read", None, from_on=f"{year}-01-01", through_on=f"{year}-12-31")
    sums = {kind: totals(rows, kind) for kind in KINDS}
    context = {
        **admin.site.each_context(request),
        "title": _("Report of the pool"),
        "office": office,
        "year": year,
        "heads": [head for _kind, _name, head in COLUMNS],
        "rows": [
            (row.office, [_cell(getattr(row, kind), name) for kind, name, _head in COLUMNS])
            for row in rows
        ],
        "sums": [_shown(name, sums[kind].get(name, 0)) for kind, name, _head in COLUMNS],
        "fewest": FEWEST,
        "operator": request.user,
        "printed_at": f"{localtime(calendar.now()):{INSTANT}}",
        "is_fullwidth": "1",
    }
    return render(request, "claims/pool_report/page.html", context)


def _cell(figures: Figures, name: str) -> str:
    if figures.is_hidden:
        return "*"
    value = figures.people if name == "people" else figures.values.get(name, 0)
    return _shown(name, value)


def _shown(name: str, value: Any) -> str:
    return format_yuan(value) if name in TIERS else f"{value:,}"


admin.site.register_page("pool-report/", report, "claims_pool_report")

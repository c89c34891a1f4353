"""Sentences of what the sweep refuses."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SWEEP_SENTENCES: dict[str, str | Promise] = {
    "sweep.no_pool": _("There is no pool office yet, so there is nothing to sweep."),
    "sweep.running": _("Another sweep of the ledger is running."),
    "sweep.invariant_unknown": _("No invariant has the code %(codes)s."),
}

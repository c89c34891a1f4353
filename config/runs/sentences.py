"""Sentences of the errors this package raises."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

RUNS_SENTENCES: dict[str, str | Promise] = {
    "runs.run.step_impossible": _("The run is in another state by now. Load the page again."),
    "runs.run.same_person": _("You planned this run. Another person must approve it."),
    "runs.run.pool_only": _("This run belongs to the pool."),
    "runs.run.reason_missing": _("State why this run is needed."),
    "runs.run.needs_person": _("A run is planned and approved by persons."),
    "runs.key.other_ring": _("The workers have other keys than the plan. Start them anew."),
    "runs.key.nothing_to_do": _("Nothing is sealed with another key than the current one."),
}
# Why a run was stopped, by the code it keeps.
STOPPED: dict[str, str | Promise] = {
    "right_removed": _("The person it runs for no longer may. Somebody who may can resume it."),
    "runs.key.other_ring": RUNS_SENTENCES["runs.key.other_ring"],
}

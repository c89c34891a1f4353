"""Sentences of the errors this package raises."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OFFICES_SENTENCES: dict[str, str | Promise] = {
    "offices.scope.missing": _("Nobody is acting for an office here."),
    "offices.pool.missing": _("No pool stands above this office."),
    "offices.act.not_allowed": _("Your role does not allow this."),
    "offices.person.unknown": _("There is no such person here."),
    "offices.reason.missing": _("State a reason."),
    "offices.deputy.days": _("From today on, at most 92 days, the last not before the first."),
    "offices.deputy.self": _("Nobody appoints himself."),
    "offices.deputy.same_person": _("A deputy is somebody else."),
    "offices.deputy.no_role": _("Who is away does not hold this role here."),
    "offices.deputy.not_of_the_desk": _("This person does not work at the desk of this office."),
    "offices.deputy.ended": _("This appointment has ended already."),
    "offices.handover.same_person": _("Work is handed over to somebody else."),
    "offices.task.right_removed": _("The person who asked for this work no longer may."),
}

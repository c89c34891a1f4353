"""Sentences of the errors this package raises."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OFFICES_SENTENCES: dict[str, str | Promise] = {
    "offices.scope.missing": _("Nobody is acting for an office here."),
    "offices.pool.missing": _("No pool stands above this office."),
    "offices.act.not_allowed": _("Your role does not allow this."),
    "offices.task.right_removed": _("The person who asked for this work no longer may."),
}

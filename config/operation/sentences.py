"""Sentences of the errors of this package."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OPERATION_SENTENCES: dict[str, str | Promise] = {
    "operation.paused": _(
        "The database was restored. Nothing is released and no run starts until two people of the"
        " pool confirm that what was sent out since agrees."
    ),
    "operation.resume.not_paused": _("The system is not paused."),
    "operation.resume.pool_only": _("Only the pool may confirm that the system goes on."),
    "operation.resume.same_person": _(
        "You confirmed this already. A second person has to confirm as well."
    ),
    "operation.resume.reason_missing": _("State what was compared."),
}

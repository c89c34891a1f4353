"""Sentences of the errors of releases."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

POLICY_SENTENCES: dict[str, str | Promise] = {
    "policy.release.none_active": _("No policy release of %(region)s is in force."),
    "policy.release.files_differ": _(
        "The files of this server (%(files)s) differ from the release in force (%(released)s)."
        " Nothing is settled until they agree."
    ),
    "policy.release.document_missing": _("A release of law needs an issued document."),
    "policy.release.demonstration_only": _(
        "%(region)s holds invented values. They can be put in force in a demonstration only."
    ),
}

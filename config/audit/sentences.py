"""Sentences of the errors this package raises."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

AUDIT_SENTENCES: dict[str, str | Promise] = {
    "audit.verb.unknown": _("The act “%(verb)s” is not in the catalogue."),
    "audit.payload.not_allowed": _("The act “%(verb)s” may not record: %(keys)s"),
    "audit.key.missing": _("The request carries no key. Load the page again."),
    "audit.key.reused": _("This request was sent before with other figures. Load the page again."),
    "audit.seal.behind": _(
        "The database counts transactions from an earlier number than the last seal did. "
        "Nothing is sealed until its counter has been moved forward."
    ),
    "audit.anchor.broken": _("Line %(line)s of the anchor file was altered or is not ours."),
    "audit.anchor.missing": _("There is no anchor file."),
    "audit.transaction.missing": _("This act needs a transaction."),
}

"""Sentences of the errors this package raises."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OUTBOX_SENTENCES: dict[str, str | Promise] = {
    "outbox.event.not_failed": _("This work has not failed: there is nothing to try again."),
}

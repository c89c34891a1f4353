"""Sentences of the error codes of this app; `config.error_sentences` shows them."""

from django.utils.translation import gettext_lazy as _

CLAIMS_SENTENCES = {
    "claims.account.busy": _("Somebody else is working on this person's account. Try again."),
}

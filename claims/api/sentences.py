"""Sentences of the error codes of the machine interface; the codes are stable for ever."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

API_SENTENCES: dict[str, str | Promise] = {
    # the request itself
    "claims.api.not_json": _("The body is not a JSON object in UTF-8, or names a field twice."),
    "claims.api.too_large": _("The body is larger than %(limit)s bytes."),
    "claims.api.media_type": _("Send the body as application/json."),
    "claims.api.not_acceptable": _("The interface answers in application/json only."),
    "claims.api.method_not_allowed": _("This address does not know this method."),
    "claims.api.key_missing": _("Send a header Idempotency-Key."),
    "claims.api.key_unreadable": _(
        "Idempotency-Key must be 16 to 64 letters, digits, hyphens or underscores."
    ),
    # its fields
    "claims.api.field_missing": _("This field is needed."),
    "claims.api.field_unknown": _("This field is not known here."),
    "claims.api.field_unreadable": _("The value has the wrong type or form."),
    "claims.api.field_not_a_choice": _("The value is not one of the choices."),
    "claims.api.field_too_long": _("The value is too long or too large."),
    "claims.api.field_too_short": _("The value is too short or too small."),
    "claims.api.level_with_person": _("State the level only where no person is named."),
    "claims.api.day_out_of_range": _("The day lies in the future or too long ago."),
    # who asks, and for what
    "claims.api.token_missing": _("Send a token: Authorization: Bearer …"),
    "claims.api.token_refused": _("This token is not known or no longer holds."),
    "claims.api.not_allowed": _("This is not allowed."),
    "claims.api.not_found": _("There is no such thing for this token."),
    "claims.api.person_unknown": _("Nobody with this number is registered at this office."),
    "claims.api.number_ambiguous": _(
        "Several offices have a bill of this number. Ask with the settlement's id."
    ),
    "claims.api.too_many": _("More than %(limit)s people were looked up in this hour."),
    "claims.api.failed": _("The request failed. Nothing was stored; try again with the same key."),
    # making tokens
    "claims.api_token.name_missing": _("Name the system that holds the token."),
    "claims.api_token.revoked_before": _("This token was revoked before."),
    "claims.api_token.day_passed": _("The last day lies in the past."),
}

"""Sentences of the errors this package raises."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SIGN_IN_SENTENCES: dict[str, str | Promise] = {
    "sign_in.refused": _(
        "The username or the password is not right, or this account cannot sign in now."
    ),
    "sign_in.code.refused": _("This code is not right or was used before. Wait for the next one."),
    "sign_in.code.locked": _(
        "Too many codes were not right. Sign in again in 15 minutes, or ask your supervisor."
    ),
    "sign_in.seed.unreadable": _(
        "The seed of the token cannot be read: 16 or more letters A to Z"
        " and digits 2 to 7, or 32 or more digits 0 to 9 and letters A to F."
    ),
    "sign_in.factor.stale": _("This act needs a code that is no older than five minutes."),
    "sign_in.person.self": _("Nobody does this for himself."),
    "sign_in.reset.same_level": _(
        "The factor is reset by an administrator of an office of another level."
    ),
    "sign_in.reset.nothing": _("This person has no second factor yet."),
    "sign_in.first.exists": _(
        "The pool has somebody in this role already; further accounts are made on the page."
    ),
}

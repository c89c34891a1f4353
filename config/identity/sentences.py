"""Sentences of the errors this package raises. None repeats a number."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

IDENTITY_SENTENCES: dict[str, str | Promise] = {
    "identity.number.empty": _("Enter the ID number."),
    "identity.number.length": _("An ID number has 18 characters, not %(length)s."),
    "identity.number.characters": _("An ID number has 17 digits and a digit or X at the end."),
    "identity.number.birth_date": _("The date of birth in the ID number is not possible."),
    "identity.number.check_character": _("The last character does not fit. Check every digit."),
    "identity.number.sex_differs": _("The ID number says another sex than the form."),
    "identity.number.area_unknown": _("The region digits of the ID number are not known."),
    "identity.key.none": _("No key for ID numbers is configured."),
    "identity.key.missing": _("The key %(key_id)s for ID numbers is not configured."),
    "identity.seal.algorithm_unknown": _("A sealed number is of an unknown kind."),
    "identity.seal.broken": _("A sealed number was altered."),
    "identity.number.in_text": _("Leave numbers of people and accounts out of this text."),
}

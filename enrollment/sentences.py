"""Sentences of the error codes of this app; `config.error_sentences` shows them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ENROLLMENT_SENTENCES: dict[str, str | Promise] = {
    "enrollment.person.known_in_the_pool": _(
        "A person with this ID number is already registered in the pool."
    ),
    "enrollment.person.moved": _("The person moved to another office; this card is only read."),
    "enrollment.check.too_many": _(
        "More than %(limit)s questions to other offices in an hour led to no case."
        " Ask your supervisor, or try again later."
    ),
    "enrollment.crossing.reason_missing": _("State the reason in 2 to 200 characters."),
    "enrollment.case.own_person": _("The person belongs to your office. Use the settlement desk."),
    "enrollment.case.not_waiting": _("This case is done already."),
    "enrollment.case.same_person": _("Whoever accepted a case does not decide it."),
    "enrollment.case.wrong_kind": _("This is another kind of case."),
    "enrollment.transfer.unknown_person": _(
        "Number and name name nobody of the pool; return the case with a reason."
    ),
    "enrollment.transfer.busy": _("Somebody else is working on this person. Try again."),
    "enrollment.person.field_fixed": _("This cannot be changed after registration."),
    "enrollment.person.death_impossible": _(
        "The date of death lies before the birth or in the future."
    ),
    "enrollment.person.id_kind_unknown": _("This kind of paper is not known."),
    "enrollment.person.birth_differs": _("The ID number says another date of birth."),
    "enrollment.person.number_unreadable": _("The number of the paper cannot be read."),
    "enrollment.person.birth_missing": _("Enter the date of birth; it cannot lie in the future."),
    "enrollment.person.sex_missing": _("Choose the sex stated on the paper."),
    "enrollment.person.phone_unreadable": _("A telephone number has 7 to 15 digits."),
    "enrollment.person.name_missing": _("Enter the name."),
    "enrollment.person.name_unreadable": _("The name is too long or holds hidden characters."),
    "enrollment.reveal.purpose_missing": _("Choose what the full number is needed for."),
    "enrollment.reveal.looked_often": _(
        "You were shown this number %(limit)s times today. Ask your supervisor."
    ),
    "enrollment.reading.own_notice": _("A notice is answered by somebody else."),
    "enrollment.reading.answered": _("This notice is answered already."),
    "enrollment.reveal.reason_missing": _("State why you need the full number."),
    "enrollment.category.unknown": _("The category “%(text)s” is not known."),
    "enrollment.coverage.status_unknown": _("The status “%(text)s” is not known."),
    "enrollment.coverage.grade_unknown": _("The region has no grade “%(text)s”."),
    "enrollment.certification.unknown": _("“%(text)s” is not on the region's list of diseases."),
    "enrollment.spell.days_reversed": _("The last day lies before the first."),
    "enrollment.spell.days_recorded": _("Some of these days are recorded already."),
}

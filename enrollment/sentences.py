"""Sentences of the error codes of this app; `config.error_sentences` shows them."""

from django.utils.translation import gettext_lazy as _

ENROLLMENT_SENTENCES = {
    "enrollment.person.known_in_the_pool": _(
        "A person with this ID number is already registered in the pool."
    ),
}

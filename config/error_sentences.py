"""One table: error code to its English sentence, translated like every other text.

Pure modules raise codes (`config.errors`); pages, forms and interfaces call `sentence`.
A code without a sentence is shown as the code: ugly, but never a blank page.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from config.errors import DomainError
from config.metrics import count_refusal
from config.money import format_yuan

SENTENCES: dict[str, str | Promise] = {
    "admin.edit.changed_meanwhile": _(
        "Somebody else changed this record after you opened it. Nothing was stored. Compare both versions below."
    ),
    "admin.edit.page_incomplete": _(
        "This page is incomplete. Nothing was stored. Look at it and save again."
    ),
    "input.mistakes": _("Please correct the marked fields."),
    "money.empty": _("Enter an amount."),
    "money.not_text": _("Enter the amount as text, for example 1234.50."),
    "money.not_a_number": _("“%(text)s” is not an amount. Use digits and at most one point."),
    "money.too_many_decimals": _(
        "“%(text)s” has more than two decimals. The smallest unit is 0.01 yuan."
    ),
    "money.sign": _("“%(text)s” has a sign. Enter the amount without one."),
    "money.grouping": _("The commas in “%(text)s” do not group thousands."),
    "money.too_large": _("“%(text)s” is too large. The limit is %(limit_fen)s yuan."),
    "money.negative": _("An amount below zero is not possible here."),
    "calendar.year_not_loaded": _("The working days of %(year)s are not recorded."),
    "calendar.working_days_missing": _("The working days of %(year)s cannot be read: %(why)s"),
    "policy.day_not_known": _(
        "The rules of %(region)s are recorded from %(known_from)s through %(known_through)s, not for %(day)s."
    ),
    "policy.pack_refused": _("The policy pack has %(count)s problems. The first: %(first)s"),
    "policy.region_unknown": _("There is no policy pack for region %(region)s."),
    "policy.key_unknown": _("The policy has no key “%(key)s”. Nearest: %(nearest)s"),
}


def _shown(name: str, value: object) -> object:
    if name.endswith("_fen") and isinstance(value, int):
        return format_yuan(value)
    return value


def sentence_of(code: str, facts: Mapping[str, object]) -> str:
    """Return the sentence of a code in the active language, filled with its facts."""
    template = SENTENCES.get(code)
    if template is None:
        return code
    shown = {name: _shown(name, value) for name, value in facts.items()}
    try:
        return str(template) % shown
    except (KeyError, TypeError, ValueError):
        return str(template)


def sentence(error: DomainError) -> str:
    """Return the sentence of an error in the active language; here refusals are counted."""
    count_refusal(error.code)
    return sentence_of(error.code, error.facts)

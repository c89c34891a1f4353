"""Cells that all lists of the desk share: a person in two lines, money in columns, a state as a pill."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from claims.models import Bill, HoldKind, Outcome, Settlement
from config.money import format_yuan
from enrollment.models import Person

PILLS = {
    "paid": "success",
    "waiting": "warning",
    "refused": "danger",
    "reversed": "danger",
    "held": "warning",
    "withdrawn": "info",
    "replaced": "info",
    "released": "success",
    "nothing": "info",
}
WORDS = {
    "paid": Outcome.PAID.label,
    "refused": Outcome.REFUSED.label,
    "reversed": Outcome.REVERSED.label,
    "held": HoldKind.HELD.label,
    "withdrawn": HoldKind.WITHDRAWN.label,
    "waiting": _("Waiting for review"),
    "released": _("Released"),
    "replaced": _("Replaced"),
    "nothing": _("Nothing to pay"),
}


def day_asked(text: str) -> date:
    """Return the day a list is asked for.

    Raises:
        ValueError: it is no day, or one at the ends of time where no instant can be made of it.
    """
    day = date.fromisoformat(text.strip())
    if not 1900 <= day.year <= 2999:
        raise ValueError(text)
    return day


def person_lines(person: Person) -> list[str]:
    """Return the two lines of a person: name; masked number and year of birth."""
    return [person.name, f"{person.masked_id} · {person.birth_year}"]


def money(fen: int) -> SafeString:
    """Return an amount that stands in its column, right-aligned."""
    return format_html('<span class="desk-number">{}</span>', format_yuan(fen))


def pill(word: str) -> tuple[str, Any]:
    """Return a state with its word, for a column labelled by `PILLS`."""
    return word, WORDS.get(word, word)


def release_state(version: Settlement, *, is_current: bool) -> str:
    """Return whether a version may be paid, waits, or was replaced before anyone released it."""
    if not version.fund_fen:
        return "nothing"
    if getattr(version, "release_row", None) is not None:
        return "released"
    return "waiting" if is_current else "replaced"


def desk_link(bill: Bill) -> SafeString:
    """Return the link to a bill at the desk, where it is corrected, reversed, settled again."""
    address = reverse("admin:claims_desk_bill", args=[bill.public_id])
    return format_html('<a class="desk-link" href="{}">{}</a>', address, _("Open at the desk"))


def statement_link(version: Settlement) -> SafeString:
    """Return the link to the statement of a version."""
    address = reverse("admin:claims_statement", args=[version.public_id])
    return format_html('<a class="desk-link" href="{}">{}</a>', address, _("Statement"))

"""The details of an event for people: labels for keys, yuan for fen, words for codes."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from config.money import format_yuan
from config.policy.entry_words import in_words

LABELS: dict[str, str | Promise] = {
    "act": _("act"),
    "active_from": _("in force from"),
    "amounts": _("amounts"),
    "category": _("category"),
    "cause": _("cause"),
    "changed": _("bills changed"),
    "chunks": _("chunks"),
    "code": _("code"),
    "copy": _("print number"),
    "count": _("count"),
    "digest": _("digest"),
    "document": _("document"),
    "facility": _("facility"),
    "failures": _("not checked"),
    "fields": _("fields"),
    "findings": _("findings"),
    "found": _("found"),
    "from_on": _("from"),
    "from_sequence": _("from place"),
    "aid_excess_fen": _("aid beyond what was left, to be returned"),
    "fund_fen": _("paid by the funds"),
    "grade": _("grade"),
    "invariants": _("invariants"),
    "kind": _("kind"),
    "limit": _("limit"),
    "list": _("list"),
    "look": _("what was looked at"),
    "number": _("number"),
    "number_digest": _("mark of the number"),
    "office": _("office"),
    "outcome": _("outcome"),
    "people": _("people shown"),
    "own_share_fen": _("own share"),
    "parked": _("chunks given up"),
    "page": _("page"),
    "prefix": _("beginning"),
    "purpose": _("purpose"),
    "reasons": _("reasons"),
    "region": _("region"),
    "role": _("role"),
    "rows": _("rows planned"),
    "rows_done": _("rows done"),
    "rows_set_aside": _("rows set aside"),
    "scheme": _("scheme"),
    "shape": _("searched by"),
    "status": _("status"),
    "taker": _("account that takes over"),
    "moved": _("handed over"),
    "through_on": _("through"),
    "username_known": _("account known"),
    "version": _("version"),
}
WORDS: dict[str, str | Promise] = {
    "held": _("Held"),
    "line": _("Below the line of the office"),
    "paid": _("Settled"),
    "person": _("Released by a second person"),
    "refused": _("Refused"),
    "id_number": _("ID number"),
    "phone": _("phone"),
    "last_four": _("last four of the ID number"),
    "letters": _("Pinyin"),
    "name": _("name"),
    "nothing": _("nothing that can be found"),
    "opening": _("Opening balance"),
    "grant": _("Grant"),
    "correction": _("Correction"),
    "resident": _("residents"),
    "card_check": _("Compare with the card at the counter"),
    "record_check": _("Correct what is recorded"),
    "other_bureau": _("Answer another authority in writing"),
    "payment": _("Pay out to the right person"),
    "other": _("Other, as stated in the reason"),
    "bill": _("Paper bill"),
    "transfer": _("Transfer"),
    "taken": _("Taken"),
    "settled": _("Settled"),
    "returned": _("Returned"),
    "opened": _("people opened"),
    "revealed": _("full numbers shown"),
    "card": _("card of the person"),
    "desk": _("settlement desk"),
    "desk_bill": _("bill at the desk"),
    "statement": _("statement"),
    "print": _("printed statement"),
    "why": _("explanation of the own share"),
    "review": _("review"),
    "record": _("record"),
    "case": _("case from another office"),
    "interface": _("machine interface"),
    "search": _("search"),
    "persons": _("list of persons"),
    "bills": _("list of bills"),
    "settlements": _("list of settlements"),
    "accounts": _("list of accounts"),
    "review_list": _("review list"),
    "day_list": _("day list"),
    "cases": _("cases accepted elsewhere"),
    "drafts": _("bills left half entered"),
}
FIELDS: dict[str, str | Promise] = {
    "birth_on": _("date of birth"),
    "died_on": _("date of death"),
    "id_kind": _("kind of ID"),
    "id_number": _("ID number"),
    "name": pgettext_lazy("person", "name"),
    "phone": _("phone"),
    "sex": _("sex"),
    "township": _("township"),
    "village": _("village"),
}
# Columns that only serve others of the same row say nothing to a reader.
_SERVING = ("_digest", "_last4", "is_demonstration")
_CODED = {"category", "grade", "status"}
_WORDED = {"outcome", "kind", "shape", "scheme", "look", "list", "purpose"}


def details_of(payload: Mapping[str, object]) -> str:
    """Return the details of an event in the active language, in the order they were kept."""
    said = (f"{LABELS.get(name, name)}: {_said(name, value)}" for name, value in payload.items())
    return "; ".join(said)


def _said(name: str, value: object) -> str:
    if name.endswith("_fen") and isinstance(value, int):
        return format_yuan(value)
    if name in _CODED:
        return in_words(str(value))
    if name in _WORDED:
        return str(WORDS.get(str(value), value))
    if name == "moved" and isinstance(value, Mapping):
        return ", ".join(f"{code} {count}" for code, count in value.items())
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {format_yuan(int(fen))}" for key, fen in value.items())
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if name == "fields" and isinstance(value, list):
        told = [str(each) for each in value if not str(each).endswith(_SERVING)]
        return ", ".join(str(FIELDS.get(each, each)) for each in told)
    if name == "people" and isinstance(value, list):
        return str(len(value))
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return "—" if value in (None, "") else str(value)

"""Open work of a clerk: drafts, held bills, settlements sent back. See `config.offices.open_work`.

A draft belongs to who typed it and moves. Held and sent-back bills are open to every clerk of
the office already; handing over says on each of them who looks after it now.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from claims.models import Bill, SettlementDraft
from claims.selectors.lists import held_list, review_list
from claims.selectors.sent_back import sent_back
from config.audit.services import record
from config.offices.open_work import OpenWork


def drafts_count(user_id: int) -> int:
    """Return how many drafts a person left."""
    return SettlementDraft.objects.filter(user_id=user_id).count()


def drafts_move(giver_id: int, taker_id: int) -> int:
    """Move the drafts; where the taker has one for the same person, the giver's stays."""
    taken = SettlementDraft.objects.filter(user_id=taker_id).values("person_id")
    drafts = SettlementDraft.objects.filter(user_id=giver_id)
    return drafts.exclude(person_id__in=taken).update(user_id=taker_id)


def held_bills(user_id: int) -> list[Bill]:
    """Return the bills a person entered that still wait for a fact."""
    return [hold.bill for hold in held_list().filter(actor_id=user_id)]


def sent_back_bills(user_id: int) -> list[Bill]:
    """Return the bills whose settlement by a person was sent back and still waits."""
    waiting = list(review_list().filter(actor_id=user_id))
    returned = sent_back(waiting)
    return [version.bill for version in waiting if str(version.public_id) in returned]


def _note(bills: Iterable[Bill], taker_id: int) -> int:
    events = [
        record("bill.handed_over", each, number=each.number, taker=taker_id) for each in bills
    ]
    return len(events)


DRAFTS = OpenWork("drafts", _("Bills left half entered"), drafts_count, drafts_move)
HELD = OpenWork(
    "held",
    _("Held bills"),
    lambda user_id: len(held_bills(user_id)),
    lambda giver_id, taker_id: _note(held_bills(giver_id), taker_id),
)
SENT_BACK = OpenWork(
    "sent_back",
    _("Settlements sent back"),
    lambda user_id: len(sent_back_bills(user_id)),
    lambda giver_id, taker_id: _note(sent_back_bills(giver_id), taker_id),
)

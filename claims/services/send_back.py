"""Send a settlement back to the desk (退回) instead of releasing it."""

from __future__ import annotations

from typing import Any

from claims.models import Settlement, SettlementRelease
from claims.selectors.ledger import current_version
from claims.selectors.sent_back import VERB
from claims.services.account_lock import money_act
from claims.services.settlement import locked_ledger_of, refuse_without_reason
from claims.services.versions import record_version
from config.audit.services import idempotent, require
from config.errors import Refused
from config.offices.collisions import repeated


@repeated
def settlement_send_back(settlement: Settlement, *, key: str, reason: str) -> dict[str, Any]:
    """Send a waiting version back with a reason; the desk corrects or reverses it.

    Nothing about the money changes: the version stays unreleased, so it cannot be paid. It can
    still be released by a second person who finds the reason answered.

    Args:
        settlement: current version, of an office in scope.
        key: random text made with the page.
        reason: what is wrong; shown to the clerk.

    Raises:
        Refused: `claims.release.same_person`, `claims.release.done`,
            `claims.release.not_current`.
        InvalidInput: `claims.reason.missing`.
    """
    acting = require("settlement.release", settlement)
    refuse_without_reason(reason)
    body = {"settlement": str(settlement.public_id), "reason": reason}

    def act() -> dict[str, Any]:
        locked_ledger_of(settlement)
        current = current_version(settlement.bill_id)
        if current is None or current.pk != settlement.pk:
            raise Refused("claims.release.not_current")
        if SettlementRelease.objects.filter(settlement=current).exists():
            raise Refused("claims.release.done")
        if current.is_made_by(acting.user_id):
            raise Refused("claims.release.same_person")
        record_version(VERB, current, reason)
        return {"settlement": str(current.public_id), "number": current.bill.number}

    with money_act():
        return idempotent("settlement.send_back", key, body, act)

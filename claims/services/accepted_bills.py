"""A paper bill accepted elsewhere becomes a draft at our desk, and is done when it is settled."""

from __future__ import annotations

from django.db import transaction

from claims.bill_input import BillInput
from claims.selectors.drafts import draft_of
from claims.services.drafts import draft_keep
from config.errors import Refused
from enrollment.models import AcceptedCase, CaseKind, CaseState, Person
from enrollment.services.accepted_cases import case_settle, case_take


@transaction.atomic
def accepted_bill_take(case: AcceptedCase) -> AcceptedCase:
    """Take a bill accepted elsewhere: what was typed there is a draft of whoever takes it.

    Raises:
        Refused: `claims.case.draft_exists`: another bill of the person is half entered;
            and what `case_take` refuses.
    """
    if case.kind != CaseKind.BILL:
        raise Refused("enrollment.case.wrong_kind")
    taken = case_take(case)
    if draft_of(taken.person) is not None:
        raise Refused("claims.case.draft_exists")
    draft_keep(taken.person, taken.payload)
    return taken


def accepted_bill_settled(person: Person, entered: BillInput, number: str) -> AcceptedCase | None:
    """Close the case a settled bill came from, found by its invoice; None where there is none.

    Args:
        person: whose bill was settled.
        entered: the bill as it was settled.
        number: number of the bill here; it stays here.
    """
    taken = AcceptedCase.objects.filter(
        person=person,
        kind=CaseKind.BILL,
        state=CaseState.TAKEN,
        payload__fields__invoice_code=entered.invoice_code,
        payload__fields__invoice_number=entered.invoice_number,
    ).first()
    return case_settle(taken, number) if taken else None

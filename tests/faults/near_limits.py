"""People who stand just below a limit, and bills of which one fits and two do not."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from claims.bill_input import BillInput
from claims.models import AccountEntry, BenefitYearAccount, EntryKind, Settlement
from claims.services.account import EntryInput, account_post
from claims.services.preview import settlement_preview
from config.offices.acting import run_in_office
from enrollment.models import Person
from tests.factories.claims import HOSPITAL, bill, make_facility
from tests.factories.enrollment import make_category, make_certification, make_person

YEAR = 2025
VISIT = date(2025, 3, 10)
CLINIC = "H99000000002"


@dataclass(frozen=True)
class Limit:
    """One limit of the demonstration pack (grade one) and a bill that draws on it."""

    name: str
    limit_fen: int
    facts: dict[str, Any]
    category: str = ""
    disease: str = ""

    def bill(self) -> BillInput:
        return bill(**self.facts)


def _care(care_type: str, total: int, disease: str = "none") -> dict[str, Any]:
    stay = {} if care_type == "inpatient" else {"admitted_on": VISIT, "discharged_on": VISIT}
    return {
        **stay,
        "facility_code": CLINIC if care_type == "general_outpatient" else HOSPITAL,
        "care_type": care_type,
        "disease": disease,
        "total_fen": total,
        "fully_self_paid_fen": 0,
        "self_pay_first_fen": 0,
    }


LIMITS = (
    Limit("basic_cap", 100_000_00, _care("inpatient", 30_000_00)),
    Limit("catastrophic_cap", 300_000_00, _care("inpatient", 150_000_00)),
    Limit("ordinary_limit", 6_000_00, _care("inpatient", 30_000_00), "minimum_living"),
    Limit("supplementary_limit", 20_000_00, _care("inpatient", 150_000_00), "minimum_living"),
    Limit("outpatient_limit", 400_00, _care("general_outpatient", 300_00)),
    Limit(
        "two_disease_limit",
        300_00,
        _care("two_disease", 300_00, "hypertension"),
        "",
        "hypertension",
    ),
    Limit(
        "chronic_limit",
        3_000_00,
        _care("chronic_special", 3_000_00, "hypertension"),
        "",
        "hypertension",
    ),
)


def make_clinic() -> None:
    """Make the clinic that outpatient bills come from."""
    make_facility(CLINIC, 1)


def near(desk: Any, limit: Limit) -> Person:
    """Make a person for whom one bill fits below the limit and a second only in part."""
    with run_in_office(desk.east, desk.clerk):
        person = make_person(desk.east)
        if limit.category:
            make_category(person, limit.category)
        if limit.disease:
            make_certification(person, limit.disease)
        decided = settlement_preview(limit.bill(), person).decided
    drawn = decided.closing.get(limit.name, 0) - decided.opening.get(limit.name, 0)
    assert drawn > 1, f"the bill draws nothing from {limit.name}"
    used = limit.limit_fen - drawn - drawn // 2
    with run_in_office(desk.east, desk.supervisor):
        entry = EntryInput(EntryKind.GRANT, {limit.name: used}, "test")
        account_post(person, YEAR, entry, key=str(uuid4()))
    return person


def over_limit(person: Person) -> list[str]:
    """Return the limits of a person that live versions and entries exceed together; in a scope."""
    used: Counter[str] = Counter()
    accounts = BenefitYearAccount.objects.filter(person=person)
    for entry in AccountEntry.objects.filter(account__in=accounts):
        used.update(entry.amounts)
    for version in Settlement.objects.filter(account__in=accounts, superseded_by__isnull=True):
        for limit in LIMITS:
            used[limit.name] += version.closing.get(limit.name, 0)
            used[limit.name] -= version.opening.get(limit.name, 0)
    # The pack knows no catastrophic cap for people on minimum living.
    free = {"catastrophic_cap"} if person.category_spells.exists() else set()
    return [
        f"{each.name}: {used[each.name]} of {each.limit_fen}"
        for each in LIMITS
        if used[each.name] > each.limit_fen and each.name not in free
    ]

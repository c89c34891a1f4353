"""The facts of a bill as the kernel needs them: resolved anew, or as a version keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from claims.bill_input import BillInput
from claims.models import BillVersion, Facility, Settlement
from claims.settlement import people
from claims.settlement.facts import BillFacts
from config import calendar
from config.errors import InvalidInput, NotKnown
from config.policy.tree import PolicyTree
from enrollment.models import Person
from enrollment.selectors.facts import PersonFacts, Recorded, person_facts

AMOUNTS = (
    "total_fen",
    "fully_self_paid_fen",
    "over_limit_price_fen",
    "self_pay_first_fen",
    "other_aid_fen",
    "hospital_part_fen",
)
ASSUMED_AGE = 40

# Every confirmation asks for both; no two levels of a facility overlap.
_FACILITY_COLUMNS = [field.attname for field in Facility._meta.concrete_fields]
_FACILITY_WITH_LEVEL = f"""
SELECT {", ".join(f"facility.{name}" for name in _FACILITY_COLUMNS)}, (
    SELECT held.level FROM claims_facilitylevel held
    WHERE held.facility_id = facility.id AND held.from_on <= %(day)s
        AND (held.through_on IS NULL OR held.through_on >= %(day)s)
)
FROM claims_facility facility
WHERE facility.code = %(code)s
"""  # noqa: S608  the columns are those of the model


@dataclass(frozen=True)
class AssumedPerson:
    """Who a preview without a person is made for: covered, certified, nothing used yet.

    Attributes:
        born_on: None assumes an adult.
        grade: None takes the first grade of the region.
    """

    born_on: date | None = None
    grade: str | None = None
    categories: tuple[str, ...] = ()


def facility_of(code: str) -> Facility:
    """Return the facility under a national code.

    Raises:
        InvalidInput: `claims.bill.facility_unknown`.
    """
    return facility_with_level(code, calendar.today())[0]


def facility_with_level(code: str, day: date) -> tuple[Facility, int | None]:
    """Return the facility under a national code and its level on a day; None where none is recorded.

    Raises:
        InvalidInput: `claims.bill.facility_unknown`.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FACILITY_WITH_LEVEL, {"code": code, "day": day})
        found = cursor.fetchone()
    if found is None:
        raise InvalidInput("claims.bill.facility_unknown", field="facility_code", text=code[:20])
    *columns, level = found
    return Facility.from_db(connection.alias, _FACILITY_COLUMNS, columns), level


def resolved_facts(
    release_id: int,
    tree: PolicyTree,
    bill: BillInput,
    person: Person | AssumedPerson,
    facility: Facility | None,
    level: int | None,
) -> BillFacts:
    """Return the facts of a bill as recorded today, under a release.

    Args:
        release_id: the release.
        tree: its policy.
        bill: as entered.
        person: whose facts count.
        facility: None in a preview that only states a level.
        level: level of the facility on the day of discharge, or the stated one.

    Raises:
        InvalidInput: the disease does not fit the kind of care, the stay begins before the
            birth or after the death, or the off-area state contradicts the facility.
        NotKnown: the grade recorded for the person is not one of the region's.
    """
    region = tree.region
    if not region.may_name(bill.care_type, bill.disease):
        raise InvalidInput("claims.bill.disease_does_not_fit", field="disease", text=bill.disease)
    if facility is not None and facility.is_local != (bill.off_area == "none"):
        raise InvalidInput("claims.bill.off_area_contradicts_facility", field="off_area")
    facts = _facts_of_person(person, bill)
    if facts.born_on > bill.admission_day:
        raise InvalidInput("claims.bill.care_before_birth", field="admitted_on")
    died_on = person.died_on if isinstance(person, Person) else None
    if died_on is not None and bill.admission_day > died_on:
        raise InvalidInput("claims.bill.care_after_death", field="admitted_on")
    grade = facts.grade if facts.cover else region.grades[0]
    if grade not in region.grades:
        if isinstance(person, Person):
            raise NotKnown("claims.facts.grade_unknown", grade=grade)
        grade = region.grades[0]
    return people.resolve_facts(
        tree,
        people.Bill(
            care_type=bill.care_type,
            discharged_on=bill.discharged_on,
            level=level,
            admitted_on=bill.admission_day,
            off_area=bill.off_area,
            is_referred=bill.is_referred,
            disease=bill.disease,
            third_party=bill.third_party,
            kind=bill.kind,
            received_on=bill.received_on,
            release=str(release_id),
            **{name: getattr(bill, name) for name in AMOUNTS},
        ),
        people.Person(
            born_on=facts.born_on,
            grade=grade,
            categories=_spells(facts.categories),
            certified=_spells(facts.certified),
            cover=_spells(facts.cover),
        ),
    )


def stored_facts(version: Settlement, figures: BillVersion | None = None) -> BillFacts:
    """Return the facts a settlement version keeps; no table that may have changed is asked.

    Args:
        version: with `bill_version` at hand.
        figures: other figures of the same bill; those of the version otherwise.
    """
    entered = figures or version.bill_version
    return BillFacts(
        care_type=entered.care_type,
        level=version.level,
        off_area=entered.off_area,
        is_referred=entered.referred,
        disease=entered.disease,
        admitted_on=entered.admitted_on,
        discharged_on=entered.discharged_on,
        age_group=version.age_group,
        grade=version.grade,
        category_basic=version.category_basic,
        category_catastrophic=version.category_catastrophic,
        category_assistance=version.category_assistance,
        category_supplementary=version.category_supplementary,
        cover=version.cover,
        is_certified=version.is_certified,
        third_party=entered.third_party,
        kind=entered.kind,
        received_on=entered.received_on,
        release=str(version.release_id),
        **{name: getattr(entered, name) for name in AMOUNTS},
    )


def _facts_of_person(person: Person | AssumedPerson, bill: BillInput) -> PersonFacts:
    if isinstance(person, Person):
        return person_facts(person, bill.admission_day, bill.discharged_on)
    first, last = bill.admission_day, bill.discharged_on
    return PersonFacts(
        born_on=person.born_on or date(max(first.year - ASSUMED_AGE, 1), 1, 1),
        grade=person.grade or "",
        cover=(Recorded("covered", first, last),),
        categories=tuple(Recorded(word, first, last) for word in person.categories),
        certified=(Recorded(bill.disease, first, last),),
    )


def _spells(recorded: tuple[Recorded, ...]) -> tuple[people.Spell, ...]:
    return tuple(people.Spell(row.what, row.from_on, row.through_on) for row in recorded)

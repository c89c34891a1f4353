"""The causes of the own share sum to it, for every bill the kernel can settle."""

import pytest

from claims.settlement.cases import read_case, settle_cases
from claims.statement.causes import Cause, amounts_of, causes_of
from config.policy.tree import PolicyTree
from tests.reference.random_bills import RandomPeople
from tests.reference.random_packs import load_random_pack

FIGURES = {
    "outcome": "paid",
    "total": 50_000_00,
    "fully_self_paid": 600_00,
    "over_limit_price": 400_00,
    "self_pay_first": 9_000_00,
    "in_scope": 40_000_00,
    "deductible": 700_00,
    "basic_uncapped": 25_545_00,
    "item_excess": 0,
    "above_cap": 545_00,
    "unfiled_cut": 0,
    "basic": 25_000_00,
    "catastrophic": 1_595_75,
    "assistance": 0,
    "supplementary": 0,
    "other_aid": 100_00,
    "hospital_part": 0,
    "own_share": 23_304_25,
}


def test_each_cause_is_named_with_its_amount_in_the_order_of_the_steps():
    assert amounts_of(causes_of(FIGURES, "inpatient")) == {
        "fully_self_paid": 600_00,
        "over_limit_price": 400_00,
        "self_pay_first": 9_000_00,
        "deductible": 700_00,
        "copayment": 13_755_00,
        "above_cap": 545_00,
        "catastrophic": -1_595_75,
        "other_aid": -100_00,
    }


def test_missing_filing_is_told_apart_from_the_copayment_first():
    unfiled = FIGURES | {"unfiled_cut": 14_000_00}
    causes = {cause.code: cause for cause in causes_of(unfiled, "inpatient")}
    assert "copayment" not in causes
    assert causes["deductible"] == Cause("deductible", 455_00, 700_00)
    assert causes["unfiled"].amount_fen == 14_000_00


def test_a_refused_bill_has_one_cause_inside_the_scope():
    refused = {
        "outcome": "refused",
        "fully_self_paid": 5_00,
        "in_scope": 95_00,
        "own_share": 100_00,
    }
    assert amounts_of(causes_of(refused, "inpatient")) == {
        "fully_self_paid": 5_00,
        "refused": 95_00,
    }


def test_causes_that_do_not_sum_are_refused():
    with pytest.raises(ValueError, match="causes sum to"):
        causes_of(FIGURES | {"own_share": 1}, "inpatient")


def without_acts(events):
    """Leave out acts on earlier bills: some of them were held and have no place."""
    return [event for event in events if not event.keys() & {"reverse", "correct"}]


@pytest.mark.parametrize("seed", range(4))
def test_causes_sum_to_the_own_share_over_random_bills(seed, tmp_path):
    pack, loaded = load_random_pack(seed, tmp_path)
    drawn = RandomPeople(pack, seed).person_cases(250)
    cases = [read_case(case | {"events": without_acts(case["events"])}) for case in drawn]
    care_types = [
        {event.name: event.bill.care_type for event in case.events if hasattr(event, "bill")}
        for case in cases
    ]
    people = settle_cases({pack.region: PolicyTree(loaded)}, cases)
    explained = 0
    for person, care_type in zip(people, care_types, strict=True):
        for name, figures in person.current.items():
            if figures["outcome"] in ("paid", "refused"):
                causes = causes_of(figures, care_type[name])
                assert sum(amounts_of(causes).values()) == figures["own_share"]
                assert all((cause.amount_fen < 0) == cause.is_taken_over for cause in causes)
                explained += 1
    assert explained > 100

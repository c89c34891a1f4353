"""The reference against amounts worked by hand."""

from datetime import date

import pytest

from config.policy.tree import PolicyTree
from tests.reference.fractions_of_fen import banded
from tests.reference.ledger import settle_person
from tests.reference.plain_packs import FIRST, LAST, load_plain_pack
from tests.reference.rulebook import Rulebook

BANDS = [(0, 650_000), (2_000_000, 700_000), (5_000_000, 750_000)]
NOTHING_BASIC = {"basic.rate": [({}, "0%")], "basic.deductible": [({}, "0 yuan")]}
POOR = {"category": "minimum_living"}


@pytest.fixture
def settle(tmp_path):
    """Return a way to settle events under a plain pack with changes."""

    def run(events, changes=None, person=None, region=None):
        pack = load_plain_pack(tmp_path, changes, region)
        book = Rulebook.of(PolicyTree(pack), pack)
        case = {"person": {"born_on": date(1970, 1, 1)} | (person or {}), "events": events}
        return settle_person(book, case)

    return run


def bill(name, yuan, day=date(2022, 2, 10), **facts):
    """Write an inpatient bill that is in scope as a whole."""
    facts = {"care_type": "inpatient", "level": 3, "referred": True} | facts
    return {"bill": name, "discharged_on": day, "total": f"{yuan}.00 yuan"} | facts


def paid(ledger, tier):
    """List what a tier pays, bill by bill."""
    return {name: one.figures[tier] for name, one in ledger.current.items()}


def test_one_stay_above_the_deductible(settle):
    event = bill("A", 49000, self_pay_first="9000.00 yuan")
    ledger = settle([event], {"basic.rate": [({}, "65%")]})
    # (40000 - 700) x 65% = 25545; 40000 - 25545 = 14455; (14455 - 12000) x 65% = 1595.75
    assert paid(ledger, "basic") == {"A": 2_554_500}
    assert paid(ledger, "catastrophic") == {"A": 159_575}


@pytest.mark.parametrize(
    ("base", "above", "absolute"),
    [
        (32_000, 1_300_000, 1_360_000),
        (60_000, 3_260_000, 3_370_000),
        (100_000, 6_250_000, 6_370_000),
        (150_000, 10_000_000, 10_120_000),
    ],
)
def test_both_readings_of_the_bands(base, above, absolute):
    assert banded(BANDS, base * 100 - 1_200_000) == above
    assert banded(BANDS, base * 100, start=1_200_000) == absolute


def test_the_year_accumulates_and_a_reversal_flows_back(settle):
    bills = [bill("A", 8000), bill("B", 7000), bill("C", 30000)]
    ledger = settle(bills, NOTHING_BASIC)
    assert paid(ledger, "catastrophic") == {"A": 0, "B": 195_000, "C": 2_015_000}
    ledger = settle([*bills, {"reverse": "B"}], NOTHING_BASIC)
    assert paid(ledger, "catastrophic") == {"A": 0, "C": 1_720_000}


@pytest.mark.parametrize(("mode", "fen"), [("marginal", 350_000), ("offset", 500_000)])
def test_a_change_of_category(settle, mode, fen):
    # offset asks for (15000 - 6000) x 70% = 6300, and the bill has only 5000 to give
    changes = NOTHING_BASIC | {
        "catastrophic.deductible": [({}, "12000 yuan"), (POOR, "6000 yuan")],
        "catastrophic.brackets": [({}, "65%"), (POOR, "70%")],
        "catastrophic.on_category_change": [({}, mode)],
    }
    person = {"categories": [{"category": "minimum_living", "from": date(2022, 6, 1)}]}
    bills = [bill("A", 10000), bill("B", 5000, day=date(2022, 6, 2))]
    ledger = settle(bills, changes, person)
    assert paid(ledger, "catastrophic") == {"A": 0, "B": fen}


@pytest.mark.parametrize(
    ("mode", "fen"), [("marginal", 152_400), ("offset", 152_400), ("old_all_year", 228_420)]
)
def test_a_change_of_rule(settle, mode, fen):
    changes = NOTHING_BASIC | {
        "catastrophic.deductible": [
            ({}, "13193 yuan", (FIRST, date(2021, 10, 31))),
            ({}, "14460 yuan", (date(2021, 11, 1), LAST)),
        ],
        "catastrophic.brackets": [({}, "60%")],
        "catastrophic.on_rule_change": [({}, mode)],
    }
    bills = [bill("A", 13000, day=date(2021, 10, 1)), bill("B", 4000, day=date(2021, 11, 5))]
    ledger = settle(bills, changes)
    # old_all_year: (17000 - 13193) x 60% = 2284.20
    assert paid(ledger, "catastrophic") == {"A": 0, "B": fen}


def test_a_late_status_grants_assistance_up_to_the_limit(settle):
    changes = NOTHING_BASIC | {"assistance.rate": [({}, "not_offered"), (POOR, "70%")]}
    late = {"category": "minimum_living", "from": date(2022, 6, 1), "applied_on": date(2022, 7, 1)}
    events = [bill("A", 3000), bill("B", 9000), {"late_status": late}, bill("C", 500)]
    ledger = settle(events, changes)
    # A: 3000 x 70% = 2100; B: 6300, of which 3900 is left under 6000
    assert ledger.grants == {2: {"A": 210_000, "B": 390_000}}
    assert paid(ledger, "assistance") == {"A": 0, "B": 0, "C": 0}


def test_assistance_and_supplementary_of_one_bill(settle):
    changes = NOTHING_BASIC | {
        "assistance.rate": [({}, "not_offered"), (POOR, "70%")],
        "assistance.deductible": [({}, "1000 yuan")],
        "supplementary.rate": [({}, "60%")],
        "supplementary.requires": [({}, ["referred", "in_province"])],
    }
    person = {"categories": [{"category": "minimum_living"}]}
    ledger = settle([bill("A", 11000), bill("B", 1, off_area="out_province")], changes, person)
    # (11000 - 1000) x 70% = 7000, limit 6000; (11000 - 6000 - 3000) x 60% = 1200
    figures = ledger.current["A"].figures
    assert (figures["assistance"], figures["assistance_limit_cut"]) == (600_000, 100_000)
    assert (figures["supplementary"], figures["own_share"]) == (120_000, 380_000)
    assert ledger.current["B"].figures["supplementary_base"] == 0


def test_other_aid_never_exceeds_what_is_left(settle):
    event = bill("A", 100, fully_self_paid="40.00 yuan", other_aid="70.00 yuan")
    ledger = settle([event], NOTHING_BASIC)
    figures = ledger.current["A"].figures
    assert (figures["other_aid"], figures["aid_excess"]) == (6_000, 1_000)
    assert (figures["own_within"], figures["own_outside"], figures["cash"]) == (0, 4_000, 4_000)


def test_an_old_outpatient_balance_runs_down(settle):
    events = [{"opening": {"outpatient_balance": "-100.00 yuan"}}]
    events += [bill(name, 80, care_type="outpatient_balance") for name in "AB"]
    ledger = settle(events)
    assert paid(ledger, "account_paid") == {"A": 8_000, "B": 2_000}

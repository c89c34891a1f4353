from dataclasses import replace

import numpy as np
import pytest

from claims.settlement.columns import HELD, PAID, REFUSED
from claims.settlement.facts import (
    COVERS,
    THIRD_PARTIES,
    FactColumns,
    decide_outcomes,
    worst_cover,
)
from claims.settlement.reasons import REASONS
from claims.settlement.table import NOT_OFFERED, OFFERED, RuleTable
from tests.claims.settlement.plain import facts

ALL_WRONG = FactColumns(
    rule_row=np.array([1]),
    is_known_day=np.array([False]),
    has_level=np.array([False]),
    names_disease=np.array([False]),
    needs_disease=np.array([True]),
    is_certified=np.array([False]),
    is_balance=np.array([False]),
    cover=np.array([COVERS.index("none")]),
    third_party=np.array([THIRD_PARTIES.index("pending")]),
    received_on=np.array([2]),
    deadline_on=np.array([1]),
)
# What is put right, one after the other, and the reason that then stands first.
MENDED = (
    ({}, "H03"),
    ({"third_party": np.array([THIRD_PARTIES.index("settled")])}, "H04"),
    ({"is_known_day": np.array([True])}, "H01"),
    ({"cover": np.array([COVERS.index("duplicate")])}, "H02"),
    ({"cover": np.array([COVERS.index("waiting")])}, "H06"),
    ({"deadline_on": np.array([0])}, "H07"),
    ({"has_level": np.array([True])}, "H07"),
    ({"names_disease": np.array([True])}, "R01"),
    ({"cover": np.array([COVERS.index("not_covered")])}, "R02"),
    ({"cover": np.array([COVERS.index("covered")])}, "R03"),
    ({"rule_row": np.array([0])}, "R04"),
    ({"is_certified": np.array([True])}, ""),
)


@pytest.fixture
def table():
    table = RuleTable(("cap",), 1)
    for status in (OFFERED, NOT_OFFERED):
        table.rules["basic_status"][table.rules.append()] = status
    return table


def test_the_first_reason_decides_and_held_beats_refused(table):
    columns = ALL_WRONG
    for mended, expected in MENDED:
        columns = replace(columns, **mended)
        outcome, reason = decide_outcomes(columns, table)
        code = REASONS[reason[0]].code
        assert code == expected
        assert outcome[0] == {"H": HELD, "R": REFUSED, "": PAID}[code[:1]]


def test_an_old_balance_needs_no_offer(table):
    columns = replace(
        ALL_WRONG,
        is_known_day=np.array([True]),
        has_level=np.array([True]),
        needs_disease=np.array([False]),
        is_balance=np.array([True]),
        cover=np.array([COVERS.index("covered")]),
        third_party=np.array([0]),
        deadline_on=np.array([0]),
    )
    assert decide_outcomes(columns, table)[0].tolist() == [PAID]


@pytest.mark.parametrize(
    ("statuses", "worst"),
    [
        ([], "none"),
        (["covered"], "covered"),
        (["covered", "not_covered", "waiting"], "waiting"),
        (["waiting", "duplicate", "covered"], "duplicate"),
        (["covered", "none", "duplicate"], "none"),
    ],
)
def test_the_worst_day_decides(statuses, worst):
    assert worst_cover(statuses) == worst


@pytest.mark.parametrize(
    ("off_area", "filed", "in_province", "referred"),
    [
        ("none", True, True, True),
        ("in_province", True, True, False),
        ("in_province_unfiled", False, True, False),
        ("in_province_residence", True, True, True),
        ("out_province", True, False, False),
        ("out_province_unfiled", False, False, False),
        ("out_province_residence", True, False, True),
    ],
)
def test_what_a_place_means(off_area, filed, in_province, referred):
    bill = facts(off_area=off_area, is_referred=False)
    assert (bill.is_filed, bill.is_in_province, bill.counts_as_referred) == (
        filed,
        in_province,
        referred,
    )
    assert facts(off_area=off_area).counts_as_referred


def test_an_old_balance_has_no_year():
    assert facts().benefit_year == 2022
    assert facts(care_type="outpatient_balance").benefit_year == 0

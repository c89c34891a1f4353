import numpy as np
import pytest

from claims.settlement.tiers.assistance import assistance_tier, supplementary_tier
from tests.claims.settlement.plain import POOR, columns_of, facts, nothing_used, plain_book

OFFERED = {
    "assistance.rate": [({}, "50%")],
    "assistance.deductible": [({}, "1000 yuan")],
    "assistance.limits.assistance_limit": [({}, "no limit")],
}


def assist(book, bill, base_fen, entries=None):
    used = nothing_used(book, 1)
    used.add(0, entries or {})
    columns = columns_of(book, [bill])
    base = np.array([base_fen])
    arguments = (book.table, columns.rule_row, columns)
    assistance = assistance_tier(*arguments, columns.total_fen, base, used, columns.account_row)
    return assistance, supplementary_tier(*arguments, assistance, used, columns.account_row)


@pytest.mark.parametrize(("per", "pays"), [("year", 2_000_00), ("stay", 1_500_00)])
def test_a_deductible_of_the_year_is_used_up_once(tmp_path, per, pays):
    changes = OFFERED | {"assistance.deductible_per": [({}, per)]}
    aid, _ = assist(
        plain_book(tmp_path, changes), facts(), 4_000_00, {"assistance_deductible": 1_000_00}
    )
    assert aid.pay_fen.tolist() == [pays]
    assert aid.running_fen.tolist() == [5_000_00]


@pytest.mark.parametrize(
    ("word", "bill", "is_met"),
    [
        ("referred", facts(off_area="in_province", is_referred=False), False),
        ("referred", facts(off_area="in_province"), True),
        ("filed", facts(off_area="in_province_unfiled"), False),
        ("in_province", facts(off_area="out_province"), False),
        ("in_province", facts(off_area="in_province_unfiled"), True),
    ],
)
def test_a_requirement_that_is_not_met_leaves_no_base(tmp_path, word, bill, is_met):
    book = plain_book(tmp_path, OFFERED | {"assistance.requires": [({}, [word])]})
    aid, _ = assist(book, bill, 4_000_00)
    assert (aid.base_fen.item() > 0) == (aid.pay_fen.item() > 0) == is_met


@pytest.mark.parametrize(("yuan", "kind"), [(30_000, 1), (30_001, 0)])
def test_a_bill_draws_on_the_first_kind_that_holds(tmp_path, yuan, kind):
    changes = OFFERED | {
        "assistance.kind_condition": [
            ({"kind": "large"}, {"cost_over": "30000 yuan", "cost": "in_scope"})
        ],
        "assistance.rate": [({"kind": "large"}, "80%"), ({"kind": "ordinary"}, "50%")],
    }
    book = plain_book(tmp_path, changes, {"assistance_kinds": ["large", "ordinary"]})
    aid, _ = assist(book, facts(total_fen=yuan * 100), 2_000_00)
    assert aid.kind.tolist() == [kind]
    assert aid.pay_fen.tolist() == [[800_00], [500_00]][kind]


def test_supplementary_assistance_starts_from_what_assistance_left(tmp_path):
    changes = OFFERED | {
        "assistance.limits.assistance_limit": [({}, "600 yuan")],
        "supplementary.rate": [({}, "not_offered"), ({"category": "minimum_living"}, "60%")],
    }
    book = plain_book(tmp_path, changes)
    aid, more = assist(book, facts(**POOR), 6_000_00)
    assert (aid.uncapped_fen.item(), aid.limit_cut_fen.item()) == (2_500_00, 1_900_00)
    # (6000 - 600 - 3000) x 60 %
    assert (more.base_fen.item(), more.pay_fen.item()) == (5_400_00, 1_440_00)
    _, nothing = assist(book, facts(), 6_000_00)
    assert (nothing.base_fen.item(), nothing.pay_fen.item()) == (0, 0)

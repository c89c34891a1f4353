import re
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from claims.settlement.desk import replay_account
from claims.settlement.explain import explain
from claims.settlement.rules import RuleBook
from config.money import PPM, round_ppm
from config.policy.pack import RegionPack
from config.policy.tree import PolicyTree
from tests.claims.settlement.plain import ASSISTED, POOR, facts, plain_book
from tests.performance.bills import demonstration_book, sample_facts

TIERS = ("basic", "catastrophic", "assistance", "supplementary")
FIRST_HALF = (date(2021, 1, 1), date(2022, 6, 30))
SECOND_HALF = (date(2022, 7, 1), date(2022, 12, 31))


def explained(book, bills, entries=None):
    """Steps of the bills of one account, with their figures."""
    settled, _ = replay_account(book, bills, entries or {})
    return [
        (each.figures, explain(book, bill, each.figures, each.opening))
        for bill, each in zip(bills, settled, strict=True)
    ]


def step_of(steps, code):
    return next(step for step in steps if step.code == code)


@pytest.fixture(scope="module")
def random_settlements():
    """Paid bills of the demonstration pack, some of them alone, some in a year of their own."""
    book = demonstration_book()
    rng = np.random.default_rng(3)
    settled = []
    for number, sample in enumerate(sample_facts(book, 400, seed=5)):
        total = int(rng.integers(100_00, 400_000_00))
        bill = replace(
            sample,
            total_fen=total,
            fully_self_paid_fen=total // 20,
            self_pay_first_fen=total // 12,
        )
        bills = [bill] if number % 2 else [bill, replace(bill, total_fen=total // 3 * 2)]
        settled += explained(book, bills)
    paid = [(figures, steps) for figures, steps in settled if figures["outcome"] == "paid"]
    assert len(paid) > 200
    return paid


def test_operands_and_results_are_the_stored_figures(random_settlements):
    for figures, steps in random_settlements:
        for step in steps:
            for name, value in step.operands.items():
                assert figures.get(name, value) == value, step


def test_the_last_step_of_a_tier_is_its_payment(random_settlements):
    met = set()
    for figures, steps in random_settlements:
        for tier in TIERS:
            own = [step for step in steps if step.tier == tier]
            assert (own[-1].result_fen if own else 0) == figures[tier], (tier, steps)
            met |= {step.code for step in own}
    assert {"bands", "fixed_sum", "unfiled_cut", "basic_limits", "supplementary"} <= met


def test_lines_add_up_as_they_say(random_settlements):
    """Each difference, product and sum that a sentence writes out comes to its result."""
    for figures, steps in random_settlements:
        rate = [step for step in steps if step.code == "rate"]
        for step in rate:
            ppm = step.operands.get("rate_ppm") or step.operands["floor_ppm"]
            above = figures["in_scope"] - figures["deductible"]
            assert round_ppm(above * ppm) == step.result_fen, step
        for step in steps:
            if step.code.endswith("_limits"):
                whole, *cuts = step.operands.values()
                assert whole - sum(cuts) == step.result_fen, step


def test_bands_are_those_that_were_paid_by(random_settlements):
    for figures, steps in random_settlements:
        for step in steps:
            if step.code != "bands" or "floor_ppm" in step.operands:
                continue
            above = figures["in_scope"] - figures["deductible"]
            assert by_bands(step.sentence_en, above) == step.result_fen, step


def by_bands(sentence, amount_fen):
    """Evaluate `above 0.00 60%; above 20,000.00 70%` as it is printed."""
    bands = [
        (int(over.replace(",", "").replace(".", "")), exact_ppm(rate))
        for over, rate in re.findall(r"above ([\d,.]+) ([\d.]+)%", sentence)
    ]
    value = 0
    for number, (over, ppm) in enumerate(bands):
        end = bands[number + 1][0] if number + 1 < len(bands) else amount_fen
        value += max(min(amount_fen, end) - over, 0) * ppm
    return round_ppm(value)


def exact_ppm(percent):
    whole, _, decimals = percent.partition(".")
    return int(whole + decimals.ljust(4, "0")) * PPM // 1_000_000


def test_every_rule_value_carries_its_clause(random_settlements):
    without = {"in_scope", "own_share", "own_split", *TIERS}
    for _, steps in random_settlements:
        for step in steps:
            assert bool(step.citations) == (step.code not in without), step
            assert len(set(step.citations)) == len(step.citations)


def test_no_sentence_has_a_hole(random_settlements):
    for _, steps in random_settlements:
        for step in steps:
            for sentence in (step.sentence_zh, step.sentence_en):
                assert sentence
                assert not re.search(r"[{}]|None", sentence), sentence


def test_a_refused_bill_shows_its_cost_and_share(tmp_path):
    [(_, steps)] = explained(plain_book(tmp_path), [facts(cover="waiting")])
    assert [step.code for step in steps] == ["in_scope", "own_share", "own_split"]


def test_an_old_balance_has_no_tiers(tmp_path):
    bill = facts(care_type="outpatient_balance", total_fen=50_00)
    [(_, steps)] = explained(plain_book(tmp_path), [bill], {"outpatient_balance": -30_00})
    assert {step.tier for step in steps} == {"cost", "share"}


def test_a_guaranteed_minimum_says_that_it_lifted(tmp_path):
    changes = {
        "basic.points_off": [({"off_area": "in_province"}, "30 points")],
        "basic.guaranteed_minimum": [({"off_area": "in_province"}, "45%")],
    }
    [(_, steps)] = explained(plain_book(tmp_path, changes), [facts(off_area="in_province")])
    step = step_of(steps, "rate")
    assert step.operands["floor_ppm"] == 450_000
    assert step.sentence_en.endswith("guaranteed minimum 45% = 4,185.00")


def test_adjusted_bands_are_printed_as_they_were_paid(tmp_path):
    changes = {
        "basic.rate": [({}, [("0 yuan", "60%"), ("5000 yuan", "70%")])],
        "basic.category_bonus": [({"category": "minimum_living"}, "5 points")],
    }
    [(_, steps)] = explained(plain_book(tmp_path, changes), [facts(**POOR)])
    assert "by bands (above 0.00 65%; above 5,000.00 75%)" in step_of(steps, "bands").sentence_en


def test_a_limit_cites_the_category_of_the_subject_that_defines_it(tmp_path):
    changes = ASSISTED | {
        "supplementary.counts_into": [({}, ["assistance_limit"])],
        "assistance.limits.assistance_limit": [
            ({}, "9000 yuan"),
            ({"category": "minimum_living"}, "6000 yuan"),
        ],
    }
    tree = plain_book(tmp_path, changes).trees[""]
    content = tree.pack.content()
    for value in content["keys"]["limits.assistance_limit"]["values"]:
        value["citation"]["note"] = "poor" if value.get("for") else "everyone"
    book = RuleBook.of(PolicyTree(RegionPack.from_content(content)))
    bill = facts(
        total_fen=60_000_00,
        category_assistance="minimum_living",
        category_supplementary="minimum_living",
    )
    [(figures, steps)] = explained(book, [bill])
    assert figures["supplementary_limit_cut"] > 0
    assert "poor" in {each.note for each in step_of(steps, "supplementary_limits").citations}


def changed_in_july(**modes):
    changes = {
        "catastrophic.deductible": [
            ({}, "12000 yuan", FIRST_HALF),
            ({}, "10000 yuan", SECOND_HALF),
            ({"category": "minimum_living"}, "6000 yuan"),
        ]
    }
    return changes | {f"catastrophic.{key}": [({}, mode)] for key, mode in modes.items()}


JULY = {"total_fen": 50_000_00, "discharged_on": date(2022, 7, 10)}


@pytest.mark.parametrize(
    ("mode", "deductible"), [("marginal", 10_000_00), ("old_all_year", 12_000_00)]
)
def test_the_deductible_shown_is_the_one_in_force(tmp_path, mode, deductible):
    book = plain_book(tmp_path, changed_in_july(on_rule_change=mode))
    [(_, steps)] = explained(book, [facts(**JULY)])
    assert step_of(steps, "catastrophic_scale").operands["deductible_standard"] == deductible


def test_the_first_category_of_the_year_is_shown_where_it_holds_all_year(tmp_path):
    book = plain_book(tmp_path, changed_in_july(on_category_change="old_all_year"))
    poor = facts(category_catastrophic="minimum_living")
    _, (_, steps) = explained(book, [poor, facts(**JULY)])
    assert step_of(steps, "catastrophic_scale").operands["deductible_standard"] == 6_000_00


def test_an_offset_says_what_was_granted_before(tmp_path):
    book = plain_book(tmp_path, changed_in_july(on_rule_change="offset"))
    (first, _), (second, steps) = explained(book, [facts(total_fen=50_000_00), facts(**JULY)])
    step = step_of(steps, "catastrophic_scale")
    assert second["offset_met"] == 1
    assert step.operands["granted"] == first["catastrophic"]
    assert "granted this year" in step.sentence_en

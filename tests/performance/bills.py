"""A million bills under the demonstration pack, as columns, the same for every seed."""

import itertools

import numpy as np

from claims.settlement.columns import ClaimColumns
from claims.settlement.facts import BillFacts
from claims.settlement.rules import RuleBook
from config.policy.loader import find_packs, load_notices, load_pack
from config.policy.tree import PolicyTree

REGION = "990000_qinghe"
FIRST_DAY = np.datetime64("2026-01-01")


def demonstration_book() -> RuleBook:
    """The rule book of the demonstration pack, which fills every kind of benefit."""
    return RuleBook.of(PolicyTree(load_pack(find_packs()[REGION], load_notices())))


def sample_facts(book: RuleBook, count: int, seed: int = 7) -> list[BillFacts]:
    """Facts of `count` bills that differ in every selector of the pack."""
    rng = np.random.default_rng(seed)
    region = book.trees[""].region
    ranked = {use: ("none", *words) for use, words in region.ranks.items()}
    care_types = (
        "inpatient",
        "inpatient",
        "inpatient",
        "general_outpatient",
        "chronic_special",
        "two_disease",
        "maternity",
    )
    off_areas = ("none",) * 6 + (
        "in_province",
        "in_province_unfiled",
        "out_province",
        "out_province_unfiled",
        "out_province_residence",
    )
    diseases = {
        care: [code for code, item in region.diseases.items() if care in item.care_types]
        for care in set(care_types)
    }
    facts = []
    for _ in range(count):
        care = care_types[rng.integers(len(care_types))]
        needs = care in ("chronic_special", "two_disease")
        choices = diseases[care] if needs else ["none", *diseases[care]]
        day = (FIRST_DAY + rng.integers(365)).astype(object)
        facts.append(
            BillFacts(
                care_type=care,
                level=int(rng.choice(region.levels)),
                off_area=off_areas[rng.integers(len(off_areas))],
                is_referred=bool(rng.integers(2)),
                disease=choices[rng.integers(len(choices))],
                admitted_on=day,
                discharged_on=day,
                age_group=region.age_groups[rng.integers(len(region.age_groups))].code,
                grade=region.grades[rng.integers(len(region.grades))],
                category_basic=ranked["basic"][rng.integers(len(ranked["basic"]))],
                category_catastrophic=ranked["catastrophic"][
                    rng.integers(len(ranked["catastrophic"]))
                ],
                category_assistance=ranked["assistance"][rng.integers(len(ranked["assistance"]))],
                category_supplementary=ranked["supplementary"][
                    rng.integers(len(ranked["supplementary"]))
                ],
                cover="covered",
                is_certified=True,
                third_party="none",
                kind="direct",
                received_on=None,
                total_fen=1,
            )
        )
    return facts


def million_bills(book: RuleBook, bills: int, people: int, seed: int = 11) -> ClaimColumns:
    """Columns of `bills` bills of `people` people, 1 to 45 each, sorted by account.

    Rule rows come from 2,000 sampled combinations; amounts from a few yuan to half a
    million, so that every band, cap and limit is met.
    """
    rng = np.random.default_rng(seed)
    sample = book.claims(sample_facts(book, 2_000), np.zeros(2_000, dtype=np.int64))
    paid = np.flatnonzero(sample.outcome == 0)
    pick = paid[rng.integers(len(paid), size=bills)]
    counts = np.ones(people, dtype=np.int64)
    heavy = rng.geometric(0.28, size=people)
    for size in itertools.count(1):
        missing = bills - int(counts.sum())
        if missing <= 0:
            break
        room = np.flatnonzero((heavy > size) & (counts < 45))[:missing]
        counts[room if len(room) else np.arange(min(missing, people))] += 1
    account = np.repeat(np.arange(people), counts)
    total = np.exp(rng.normal(13.2, 1.4, size=bills)).astype(np.int64) + 100
    columns = sample.take(pick)
    return ClaimColumns(
        account_row=account,
        rule_row=columns.rule_row,
        outcome=columns.outcome,
        reason=columns.reason,
        is_balance=columns.is_balance,
        is_admission=columns.is_admission,
        is_referred=columns.is_referred,
        is_filed=columns.is_filed,
        is_in_province=columns.is_in_province,
        total_fen=total,
        fully_self_paid_fen=total // 20,
        over_limit_price_fen=total // 50,
        self_pay_first_fen=total // 12,
        other_aid_fen=total // 200,
        hospital_part_fen=total // 400,
    )

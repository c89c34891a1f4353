"""Bills under a plain pack: 65 % above 700 yuan, 65 to 75 % above 12,000 yuan, no assistance."""

from datetime import date

import numpy as np

from claims.settlement.accumulators import Accumulators
from claims.settlement.facts import BillFacts
from claims.settlement.rules import RuleBook
from config.policy.tree import PolicyTree
from tests.reference.plain_packs import load_plain_pack

DAY = date(2022, 2, 10)
ASSISTED = {
    "assistance.rate": [
        ({}, "not_offered"),
        ({"category": "minimum_living"}, "70%"),
        ({"category": "near_poor"}, "50%"),
    ],
    "supplementary.rate": [({}, "not_offered"), ({"category": "minimum_living"}, "60%")],
}
POOR = dict.fromkeys(
    (f"category_{use}" for use in ("basic", "catastrophic", "assistance", "supplementary")),
    "minimum_living",
)


def plain_tree(folder, changes=None, region=None) -> PolicyTree:
    return PolicyTree(load_plain_pack(folder, changes, region))


def plain_book(folder, changes=None, region=None) -> RuleBook:
    return RuleBook.of(plain_tree(folder, changes, region))


def facts(**changes) -> BillFacts:
    """Facts of an inpatient stay of 10,000 yuan, all in scope."""
    plain = {
        "care_type": "inpatient",
        "level": 3,
        "off_area": "none",
        "is_referred": True,
        "disease": "none",
        "admitted_on": changes.get("discharged_on", DAY),
        "discharged_on": DAY,
        "age_group": "adult",
        "grade": "none",
        "category_basic": "none",
        "category_catastrophic": "none",
        "category_assistance": "none",
        "category_supplementary": "none",
        "cover": "covered",
        "is_certified": True,
        "third_party": "none",
        "kind": "direct",
        "received_on": None,
        "total_fen": 10_000_00,
    }
    return BillFacts(**(plain | changes))


def columns_of(book, bills, accounts=None):
    """Columns of bills, each in an account of its own unless said otherwise."""
    accounts = range(len(bills)) if accounts is None else accounts
    return book.claims(bills, np.array(list(accounts), dtype=np.int64))


def nothing_used(book, accounts) -> Accumulators:
    return Accumulators.empty(book.accumulator_names, accounts)

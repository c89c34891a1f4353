"""More in-scope cost of one bill never lowers what is paid.

It holds to the fen, where one rule and one category last all year, bands pay more the
higher they are, deductibles are those of a stay, and kinds of assistance are not chosen by
amount:

- for a single bill, with every limit;
- for all bills of a year together, where the first two tiers have no yearly limit.

It does not hold in general, and need not. A dearer bill takes from what the year shares,
and what a later bill then loses may weigh more than what the dearer one gains:

- A yearly cap of the catastrophic tier moves to the dearer bill; where that bill is
  assisted and the later one is not, assistance falls by as much as the bill gains.
- An item limit moves likewise, and may count in the base of one tier and not of the next.
- A shared yearly deductible is used up; a later bill then reaches further over an item
  limit whose excess is out of the next base. Seen: 7 fen more in one stay, 3 fen less in
  the year.
- A bill that outgrows `cost_over` may come under a kind that pays less.
- With falling bands a later bill moves into a worse band.
"""

import random
from datetime import date

import pytest

from tests.properties.settled import bills_only, random_country
from tests.reference.facts import read_fen
from tests.reference.random_packs import yuan

EARLY = date(2019, 1, 1)
COVERED = [{"status": "covered", "from": EARLY}]
TIERS = ("basic", "catastrophic", "assistance", "supplementary")


def paid_in_the_year(person) -> int:
    return sum(one[tier] for one in person.current.values() for tier in TIERS)


def with_bills(country) -> list[dict]:
    """Cases of the country that have a bill, without acts on earlier bills."""
    cases = [bills_only(case) for case in country.cases]
    return [case for case in cases if any("bill" in event for event in case["events"])]


def of_one_category(case: dict) -> dict:
    """Let what is recorded of the person hold throughout, with cover on every day."""
    spells = [{"category": one["category"], "from": EARLY} for one in case["person"]["categories"]]
    return {**case, "person": {**case["person"], "categories": spells, "cover": COVERED}}


def with_more(case: dict, rng: random.Random) -> dict:
    """Raise the in-scope cost of one bill, by a fen or by far."""
    bills = [at for at, event in enumerate(case["events"]) if "bill" in event]
    chosen = rng.choice(bills)
    more = rng.choice([1, 1, 2, 7, rng.randint(1, 10**4), rng.randint(1, 10**7)])
    events = list(case["events"])
    total = yuan(read_fen(events[chosen]["total"]) + more)
    events[chosen] = {**events[chosen], "total": total}
    return {**case, "events": events}


def of_one_bill(case: dict, rng: random.Random) -> dict:
    """Keep the openings and one of the bills."""
    bills = [event for event in case["events"] if "bill" in event]
    events = [event for event in case["events"] if "bill" not in event]
    return {**case, "events": [*events, rng.choice(bills)]}


def check_never_lower(country, cases: list[dict], rng: random.Random) -> None:
    dearer = [with_more(case, rng) for case in cases]
    before, after = country.settle(cases), country.settle(dearer)
    for case, more, low, high in zip(cases, dearer, before, after, strict=True):
        assert paid_in_the_year(high) >= paid_in_the_year(low), (case, more)


@pytest.mark.parametrize("seed", range(61, 69))
def test_more_cost_of_a_single_bill_never_lowers_its_benefits(seed, tmp_path):
    country = random_country(seed, 1200, tmp_path, one_rule="limited")
    rng = random.Random(seed)
    cases = [of_one_bill(of_one_category(case), rng) for case in with_bills(country)]
    check_never_lower(country, cases, rng)


@pytest.mark.parametrize("seed", range(71, 83))
def test_more_cost_without_yearly_limits_never_lowers_the_year(seed, tmp_path):
    country = random_country(seed, 1200, tmp_path, one_rule="unlimited")
    cases = [of_one_category(case) for case in with_bills(country)]
    check_never_lower(country, cases, random.Random(seed))

"""The parts are the whole, and no part is below nothing."""

import pytest

from claims.settlement.columns import NOT_MONEY, OUTPUTS
from tests.properties.settled import random_country

TIERS = ("basic", "catastrophic", "assistance", "supplementary")


@pytest.fixture(params=range(41, 47))
def settled(request, tmp_path):
    people = random_country(request.param, 1500, tmp_path).settle()
    return [one for person in people for one in person.current.values()]


def test_no_part_is_negative(settled):
    for figures in settled:
        below = [name for name in OUTPUTS if name not in NOT_MONEY and figures[name] < 0]
        assert not below, figures


def test_all_sums_of_a_version_hold(settled):
    for figures in settled:
        if figures["outcome"] in ("held", "reversed"):
            continue
        funds = sum(figures[name] for name in (*TIERS, "other_aid", "hospital_part"))
        outside = figures["fully_self_paid"] + figures["over_limit_price"]
        assert figures["total"] == funds + figures["own_share"], figures
        assert figures["total"] == outside + figures["self_pay_first"] + figures["in_scope"], (
            figures
        )
        assert figures["own_share"] == figures["own_within"] + figures["own_outside"], figures
        assert figures["own_share"] == figures["account_paid"] + figures["cash"], figures
        assert figures["own_outside"] == outside, figures


def test_a_refused_bill_is_paid_nothing_and_a_held_one_has_no_parts(settled):
    for figures in settled:
        if figures["outcome"] == "refused":
            assert not any(figures[name] for name in TIERS), figures
        if figures["outcome"] == "held":
            parts = (*TIERS, "other_aid", "hospital_part", "own_share", "cash")
            assert not any(figures[name] for name in parts), figures

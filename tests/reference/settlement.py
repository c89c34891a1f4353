"""The second settlement: one bill through all tiers, written from the texts alone.

Slow and plain on purpose. Whoever changes the kernel must not look here first, and
whoever changes this must not look at the kernel: agreement is the proof.
"""

from collections import defaultdict
from dataclasses import dataclass, field

from tests.reference import upper_tiers
from tests.reference.basic import settle_basic, unfiled_cut
from tests.reference.facts import Bill, Person
from tests.reference.outcome import BALANCE, reason_against
from tests.reference.rulebook import NotKnown, Rulebook
from tests.reference.upper_tiers import YearState

MONEY_FIGURES = (
    "in_scope",
    "deductible",
    "basic_uncapped",
    "item_excess",
    "above_cap",
    "basic",
    "unfiled_cut",
    "catastrophic_base",
    "catastrophic_uncapped",
    "catastrophic_cap_cut",
    "catastrophic_ceiling_cut",
    "catastrophic",
    "assistance_base",
    "assistance_uncapped",
    "assistance_limit_cut",
    "assistance",
    "supplementary_base",
    "supplementary_uncapped",
    "supplementary_limit_cut",
    "supplementary",
)


@dataclass
class Account:
    """One account-year: accumulators by id, paid inpatient stays, and the year's memory."""

    used: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    stays: int = 0
    state: YearState = field(default_factory=YearState)

    def move(self, moves) -> None:
        """Move accumulators by what was applied or paid."""
        for name, amount in moves:
            self.used[name] += amount


@dataclass
class Settled:
    """The figures of one bill, its outcome and its reason."""

    outcome: str
    reason: str
    figures: dict
    basic: object = None
    unfiled_cut_fen: int = 0


def settle_bill(book: Rulebook, account: Account, bill: Bill, person: Person) -> Settled:
    """Settle one bill on an account and move the account."""
    reason = reason_against(book, bill, person)
    if reason is not None and reason.startswith("H"):
        return Settled("held", reason, dict.fromkeys(MONEY_FIGURES, 0))
    figures = dict.fromkeys(MONEY_FIGURES, 0)
    figures["in_scope"] = bill.in_scope_fen
    if reason is not None:
        close_bill(bill, figures)
        return Settled("refused", reason, figures)
    if bill.care_type == BALANCE:
        close_bill(bill, figures)
        left = max(0, -account.used[BALANCE])
        figures["account_paid"] = min(figures["own_share"], left)
        figures["cash"] = figures["own_share"] - figures["account_paid"]
        account.used[BALANCE] += figures["account_paid"]
        return Settled("paid", "", figures)
    try:
        return run_tiers(book, account, bill, person, figures)
    except NotKnown:
        return Settled("held", "H05", dict.fromkeys(MONEY_FIGURES, 0))


def run_tiers(book: Rulebook, account: Account, bill: Bill, person: Person, figures) -> Settled:
    """Run the tiers one after the other; nothing moves before all of them are known."""
    trial = Account(account.used.copy(), account.stays, YearState(**vars(account.state)))
    used = trial.used
    orders = book.tree.region.admission_orders
    asked = book.asked_for(bill, person)
    if bill.care_type == "inpatient":
        asked = asked.with_(order=min(trial.stays + 1, orders))
    basic = settle_basic(book, bill, asked, used)
    cut = unfiled_cut(book, bill, asked, used, basic)
    trial.move(basic.moves)
    upper_tiers.turn_year(book, asked, trial.state)
    catastrophic = upper_tiers.settle_catastrophic(book, bill, asked, used, trial.state, basic, cut)
    trial.move(catastrophic.moves)
    asked = asked.with_(kind=upper_tiers.kind_of(book, bill, asked))
    assistance = upper_tiers.settle_assistance(
        book, bill, asked, used, basic, cut, catastrophic.paid_fen
    )
    trial.move(assistance.moves)
    supplementary = upper_tiers.settle_supplementary(book, bill, asked, used, assistance)
    trial.move(supplementary.moves)
    figures |= {
        "deductible": basic.deductible_fen,
        "basic_uncapped": basic.uncapped_fen,
        "item_excess": basic.item_excess_fen,
        "above_cap": basic.above_cap_fen,
        "basic": basic.paid_fen,
        "unfiled_cut": cut,
        "rate_ppm": basic.rate_ppm,
    }
    if bill.care_type == "inpatient":
        figures["admission"] = trial.stays + 1
        trial.stays += 1
    write_tier(figures, "catastrophic", catastrophic)
    write_tier(figures, "assistance", assistance)
    write_tier(figures, "supplementary", supplementary)
    figures["catastrophic_cap_cut"] = figures.pop("catastrophic_limit_cut")
    figures["catastrophic_ceiling_cut"] = catastrophic.ceiling_cut_fen
    close_bill(bill, figures)
    account.used, account.stays, account.state = trial.used, trial.stays, trial.state
    return Settled("paid", "", figures, basic, cut)


def write_tier(figures, name: str, tier) -> None:
    """Write down the trace of an upper tier."""
    figures[f"{name}_base"] = tier.base_fen
    figures[f"{name}_running"] = tier.running_fen
    figures[f"{name}_uncapped"] = tier.uncapped_fen
    figures[f"{name}_limit_cut"] = tier.limit_cut_fen
    figures[name] = tier.paid_fen


def close_bill(bill: Bill, figures) -> None:
    """Split what the tiers left among other aid, the hospital and the person."""
    tiers = ("basic", "catastrophic", "assistance", "supplementary")
    rest = bill.money_fen["total"] - sum(figures[name] for name in tiers)
    for name in ("other_aid", "hospital_part"):
        figures[name] = min(bill.money_fen[name], rest - bill.outside_fen)
        rest -= figures[name]
    given = bill.money_fen["other_aid"] + bill.money_fen["hospital_part"]
    figures["aid_excess"] = given - figures["other_aid"] - figures["hospital_part"]
    figures["own_share"] = rest
    figures["own_outside"] = bill.outside_fen
    figures["own_within"] = rest - bill.outside_fen
    figures["account_paid"] = 0
    figures["cash"] = rest

"""Random people settled by the kernel, for the properties."""

from dataclasses import dataclass
from pathlib import Path

from claims.settlement.cases import read_case, settle_cases
from config.policy.tree import PolicyTree
from tests.reference.ledger import settle_person
from tests.reference.random_bills import RandomPeople
from tests.reference.random_packs import RandomPack, load_random_pack
from tests.reference.rulebook import Rulebook


@dataclass
class Country:
    """A random pack with its people, as cases."""

    pack: RandomPack
    tree: PolicyTree
    book: Rulebook
    cases: list[dict]

    @property
    def region(self) -> str:
        return self.pack.region

    def settle(self, cases=None):
        """Settle cases through the kernel, all at once."""
        cases = self.cases if cases is None else cases
        return settle_cases({self.region: self.tree}, [read_case(case) for case in cases])


def random_country(seed: int, bills: int, folder: Path, *, one_rule: str = "") -> Country:
    """Draw a pack and people whose events any office could have entered."""
    pack, loaded = load_random_pack(seed, folder, one_rule=one_rule)
    tree = PolicyTree(loaded)
    book = Rulebook.of(tree, loaded)
    cases = RandomPeople(pack, seed).person_cases(bills)
    for case in cases:
        idle = settle_person(book, case).idle
        case["events"] = [event for at, event in enumerate(case["events"]) if at not in idle]
    return Country(pack, tree, book, cases)


def bills_only(case: dict) -> dict:
    """Keep openings and bills of a case, so that every event adds to the one before."""
    events = [event for event in case["events"] if "bill" in event or "opening" in event]
    return {**case, "events": events}

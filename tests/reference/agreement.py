"""The kernel and the reference side by side, bill by bill, figure by figure."""

from dataclasses import dataclass, field
from pathlib import Path

import yaml

from claims.settlement.cases import read_case, settle_cases
from config.policy.tree import PolicyTree
from tests.reference.ledger import Ledger, settle_person
from tests.reference.random_bills import RandomPeople
from tests.reference.random_packs import load_random_pack
from tests.reference.rulebook import Rulebook

SHOWN_AT_MOST = 3


@dataclass
class Agreement:
    """How many bills were compared, what they were like, and where the two part."""

    bills: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    exercised: dict[str, int] = field(default_factory=dict)
    departures: list[str] = field(default_factory=list)

    def count(self, ledger: Ledger) -> None:
        """Count what the bills of a person exercised."""
        for settled in ledger.current.values():
            self.bills += 1
            outcome = f"{settled.outcome} {settled.reason}".strip()
            self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1
            for name, figure in settled.figures.items():
                if figure:
                    self.exercised[name] = self.exercised.get(name, 0) + 1
        for grants in ledger.grants.values():
            self.exercised["grant"] = self.exercised.get("grant", 0) + len(grants)


def compare_pack(seed: int, bills: int, folder: Path, result: Agreement) -> None:
    """Settle random people of one random pack twice and note every departure."""
    pack, loaded = load_random_pack(seed, folder)
    tree = PolicyTree(loaded)
    book = Rulebook.of(tree, loaded)
    cases, ledgers = [], []
    for case in RandomPeople(pack, seed).person_cases(bills):
        ledger = settle_person(book, case)
        events = [event for at, event in enumerate(case["events"]) if at not in ledger.idle]
        cases.append({**case, "events": events})
        ledgers.append(without_idle(ledger))
        result.count(ledger)
    people = settle_cases({pack.region: tree}, [read_case(case) for case in cases])
    for case, ledger, person in zip(cases, ledgers, people, strict=True):
        for departure in departures_of(ledger, person):
            shown = yaml.safe_dump(case, allow_unicode=True, sort_keys=False)
            result.departures.append(f"pack seed {seed}\n{departure}\n{shown}")


def without_idle(ledger: Ledger) -> Ledger:
    """Renumber the grants as if the idle events had never been."""
    ledger.grants = {
        number - sum(idle < number for idle in ledger.idle): grants
        for number, grants in ledger.grants.items()
    }
    return ledger


def departures_of(ledger: Ledger, person) -> list[str]:
    """Describe every bill and grant of a person on which the two do not agree."""
    found = []
    for name, settled in ledger.current.items():
        figures = person.current[name]
        expected = {"outcome": settled.outcome, "reason": settled.reason}
        if settled.outcome != "held":
            expected |= {key: one for key, one in settled.figures.items() if one is not None}
        wrong = {key: one for key, one in expected.items() if figures[key] != one}
        if wrong:
            lines = [f"bill {name} at {', '.join(wrong)}: reference, kernel"]
            for key in figures:
                mark = "*" if key in wrong else " "
                lines.append(
                    f"  {mark} {key:26} {expected.get(key, '-')!s:>14} {figures[key]!s:>14}"
                )
            found.append("\n".join(lines))
    for number, grants in ledger.grants.items():
        granted = {
            name: figures["grant"]
            for name, figures in person.history[number].items()
            if figures.get("grant")
        }
        if granted != grants:
            found.append(f"grants of event {number}: reference {grants}, kernel {granted}")
    return found

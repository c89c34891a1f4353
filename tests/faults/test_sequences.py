"""Whatever is done in whatever order, with a bad broker and a moving clock: the invariants hold."""

from datetime import date

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import seed as seeded
from hypothesis.stateful import run_state_machine_as_test

from claims.services import settlement
from config.outbox import services as outbox
from config.sweep.services import as_system, sweep_run
from tests.claims.conftest import make_desk
from tests.config.outbox import consumers
from tests.faults.accounts_machine import EFFECT, Accounts, Broker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.row("A13")]
NEW_YEAR, OLD_YEAR = date(2025, 1, 1), date(2024, 12, 31)
# Sequences that once went wrong, or would first: rule and arguments. `show` is page 0, 1, ...
EXAMPLES = {
    "a page pressed again after its bill was reversed": [
        ("show", 0, 30_000_00, NEW_YEAR), ("press", 0), ("reverse", 0), ("press", 0), ("press", 0),
    ],
    "a page shown before another bill is confirmed after it": [
        ("show", 0, 90_000_00, NEW_YEAR), ("show", 0, 300_000_00, NEW_YEAR),
        ("press", 1), ("press", 0), ("resettle", 0, 1),
    ],
    "an entry between bills, then everything again, then a bill moves to the year before": [
        ("show", 0, 90_000_00, NEW_YEAR), ("press", 0), ("grant", 0, 400_00),
        ("show", 0, 30_000_00, NEW_YEAR), ("press", 1), ("resettle", 0, 2), ("resettle", 0, 1),
        ("correct", 0, 30_000_00, OLD_YEAR), ("reverse", 1),
    ],
    "messages lost and doubled around midnight": [
        ("show", 0, 8_000_00, NEW_YEAR), ("press", 0), ("deliver", 0, 0), ("pass_time", 121),
        ("show", 0, 8_000_00, NEW_YEAR), ("press", 1), ("deliver", 0, 2), ("press", 1),
    ],
    "a held bill settled when the cover is known, another withdrawn": [
        ("show", 1, 30_000_00, NEW_YEAR), ("press", 0), ("show", 1, 30_000_00, NEW_YEAR),
        ("press", 1), ("held", True, False), ("held", False, True), ("reverse", 0),
    ],
}  # fmt: skip


@pytest.fixture
def accounts(settings, monkeypatch):
    """Give the class of a machine at a desk of its own, with a broker that carries badly."""
    settings.OUTBOX_CONSUMERS = {EFFECT: "tests.config.outbox.consumers.note"}
    broker = Broker()
    monkeypatch.setattr(outbox, "queue", broker)
    consumers.done.clear()
    consumers.failing.clear()
    return type("AccountsHere", (Accounts,), {"desk": make_desk(), "broker": broker})


def sequences(accounts, seed, tried, count, steps):
    run_state_machine_as_test(
        seeded(seed)(accounts),
        settings=settings(
            max_examples=count,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
    tried(count)
    with as_system("test"):
        swept = sweep_run()
    assert swept.is_clean, list(swept.results.values_list("code", "findings"))


def test_a_few_sequences_keep_the_invariants(accounts, seed, tried):
    sequences(accounts, seed, tried, 8, 20)


@pytest.mark.faults
def test_three_hundred_sequences_keep_the_invariants(accounts, seed, tried):
    sequences(accounts, seed, tried, 300, 50)


@pytest.mark.nightly
def test_three_thousand_sequences_keep_the_invariants(accounts, seed, tried):
    sequences(accounts, seed, tried, 3_000, 100)


def played(accounts, steps):
    machine, pages = accounts(), []
    machine.begin()
    for name, *arguments in steps:
        if name == "show":
            pages.append(machine.show(*arguments))
        elif name == "press":
            machine.press(pages[arguments[0]])
        else:
            getattr(machine, name)(*arguments)
    print(machine.refused)
    machine.teardown()
    return machine


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_sequence_that_is_kept(accounts, name):
    assert played(accounts, EXAMPLES[name]).answers


def test_an_account_that_forgets_its_entries_is_caught(accounts, monkeypatch):
    """The control: acts that leave out what was posted beside the bills."""
    stands = settlement.standing_of

    def forgetful(account):
        standing = stands(account)
        return type(standing)(standing.versions, ())

    monkeypatch.setattr(settlement, "standing_of", forgetful)
    monkeypatch.setattr("claims.services.preview.standing_of", forgetful)
    steps = [
        ("grant", 0, 400_00),
        ("show", 0, 90_000_00, NEW_YEAR),
        ("press", 0),
        ("resettle", 0, 1),
        ("grant", 0, 400_00),
        ("show", 0, 300_000_00, NEW_YEAR),
        ("press", 1),
    ]
    with pytest.raises(AssertionError):
        played(accounts, steps)


def test_a_worker_that_takes_every_message_as_work_is_caught(accounts, monkeypatch):
    """The control: work done per message instead of per row comes twice, or not at all."""
    monkeypatch.setattr(
        outbox, "sweep", lambda: consumers.done.extend(consumers.done[-1:] or ["x"])
    )
    with pytest.raises(AssertionError, match="an effect is missing or came twice"):
        played(accounts, EXAMPLES["messages lost and doubled around midnight"])

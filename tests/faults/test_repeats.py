"""A request sent ten times is done once: in parallel, after a lost answer, by every kind."""

import random
from collections import Counter as Tally

import pytest
from psycopg import sql

from config.local.processes import wait_until
from tests.claims.conftest import make_desk
from tests.faults.desk_clients import at_once
from tests.faults.plug import changed as tables_changed
from tests.faults.plug import contents
from tests.faults.repeats import KINDS, NO_ANSWER, changed, make_counter, make_sending

pytestmark = pytest.mark.row("A4")
TIMES = 10


@pytest.fixture
def counter(machine):
    desk = make_desk()
    machine.start_web()
    return make_counter(machine, desk)


def effects(machine, verb):
    statement = "SELECT count(*) FROM audit_auditevent WHERE verb = %s AND outcome = 'done'"
    return machine.database.execute(statement, verb)[0][0]


def stored(machine):
    """Return the contents of every table but for who is signed in and what was looked at."""
    found = contents(machine.database.urls["OWNER_DATABASE_URL"])
    return {table: rows for table, rows in found.items() if table not in LOOKS}


# A look or a refusal is an event of its own each time; sessions move with every request.
LOOKS = {"audit_auditevent", "offices_user", "claims_apiuse"}


def keys_of(machine, key):
    statement = sql.SQL("SELECT count(*) FROM audit_actkey WHERE key = {}").format(sql.Literal(key))
    return machine.database.execute(statement)[0][0]


def sent_ten_times(machine, counter, sending, is_parallel):
    """Send a request ten times; returns what went wrong, in words."""
    before = effects(machine, sending.effect)
    if is_parallel:
        answers = at_once([lambda: counter.send(sending)] * (TIMES - 1))
    else:
        assert counter.send(sending, is_dropped=True) == NO_ANSWER
        wait_until(lambda: keys_of(machine, sending.key) == 1, 20)
        answers = [counter.send(sending) for _ in range(TIMES - 2)]
    once = stored(machine)
    answers.append(last := counter.send(sending))
    wrong = []
    # Whoever waited too long was told to try again, and then got the first answer.
    told = [answer for answer in answers if answer != last]
    if last[0] not in {200, 201, 204, 302} or any(status not in {200, 409} for status, _ in told):
        wrong.append(f"{sending.kind}: answers {Tally(answers)}")
    if (times := keys_of(machine, sending.key)) != 1:
        wrong.append(f"{sending.kind}: the key is there {times} times")
    if (times := effects(machine, sending.effect) - before) != 1:
        wrong.append(f"{sending.kind}: took effect {times} times")
    other = changed(sending)
    if other is not None:
        counter.send(other)
    if left := tables_changed(once, stored(machine)):
        wrong.append(f"{sending.kind}: a repeat or a changed body changed {left}")
    return wrong


def every_request_counts_once(counter, seed, tried, operations):
    machine, draw = counter.machine, random.Random(seed)
    wrong, answered = [], Tally()
    for number in range(operations):
        sending = make_sending(counter, number)
        answered[sending.kind] += 1
        wrong += sent_ten_times(machine, counter, sending, draw.random() < 0.5)
    tried(operations * TIMES)
    print(sorted(answered.items()))
    assert wrong == []


def test_requests_of_every_kind_sent_ten_times_count_once(counter, seed, tried):
    every_request_counts_once(counter, seed, tried, len(KINDS))


@pytest.mark.faults
def test_fifty_requests_sent_ten_times_each_count_once(counter, seed, tried):
    every_request_counts_once(counter, seed, tried, 4 * len(KINDS))


@pytest.mark.nightly
def test_a_thousand_requests_sent_ten_times_each_count_once(counter, seed, tried):
    every_request_counts_once(counter, seed, tried, 1_000)


def test_without_the_key_a_repeat_counts_again(counter):
    """The control: the same page with a fresh key each time is another act each time."""
    machine = counter.machine
    sending = make_sending(counter, 7)
    assert sending.kind == "print"
    before = effects(machine, sending.effect)
    for _time in range(3):
        counter.send(type(sending)(sending.kind, sending.who, sending.path, sending.fields, ""))
    assert effects(machine, sending.effect) - before == 3

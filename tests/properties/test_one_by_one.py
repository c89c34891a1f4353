"""A batch of one equals bulk, and other people change nothing."""

import random

import pytest

from tests.properties.settled import random_country

SEEDS = range(31, 37)


def current(people):
    return [person.current for person in people]


@pytest.fixture(params=SEEDS)
def country(request, tmp_path):
    return random_country(request.param, 300, tmp_path)


def test_one_person_alone_gets_what_they_get_in_bulk(country):
    in_bulk = current(country.settle())
    for number in range(0, len(country.cases), 4):
        alone = current(country.settle([country.cases[number]]))
        assert alone == [in_bulk[number]], country.cases[number]


def test_the_order_of_people_changes_nothing(country):
    in_bulk = current(country.settle())
    order = list(range(len(country.cases)))
    random.Random(country.region).shuffle(order)
    shuffled = current(country.settle([country.cases[number] for number in order]))
    assert shuffled == [in_bulk[number] for number in order]


def test_waiting_for_others_between_two_events_changes_nothing(country):
    rng = random.Random(country.region)
    # A category that no rank of a random pack names: an event that is nothing but time.
    pause = {"category": {"category": "severely_disabled", "from": country.pack.first_day}}
    delayed = []
    for case in country.cases:
        events = []
        for event in case["events"]:
            events += [pause] * rng.choice([0, 0, 1, 3])
            events.append(event)
        delayed.append({**case, "events": events})
    assert current(country.settle(delayed)) == current(country.settle())

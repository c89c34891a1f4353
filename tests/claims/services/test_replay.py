"""Settling places in order: what the platform settled moves the year and is never settled again."""

from dataclasses import replace

import pytest

from claims.selectors.ledger import current_version, ledger_of
from claims.selectors.rule_books import book_of, kernel_accumulators, stored_accumulators
from claims.services.replay import settle_places
from claims.services.resettlement import place_of
from tests.factories.claims import confirm


@pytest.fixture
def versions(person):
    bills = [confirm(person) for _ in range(3)]
    return ledger_of(current_version(bills[0].pk).account).versions


@pytest.fixture
def book(versions):
    return book_of({versions[0].release_id})


def test_a_replay_from_nothing_gives_what_is_stored(versions, book):
    decided = settle_places(book, {}, [place_of(version) for version in versions])
    assert len(decided) == 3
    for each, version in zip(decided, versions, strict=True):
        assert not each.differs_from(version)


def test_a_place_of_the_platform_moves_the_year_as_received(versions, book):
    places = [place_of(version) for version in versions]
    fixed = [places[0], replace(places[1], is_fixed=True), places[2]]
    decided = settle_places(book, {}, fixed)
    assert [each.place.sequence for each in decided] == [1, 3]
    assert not decided[1].differs_from(versions[2])


def test_what_stands_before_a_fixed_place_flows_past_it(versions, book):
    places = [place_of(version) for version in versions]
    fixed = [replace(places[1], is_fixed=True), places[2]]
    last = settle_places(book, {}, fixed)[-1]
    moved = {
        name: value - int(versions[1].opening.get(name, 0))
        for name, value in versions[1].closing.items()
        if isinstance(value, int) and name not in {"period_last"}
    }
    for name, value in moved.items():
        assert last.opening.get(name, 0) == value


def test_stored_accumulators_come_back_as_they_were(versions, book):
    stored = versions[-1].closing
    assert stored_accumulators(book, kernel_accumulators(book, stored)) == stored
    assert isinstance(stored["category_first"], str)

from claims.settlement.columns import OUTPUTS
from claims.settlement.desk import replay_account, settle_one
from tests.claims.settlement.plain import facts, plain_book


def test_a_bill_at_the_desk_is_the_last_of_a_replay(tmp_path):
    book = plain_book(tmp_path)
    bills = [facts(total_fen=30_000_00), facts(total_fen=40_000_00), facts(cover="waiting")]
    settled, closing = replay_account(book, bills, {})
    alone, after = settle_one(book, bills[1], settled[1].opening)
    assert alone.figures == settled[1].figures
    assert after == settled[2].opening == closing
    assert [each.outcome for each in settled] == ["paid", "paid", "refused"]
    assert [each.reason for each in settled] == ["", "", "R01"]


def test_entries_stand_before_the_first_bill(tmp_path):
    book = plain_book(tmp_path)
    [settled], closing = replay_account(book, [facts()], {"basic_cap": 79_999_00})
    assert settled.opening["basic_cap"] == 79_999_00
    assert settled.figures["basic"] == 1_00
    assert closing["basic_cap"] == 80_000_00


def test_ids_of_other_rules_stay_as_they_are(tmp_path):
    [settled], closing = replay_account(plain_book(tmp_path), [facts()], {"old_limit": 7})
    assert settled.opening["old_limit"] == closing["old_limit"] == 7


def test_an_account_without_bills_is_its_entries(tmp_path):
    book = plain_book(tmp_path)
    settled, closing = replay_account(book, [], {"basic_cap": 5})
    assert settled == []
    assert closing == dict.fromkeys(book.accumulator_names, 0) | {"basic_cap": 5}


def test_figures_are_plain_numbers_and_words(tmp_path):
    [settled], _ = replay_account(plain_book(tmp_path), [facts()], {})
    assert list(settled.figures) == ["outcome", "reason", *OUTPUTS]
    assert {type(value) for value in settled.figures.values()} == {int, str}

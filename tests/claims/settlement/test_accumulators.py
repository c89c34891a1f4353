import numpy as np
import pytest

from claims.settlement.accumulators import Accumulators

ACCOUNTS = np.array([0, 1, 2])


def rows(*values):
    return np.array(values, dtype=np.int64)


@pytest.fixture
def used():
    return Accumulators.empty(("cap", "deductible"), 3)


def test_a_slot_adds_to_its_id_and_minus_one_to_nothing(used):
    used.move(rows(0, -1, 1), ACCOUNTS, rows(100, 200, 300))
    assert used.values.tolist() == [[100, 0, 0], [0, 0, 300]]
    assert used.at(rows(0, -1, 1), ACCOUNTS).tolist() == [100, 0, 300]
    assert used.matrix[-1].tolist() == [0, 0, 0]


def test_two_moves_of_one_wave_add_up_and_are_taken_back_together(used):
    used.move(rows(0, 0, 0), ACCOUNTS, rows(10, 20, 30))
    used.move(rows(0, 1, -1), ACCOUNTS, rows(1, 2, 3))
    used.undo(np.array([True, True, False]))
    assert used.values.tolist() == [[0, 0, 30], [0, 0, 0]]


def test_a_closed_wave_is_not_taken_back(used):
    used.move(rows(0, 0, 0), ACCOUNTS, rows(10, 20, 30))
    used.close_wave()
    used.undo(np.array([True, True, True]))
    assert used.named("cap", ACCOUNTS).tolist() == [10, 20, 30]


def test_moves_reach_a_matrix_that_was_cut_out_of_a_larger_one():
    whole = np.zeros((2, 6), dtype=np.int64)
    # Every second account: a view whose rows do not lie one behind the other.
    used = Accumulators(("cap",), whole[:, ::2])
    used.move(rows(0, 0, 0), ACCOUNTS, rows(1, 2, 3))
    assert used.values.tolist() == [[1, 2, 3]]
    by_column = Accumulators(("cap",), np.asfortranarray(np.zeros((2, 3), dtype=np.int64)))
    by_column.move(rows(0, 0, 0), ACCOUNTS, rows(1, 2, 3))
    assert by_column.values.tolist() == [[1, 2, 3]]


def test_a_block_is_a_copy(used):
    block = used.block(1, 3)
    block.put("cap", rows(0, 1), rows(5, 6))
    assert block.values.tolist() == [[5, 6], [0, 0]]
    assert used.values.tolist() == [[0, 0, 0], [0, 0, 0]]


def test_entries_add_to_one_account_by_id(used):
    used.add(1, {"cap": 100, "deductible": -5})
    used.add(1, {"cap": 1})
    assert used.values.tolist() == [[0, 101, 0], [0, -5, 0]]

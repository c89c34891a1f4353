import numpy as np

from claims.settlement.table import ColumnStore, RuleTable


def test_rows_grow_and_keep_what_was_written():
    store = ColumnStore({"rate": (), "band": (3,)})
    for number in range(40):
        row = store.append()
        assert row == number
        store["rate"][row] = number
        store["band"][:, row] = (number, number + 1, number + 2)
    assert store.rows == 40
    assert store["rate"][:40].tolist() == list(range(40))
    assert store["band"][2, :40].tolist() == list(range(2, 42))


def test_new_rows_are_zero_and_columns_stay_contiguous():
    store = ColumnStore({"band": (3,)})
    for _ in range(17):
        store.append()
    assert store["band"].flags["C_CONTIGUOUS"]
    assert store["band"].dtype == np.int64
    assert not store["band"].any()


def test_a_reader_keeps_the_array_it_gathered_from():
    store = ColumnStore({"rate": ()})
    for _ in range(16):
        store.append()
    held = store["rate"]
    held[3] = 7
    store.append()
    assert len(held) == 16
    assert store["rate"][3] == 7


def test_gather_takes_a_column_by_rule_row():
    table = RuleTable(("cap",), 1)
    for value in (10, 20):
        table.rules["basic_rate"][table.rules.append()] = value
    assert table.gather("basic_rate", np.array([1, 0, 1])).tolist() == [20, 10, 20]

from datetime import date, timedelta

import numpy as np
import pytest

from claims.settlement.batch import ClaimsUnordered, settle_batch
from tests.claims.settlement.plain import columns_of, facts, nothing_used, plain_book
from tests.performance.bills import demonstration_book, million_bills


def stays(count, **changes):
    first = date(2022, 1, 1)
    return [facts(discharged_on=first + timedelta(days=30 * n), **changes) for n in range(count)]


def test_claims_out_of_order_are_refused(tmp_path):
    book = plain_book(tmp_path)
    columns = columns_of(book, stays(3), accounts=[0, 1, 0])
    with pytest.raises(ClaimsUnordered):
        settle_batch(columns, book.table, nothing_used(book, 2))


def test_nothing_to_settle_changes_nothing(tmp_path):
    book = plain_book(tmp_path)
    results, closing = settle_batch(columns_of(book, []), book.table, nothing_used(book, 2))
    assert len(results.outcome) == 0
    assert not closing.matrix.any()


def test_the_order_of_a_year_runs_through_its_rounds(tmp_path):
    book = plain_book(tmp_path, {"basic.deductible_order_share": [({"order": 2}, "50%")]})
    columns = columns_of(book, stays(4), accounts=[0, 1, 1, 1])
    opening = nothing_used(book, 3)
    results, closing = settle_batch(columns, book.table, opening)
    assert results.column("admission").tolist() == [1, 1, 2, 3]
    assert results.column("deductible").tolist() == [700_00, 700_00, 350_00, 700_00]
    assert closing.named("admissions", np.arange(3)).tolist() == [1, 3, 0]
    assert not opening.matrix.any()


def test_the_accumulators_before_every_claim_are_kept_on_request(tmp_path):
    book = plain_book(tmp_path)
    columns = columns_of(book, stays(3), accounts=[0, 1, 1])
    opening = nothing_used(book, 2)
    opening.add(1, {"basic_cap": 100})
    without, _ = settle_batch(columns, book.table, opening)
    kept, closing = settle_batch(columns, book.table, opening, keep_opening=True)
    assert without.opening is None
    before = kept.opening[book.accumulator_names.index("basic_cap")].tolist()
    pays = kept.column("basic").tolist()
    assert before == [0, 100, 100 + pays[1]]
    assert closing.named("basic_cap", np.array([1])).tolist() == [before[2] + pays[2]]


def test_the_size_of_a_block_changes_nothing():
    book = demonstration_book()
    claims = million_bills(book, 600, 200)
    opening = nothing_used(book, 200)
    whole, closing = settle_batch(claims, book.table, opening, keep_opening=True)
    for size in (1, 7, 199):
        results, after = settle_batch(
            claims, book.table, opening, keep_opening=True, accounts_per_block=size
        )
        assert np.array_equal(results.figures, whole.figures)
        assert np.array_equal(results.outcome, whole.outcome)
        assert np.array_equal(results.opening, whole.opening)
        assert np.array_equal(after.matrix, closing.matrix)


def test_a_block_without_claims_is_passed_over(tmp_path):
    book = plain_book(tmp_path)
    columns = columns_of(book, stays(3), accounts=[0, 2, 3])
    opening = nothing_used(book, 4)
    whole, _ = settle_batch(columns, book.table, opening)
    single, closing = settle_batch(columns, book.table, opening, accounts_per_block=1)
    assert single.figures.tolist() == whole.figures.tolist()
    assert closing.named("admissions", np.arange(4)).tolist() == [1, 0, 1, 1]

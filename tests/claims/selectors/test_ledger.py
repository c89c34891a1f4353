"""What an account adds up to, from its versions and its entries."""

from types import SimpleNamespace

from claims.selectors.ledger import LedgerFold


def version(sequence, closing, through=0, origin="office"):
    return SimpleNamespace(
        sequence=sequence, closing=closing, opening={}, entries_through=through, origin=origin
    )


def entry(pk, **amounts):
    return SimpleNamespace(pk=pk, amounts=amounts)


def test_an_entry_no_bill_counted_yet_stands_behind_the_last():
    fold = LedgerFold((version(1, {"x": 5}, 1),), (entry(1, x=5), entry(2, x=3)))
    assert fold.before() == {"x": 8}
    assert fold.before(1) == {"x": 8}


def test_an_entry_counts_once_though_a_later_bill_kept_its_row():
    """Settled again, the first bill counts the entry, and the second comes out as it was."""
    fold = LedgerFold((version(1, {"x": 9}, 7), version(2, {"x": 9})), (entry(7, x=4),))
    assert fold.before() == {"x": 9}

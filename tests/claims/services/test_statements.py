"""How many statements a confirmation takes: few, and as many for the twentieth bill as the first."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.services.preview import settlement_preview
from claims.services.settlement import settlement_confirm
from tests.factories.claims import bill

# Ten write rows: account, invoice, counter, bill, figures, settlement, place, two events, key.
# Two are the savepoint, one locks and reads the key, one locks the account. Of the rest one each
# reads account, facility, release, person, books, and the account once more for the check.
MOST_STATEMENTS = 20


def statements_of_a_confirmation(person) -> list[str]:
    entered = bill()
    digest = settlement_preview(entered, person).digest
    with CaptureQueriesContext(connection) as queries:
        settlement_confirm(entered, person, key=entered.invoice_number, preview_digest=digest)
    return [query["sql"] for query in queries]


def test_a_confirmation_takes_few_statements_however_many_bills_there_are(person):
    first, second, *_between, last = (statements_of_a_confirmation(person) for _ in range(6))
    assert len(first) <= MOST_STATEMENTS
    # The account is there now and need not be made.
    assert len(second) == len(last) == len(first) - 1

"""H2: history is added to; the application's role is refused every other way to write it."""

import pytest
from django.db import ProgrammingError, connection, transaction
from psycopg.errors import InsufficientPrivilege

from tests.architecture.test_privileges import LEDGER, rights_of

# Audit, ledger and history by name: losing one from the list of rights is a failure here too.
MUST_BE = {
    "audit_auditevent",
    "audit_actkey",
    "audit_auditseal",
    "claims_accountentry",
    "claims_adjustment",
    "claims_bill",
    "claims_billhold",
    "claims_billitem",
    "claims_billversion",
    "claims_settlement",
    "claims_settlementrelease",
    "claims_invoiceuse",
    "enrollment_personevent",
    "policy_policyrelease",
    "policy_releaseactivation",
}
WAYS = (
    "UPDATE {table} SET {column} = {column}",
    "DELETE FROM {table}",
    "TRUNCATE {table}",
    "TRUNCATE {table} CASCADE",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    "DROP TABLE {table}",
    "GRANT UPDATE ON {table} TO CURRENT_USER",
)


def refused(statement):
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except ProgrammingError as error:
        return isinstance(error.__cause__, InsufficientPrivilege)
    return False


def first_column(table):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s"
            " ORDER BY ordinal_position LIMIT 1",
            [table],
        )
        return cursor.fetchone()[0]


def insert_only():
    return sorted(table for table, rights in rights_of("desk_app").items() if rights == LEDGER)


@pytest.mark.row("H2")
@pytest.mark.django_db
def test_no_way_to_change_or_remove_a_row_of_history(tried):
    tables = insert_only()
    assert set(tables) >= MUST_BE
    for table in tables:
        column = first_column(table)
        for way in WAYS:
            # Granting what one has not is answered by a warning and changes nothing.
            answer = refused(way.format(table=table, column=column))
            assert answer or way.startswith("GRANT"), (table, way)
    assert insert_only() == tables
    tried(len(tables) * len(WAYS))


@pytest.mark.row("H2")
@pytest.mark.django_db
def test_the_control_a_table_with_the_right_is_not_refused():
    assert refused("UPDATE enrollment_person SET id = id") is False
    assert refused("DELETE FROM claims_settlementdraft") is False

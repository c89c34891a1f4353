"""Every table that belongs to a person, to money, rights or policy: no change without an event."""

import pytest
from django.db import connection

from tests.architecture.test_privileges import rights_of

# Tables the application writes whose change alone is no act, each with its reason.
NO_ACT = {
    "audit_auditevent": "is the record itself",
    "audit_actkey": "the answer of an act, written with its event",
    "claims_apiuse": "counts look-ups per hour; the look-up leaves the event",
    "claims_billcounter": "hands out the number of a bill, which leaves the event",
    "claims_settlementdraft": "what was typed and means no money yet",
    "django_session": "signing in and out leave the events",
    "enrollment_personsearchkey": "derived from the name of a person, which is guarded",
}


def guarded():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, bool_and(tgdeferrable AND tginitdeferred),"
            " bit_or(tgtype) & 28, bool_and(tgenabled = 'O')"
            " FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid"
            " WHERE proname = 'audit_change_leaves_event' GROUP BY 1"
        )
        return {table: facts for table, *facts in cursor.fetchall()}


@pytest.mark.row("H1")
def test_every_table_the_application_writes_is_guarded_or_says_why_not(db, tried):
    with connection.cursor() as cursor:
        # Rows of history are written by triggers of guarded tables.
        cursor.execute(
            "SELECT table_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND column_name = 'pgh_id'"
        )
        history = {table for (table,) in cursor.fetchall()}
    written = {
        table for table, rights in rights_of("desk_app").items() if rights & {"INSERT", "UPDATE"}
    }
    assert set(guarded()) == written - history - set(NO_ACT)
    assert set(NO_ACT) <= written
    tried(len(guarded()))


@pytest.mark.row("H1")
def test_the_guards_watch_insert_update_and_delete_and_ask_at_commit(db):
    insert, delete, update = 4, 8, 16
    for table, facts in guarded().items():
        assert facts == [True, insert | delete | update, True], table


def test_the_check_belongs_to_the_owner_and_is_called_by_nobody(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT prosecdef, proowner = (SELECT relowner FROM pg_class"
            " WHERE oid = 'audit_auditevent'::regclass),"
            " has_function_privilege(current_user, oid, 'EXECUTE')"
            " FROM pg_proc WHERE proname = 'audit_change_leaves_event'"
        )
        assert cursor.fetchall() == [(True, True, False)]

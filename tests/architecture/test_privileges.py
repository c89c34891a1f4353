"""What the application's role may do with each table: written here once more, by hand."""

import pytest
from django.apps import apps
from django.db import connection

READ = {"SELECT"}
LEDGER = {"SELECT", "INSERT"}
CHANGED = {"SELECT", "INSERT", "UPDATE"}
FREE = {"SELECT", "INSERT", "UPDATE", "DELETE"}

FOUNDATION = {
    "audit_auditevent": LEDGER,
    "audit_actkey": LEDGER,
    "audit_auditseal": LEDGER,
    "outbox_outboxevent": CHANGED,
    "outbox_heartbeat": CHANGED,
    "runs_run": CHANGED,
    "runs_chunk": CHANGED,
    "runs_finding": LEDGER,
    "sweep_sweeprun": LEDGER,
    "sweep_sweepresult": LEDGER,
    "policy_policyrelease": LEDGER,
    "policy_releaseactivation": LEDGER,
    "policy_policydocument": CHANGED,
    "offices_office": CHANGED,
    "offices_user": CHANGED,
    "offices_membership": CHANGED,
    "offices_deputy": CHANGED,
    "operation_copyconfirmation": LEDGER,
    "backup_backuprun": LEDGER,
    "django_session": FREE,
    "axes_accessattempt": READ,
    "axes_accessattemptexpiration": READ,
    "axes_accessfailurelog": FREE - {"UPDATE"},
    "axes_accesslog": READ,
    "sign_in_keptpassword": LEDGER,
    "sign_in_livesession": CHANGED,
    "sign_in_onedaycode": CHANGED,
    "sign_in_recoverycode": CHANGED,
    "sign_in_totpdevice": CHANGED,
    "django_admin_log": READ,
    "django_content_type": READ,
    "django_migrations": READ,
    "auth_permission": READ,
    "auth_group": READ,
    "auth_group_permissions": READ,
    "pghistory_context": READ,
}
# Rows that carry money or history: added, never changed.
INSERT_ONLY = {
    "claims_accountentry",
    "claims_adjustment",
    "claims_billhold",
    "claims_billitem",
    "claims_billversion",
    "claims_settlement",
    "claims_settlementrelease",
}
# What is no record of anything: drafts, search keys, sessions.
MAY_BE_DELETED = {
    "axes_accessfailurelog",
    "claims_settlementdraft",
    "enrollment_personsearchkey",
    "django_session",
}

# Every other table the application writes is guarded (`LeavesEvent`): no change without an audit
# event in its transaction. These are not, each with its reason.
NO_ACT = {
    "audit_auditevent": "is the record itself",
    "audit_auditseal": "seals what was recorded",
    "audit_actkey": "the answer of an act, written with its event",
    "axes_accessfailurelog": "counts tries; a refused sign-in leaves the event",
    "claims_apiuse": "counts look-ups per hour; the look-up leaves the event",
    "claims_billcounter": "hands out the number of a bill, which leaves the event",
    "claims_settlementdraft": "what was typed and means no money yet",
    "django_session": "signing in and out leave the events",
    "runs_chunk": "leases and progress of a run; each chunk done leaves an event",
    "runs_finding": "a row set aside, written with the event of its chunk",
    "sign_in_keptpassword": "written when an account is, which is guarded",
    "sign_in_livesession": "signing in and out leave the events",
    "outbox_heartbeat": "says that a process lives",
    "outbox_outboxevent": "work that follows from a change; the change leaves the event",
    "enrollment_personsearchkey": "derived from the name of a person, which is guarded",
}


def rights_of(role):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, x.privilege_type FROM pg_class c,"
            " LATERAL aclexplode(c.relacl) x"
            " WHERE c.relkind IN ('r', 'p', 'v', 'm')"
            " AND c.relnamespace = 'public'::regnamespace"
            " AND x.grantee = CASE WHEN %s = 'public' THEN 0 ELSE to_regrole(%s)::oid END",
            [role, role],
        )
        found = {}
        for table, right in cursor.fetchall():
            found.setdefault(table, set()).add(right)
        return found


@pytest.fixture
def rights(db):
    return rights_of("desk_app")


def test_the_tables_of_the_foundation(rights):
    assert {table: rights[table] for table in FOUNDATION} == FOUNDATION


def test_money_and_history_are_added_and_never_changed(rights):
    events = {
        model._meta.db_table
        for model in apps.get_models()
        if model._meta.app_label != "pghistory"
        and any(f.name == "pgh_id" for f in model._meta.get_fields())
    }
    assert events
    insert_only = (INSERT_ONLY | events) & set(rights)
    assert insert_only == INSERT_ONLY | events
    assert {table: rights[table] for table in insert_only} == dict.fromkeys(insert_only, LEDGER)


def test_nothing_is_deleted_but_what_is_no_record(rights):
    deletable = {table for table, given in rights.items() if "DELETE" in given}
    assert deletable <= MAY_BE_DELETED


def test_every_table_states_its_rights(rights):
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    assert tables == set(rights)
    assert all(given <= FREE for given in rights.values())


def test_the_reader_reads_and_sees_no_sign_in_secrets(db):
    given = rights_of("desk_reader")
    assert all(rights == READ for rights in given.values())
    secret = {table for table in given if table.startswith(("sign_in_", "axes_"))}
    assert secret == set()
    assert not {"offices_user", "django_session", "django_admin_log"} & set(given)


def test_nobody_else_has_any_right(db):
    assert rights_of("public") == {}


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

"""Both fences around the rows of an office, on the real database, as the application's role."""

import threading
import uuid

import pytest
from django.db import DatabaseError, connection, connections, transaction

from config.audit.models import AuditEvent
from config.offices import roles, scope
from config.offices.acting import run_in_office
from config.offices.models import Office
from config.offices.scope import ScopeMissing
from tests.factories.offices import make_offices

COUNT = "SELECT count(*) FROM audit_auditevent"
READ = "SELECT current_setting('app.office_ids', true)"


def event(office, alias="default"):
    return AuditEvent.all_offices.using(alias).create(
        office=office, verb="row.added", request_id=uuid.uuid4()
    )


def raw(statement, alias="default"):
    with connections[alias].cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


@pytest.fixture
def events(offices):
    for office in (offices.east, offices.township, offices.west):
        with run_in_office(office):
            event(office)


def test_tests_run_as_the_role_of_the_application(db):
    assert raw("SELECT current_user") == "desk_app"
    assert not raw("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")


def test_without_a_scope_the_manager_raises(events):
    with pytest.raises(ScopeMissing):
        AuditEvent.objects.count()


def test_without_a_scope_raw_sql_sees_nothing_and_does_not_fail(events):
    assert raw(COUNT) == 0


def test_an_office_sees_itself_and_what_is_beneath(offices, events):
    seen = {}
    for office in (offices.pool, offices.east, offices.township, offices.west):
        with run_in_office(office):
            seen[office.code] = (raw(COUNT), AuditEvent.objects.count())
    assert seen == {"pool": (3, 3), "east": (2, 2), "township": (1, 1), "west": (1, 1)}


def test_the_unscoped_manager_is_held_by_the_second_fence(offices, events):
    with run_in_office(offices.west):
        assert AuditEvent.all_offices.count() == 1


def test_a_row_for_another_office_is_refused(offices):
    with (
        run_in_office(offices.west),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        event(offices.east)


def test_a_scope_inside_a_scope_ends_with_its_block(offices, events):
    with run_in_office(offices.east):
        with run_in_office(offices.west):
            assert raw(COUNT) == 1
        assert raw(COUNT) == 2
    assert raw(COUNT) == 0


def test_a_savepoint_rolled_back_leaves_the_right_offices(offices, events):
    def look_and_fail():
        with transaction.atomic():
            with run_in_office(offices.west):
                raw(COUNT)
            raise RuntimeError

    with run_in_office(offices.east):
        with pytest.raises(RuntimeError):
            look_and_fail()
        assert raw(COUNT) == 2
        with pytest.raises(DatabaseError), transaction.atomic(), run_in_office(offices.west):
            raw("SELECT 1/0")
        assert raw(COUNT) == 2


@pytest.mark.parametrize("alias", ["default", "aside"])
@pytest.mark.django_db(transaction=True)
def test_nothing_is_left_on_the_connection_after_a_transaction(alias):
    offices = make_offices()
    with run_in_office(offices.east):
        with transaction.atomic(using=alias):
            event(offices.east, alias)
            assert raw(READ, alias) == f"{offices.east.pk},{offices.township.pk}"
        # A statement in a scope but outside a transaction gets one of its own.
        assert raw(COUNT, alias) == 1
    assert raw(READ, alias) in {"", None}
    assert raw(COUNT, alias) == 0


@pytest.mark.django_db(transaction=True)
def test_each_transaction_of_a_scope_is_told_again():
    offices = make_offices()
    with run_in_office(offices.east):
        for expected in (1, 2, 3):
            with transaction.atomic():
                event(offices.east)
            with transaction.atomic():
                assert raw(COUNT) == expected


def test_history_context_travels_with_the_scope(offices):
    with run_in_office(offices.east) as acting:
        facts = raw("SELECT current_setting('pghistory.context_metadata')::jsonb->>'request'")
        assert facts == acting.request_id
        assert raw("SELECT current_setting('pghistory.context_id')") == acting.request_id


@pytest.mark.django_db(transaction=True)
def test_a_new_thread_has_no_scope():
    offices = make_offices()
    found = []
    with run_in_office(offices.east):
        thread = threading.Thread(target=lambda: found.append(scope.current_or_none()))
        thread.start()
        thread.join()
    assert found == [None]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditevent SET reason = 'x'",
        "DELETE FROM audit_auditevent",
        "TRUNCATE audit_auditevent",
        "UPDATE audit_actkey SET key = 'x'",
        "DELETE FROM audit_actkey",
        "UPDATE policy_policyrelease SET digest = 'x'",
        "DELETE FROM policy_releaseactivation",
        "DELETE FROM offices_membership",
        "INSERT INTO django_admin_log DEFAULT VALUES",
        "ALTER TABLE audit_auditevent DISABLE ROW LEVEL SECURITY",
        "DROP POLICY offices_in_scope ON audit_auditevent",
        "CREATE TABLE own (id int)",
    ],
)
def test_what_the_application_may_not_do(offices, statement):
    with (
        run_in_office(offices.pool),
        pytest.raises(DatabaseError, match=r"permission denied|must be owner"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_person_without_any_role_has_no_scope_to_enter(offices):
    with run_in_office(offices.pool, roles=[]):
        assert not roles.is_allowed("person.view")
    assert Office.objects.count() == 4  # offices are no secret

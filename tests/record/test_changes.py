"""H1: no change without an event in its own transaction, whoever writes and however."""

import ast
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from psycopg import sql

from config import calendar
from config.audit import services
from config.audit.models import AuditEvent
from config.offices.acting import run_in_office
from config.policy.models import PolicyDocument
from config.runs.models import Run
from config.sweep.models import SweepResult, SweepRun
from tests.architecture.test_privileges import guarded, rights_of
from tests.factories.acts import recorded
from tests.record.services import NO_CHANGE, SERVICES, acting_as, make_world

pytestmark = [pytest.mark.row("H1"), pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]

# A row like another one, as far as the other constraints allow.
COPIES = {
    "backup_backuprun": {},
    "claims_accountentry": {},
    "claims_accountingmonth": {"month_on": "'2031-01-01'"},
    "claims_adjustment": {"counterparty": "'other'"},
    "claims_bill": {"public_id": "gen_random_uuid()", "number": "'2031-1'", "issue": "77"},
    "claims_billhold": {},
    "claims_billitem": {"line": "77"},
    "claims_billversion": {"version": "2", "supersedes_id": "old.id"},
    "claims_invoiceuse": {"issue": "77"},
    "claims_settlement": {
        "public_id": "gen_random_uuid()",
        "version": "2",
        "supersedes_id": "old.id",
    },
    "claims_settlementrelease": {
        "settlement_id": "(SELECT max(s.id) FROM claims_settlement s LEFT JOIN"
        " claims_settlementrelease r ON r.settlement_id = s.id WHERE r.id IS NULL)",
        "kind": "'line'",
    },
    "operation_copyconfirmation": {
        "actor_id": "(SELECT min(id) FROM offices_user)",
        "kind": "'person'",
    },
    "policy_policyrelease": {"digest": "'0'"},
    "sweep_sweepresult": {"code": "'I2'"},
    "sweep_sweeprun": {},
    "policy_releaseactivation": {"active_from": "'2031-01-01'"},
}

# The instant of a sign-in may change alone; everything else of an account is an act.
CHANGES = {
    "offices_user": "UPDATE offices_user SET full_name = full_name || '!'",
    "sign_in_totpdevice": "UPDATE sign_in_totpdevice SET name = name || '!'",
    "runs_run": "UPDATE runs_run SET reason = reason || '!'",
}

# Their event is all there is: a look, a remark to the desk.
NOTHING_GUARDED = {
    "enrollment.services.person.id_number_reveal",
    "enrollment.services.pool_numbers.number_check",
    "claims.services.send_back.settlement_send_back",
    # Drafts are no record of anything; what is handed over beside them is noted in events.
    "config.offices.services.work_hand_over",
}


def counted(tables):
    with connection.cursor() as cursor:
        found = {}
        for table in tables:
            cursor.execute(
                sql.SQL("SELECT count(*), md5(string_agg(t::text, '' ORDER BY t::text))").format()
                + sql.SQL(" FROM {} t").format(sql.Identifier(table))
            )
            found[table] = cursor.fetchone()
        return found


def refused_at_commit(act, table=""):
    """Run an act in its own transaction; tell whether the guard of a table refused it."""
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        act()
    diagnosis = refused.value.__cause__.diag
    assert "left no audit event" in diagnosis.message_primary
    assert diagnosis.message_detail is None
    return diagnosis.table_name == table if table else True


@pytest.fixture
def world(settings):
    settings.IS_DEMONSTRATION = True  # where invented rules may be put in force
    return make_world()


def services_that_ask_for_a_right():
    for path in sorted(ROOT.glob("*/services/*.py")) + sorted(ROOT.glob("config/*/services.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                calls = [each.func for each in ast.walk(node) if isinstance(each, ast.Call)]
                names = {getattr(func, "id", getattr(func, "attr", "")) for func in calls}
                if "require" in names:
                    yield f"{module}.{node.name}"


def test_every_service_that_asks_for_a_right_stands_in_the_table():
    assert set(services_that_ask_for_a_right()) == set(SERVICES) | set(NO_CHANGE)
    assert all(find_spec(name.rpartition(".")[0]) for name in SERVICES)


def test_each_service_leaves_its_event_and_without_it_does_nothing(world, monkeypatch, tried):
    for name, service in SERVICES.items():
        with acting_as(world, service):
            if name not in NOTHING_GUARDED:
                without_its_event(world, service, monkeypatch)
            seen = set(AuditEvent.objects.values_list("pk", flat=True))
            service.act(world)
            events = AuditEvent.objects.exclude(pk__in=seen)
            assert service.verb in set(events.values_list("verb", flat=True)), name
            assert service.is_look or events.values("txid").distinct().count() == 1, name
    tried(2 * len(SERVICES))


def without_its_event(world, service, monkeypatch):
    """Let the service forget its event; looks and refusals stay."""
    written = services._written

    def forget(alias, *facts):
        return AuditEvent() if alias == "default" else written(alias, *facts)

    before = counted(guarded())
    with monkeypatch.context() as patch:
        patch.setattr(services, "_written", forget)
        assert refused_at_commit(lambda: service.act(world))
    assert counted(guarded()) == before


@pytest.mark.parametrize("how", ["raw SQL", "the mapper"])
def test_a_row_changed_beside_the_services_is_refused_at_commit(world, how, tried):
    with recorded(world.offices.pool):
        PolicyDocument.objects.create(number="1", title="1", issuer="1", issued_on="2025-01-01")
    with run_in_office(world.offices.pool), recorded():
        Run.objects.create(
            office=world.offices.pool, kind="probe", parameters={}, plan_digest="0", rows_planned=0,
            reason="演练", maker=world.clerk, asker=world.clerk,
        )  # fmt: skip
    models = {model._meta.db_table: model for model in apps.get_models()}
    changeable = [t for t in guarded() if "UPDATE" in rights_of("desk_app")[t]]
    with run_in_office(world.offices.pool):
        before = counted(guarded())
        for table in changeable:

            def change(table=table):
                if how == "the mapper":
                    row = getattr(models[table], "all_offices", models[table].objects).first()
                    assert row is not None, table
                    if table == "offices_user":
                        row.full_name += "!"
                    elif table == "sign_in_totpdevice":
                        row.name += "!"
                    elif table == "runs_run":
                        row.reason += "!"
                    row.save()
                    return
                with connection.cursor() as cursor:
                    cursor.execute(CHANGES.get(table) or f"UPDATE {table} SET id = id")  # noqa: S608
                    assert cursor.rowcount, table

            assert refused_at_commit(change, table), table
        assert counted(guarded()) == before
    tried(len(changeable))


def test_a_row_added_beside_the_services_is_refused_at_commit(world, tried):
    insert_only = {t for t in guarded() if "UPDATE" not in rights_of("desk_app")[t]}
    assert set(COPIES) == insert_only
    with recorded(world.offices.pool), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO claims_accountingmonth (month_on, opened_at) VALUES ('2026-01-01', now())"
        )
        cursor.execute(
            "INSERT INTO backup_backuprun (kind, label, is_done, code, started_at, plain_bytes)"
            " VALUES ('backup', '', true, '', now(), 0)"
        )
    with run_in_office(world.offices.pool), recorded(world.offices.pool):
        sweep = SweepRun.objects.create(
            office=world.offices.pool, started_at=calendar.now(), finished_at=calendar.now(),
            findings=0, failures=0, is_complete=True,
        )  # fmt: skip
        SweepResult.objects.create(
            office=world.offices.pool, run=sweep, code="I1", rows_read=0, findings=0, milliseconds=0
        )
    with run_in_office(world.offices.pool):
        before = counted(guarded())
        for table, changes in COPIES.items():

            def add(table=table, changes=changes):
                add_like_another(table, changes)

            assert refused_at_commit(add, table), table
        assert counted(guarded()) == before
        # The control: the same rows stand where an event stands beside them.
        for table, changes in COPIES.items():
            with transaction.atomic():
                add_like_another(table, changes)
                services.record("row.added", fields=[])
        assert {t for t, rows in counted(guarded()).items() if rows != before[t]} == set(COPIES)
    tried(len(COPIES))


def add_like_another(table, changes):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = %s AND column_name <> 'id'",
            [table],
        )
        columns = [name for (name,) in cursor.fetchall()]
        values = ", ".join(changes.get(name, f"old.{name}") for name in columns)
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(columns)})"  # noqa: S608
            f" SELECT {values} FROM {table} old ORDER BY id LIMIT 1"
        )
        assert cursor.rowcount == 1, table


def test_an_event_of_another_transaction_or_a_refused_one_is_no_excuse(world):
    def change():
        services.record_view("person.opened", world.person)
        services.record_refusal("act.refused", act="person.change", code="x")
        world.person.village = "新村"
        world.person.save()

    def change_after_a_savepoint_took_the_event_back():
        world.person.save()
        with transaction.atomic():
            services.record("person.changed", world.person, fields=[])
            transaction.set_rollback(True)

    with run_in_office(world.east, world.clerk):
        assert refused_at_commit(change)
        assert refused_at_commit(change_after_a_savepoint_took_the_event_back)
        with transaction.atomic():
            services.record("person.changed", world.person, fields=[])
            world.person.save()


def test_the_event_counts_although_the_scope_of_the_act_has_ended(world):
    with transaction.atomic():
        with run_in_office(world.east, world.clerk):
            world.person.save()
            services.record("person.changed", world.person, fields=[])
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")

"""D4, D5: no row without a scope, no row of another office, even where a query forgets to ask."""

import os
import re
from pathlib import Path

import psycopg
import pytest
from django.apps import apps
from django.db import connection, transaction
from psycopg import sql

from config.audit.services import record
from config.offices import scope
from config.offices.acting import run_in_office
from config.offices.models import ScopedModel
from config.offices.scope import ScopeMissing
from tests.access.rows_of import everything
from tests.factories.offices import make_offices

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("config", "enrollment", "claims", "assistance", "poverty_monitoring")
SCOPED = sorted(
    (model for model in apps.get_models() if issubclass(model, ScopedModel)),
    key=lambda model: model._meta.label,
)
# Every use of the manager without a scope, by file; each states its reason where it stands. The
# list may only shrink: a new use is a crossing and belongs to `config.offices.crossing`.
UNSCOPED_USES: dict[str, int] = {}
# Functions that look with the owner's rights: the check that every change left its event, and the
# one question about a number that offices may ask across the pool.
DEFINED_BY_THE_OWNER = {"audit_change_leaves_event", "office_of_number"}


def asked(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


@pytest.mark.row("D4")
@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model._meta.label)
@pytest.mark.parametrize(
    "ask",
    [
        lambda rows: rows.count(),
        lambda rows: list(rows.all()),
        lambda rows: rows.filter(pk=1).first(),
        lambda rows: rows.filter(pk=1).exists(),
        lambda rows: list(rows.values_list("pk")),
        lambda rows: rows.filter(pk=1).update(office_id=1),
        lambda rows: rows.filter(pk=1).delete(),
        lambda rows: rows.in_bulk([1]),
    ],
)
def test_a_scoped_manager_raises_outside_a_scope(model, ask):
    with scope.leave(), pytest.raises(ScopeMissing):
        ask(model.objects)


@pytest.mark.row("D4")
def test_the_uses_of_the_unscoped_manager_only_shrink():
    found = {}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            uses = len(re.findall(r"\.all_offices\b", text))
            if uses:
                found[str(path.relative_to(ROOT))] = uses
    assert found == UNSCOPED_USES


@pytest.fixture(scope="module")
def tables(worlds):
    """Every scoped table, and how many rows each office has in it."""
    counted = {}
    with scope.enter(everything()):
        for (table,) in asked(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE a.attname = 'office_id' AND c.relkind IN ('r', 'p') AND c.relrowsecurity"
        ):
            statement = "SELECT office_id, count(*) FROM {} GROUP BY 1"
            rows = asked(sql.SQL(statement).format(sql.Identifier(table)).as_string(raw()))
            counted[table] = dict(rows)
    return counted


def raw():
    connection.ensure_connection()
    return connection.connection


@pytest.mark.row("D5")
def test_most_scoped_tables_have_rows_of_both_counties(worlds, tables):
    both = {worlds.east.office.pk, worlds.west.office.pk}
    filled = {table for table, offices in tables.items() if both <= set(offices)}
    assert {"enrollment_person", "claims_bill", "claims_settlement", "audit_auditevent"} <= filled
    assert len(filled) >= 15


@pytest.mark.row("D5")
def test_a_query_that_forgets_the_office_sees_the_offices_in_scope_and_no_other(
    worlds, tables, tried
):
    east, west = worlds.east.office.pk, worlds.west.office.pk
    wrong = []
    for table, counted in tables.items():
        name = sql.Identifier(table)
        statement = sql.SQL("SELECT office_id, count(*) FROM {} GROUP BY 1").format(name)
        foreign = sql.SQL("SELECT count(*) FROM {} WHERE office_id = {}").format(name, west)
        with scope.enter(scope.Scope(east, (east,))):
            seen = dict(asked(statement.as_string(raw())))
            named = asked(foreign.as_string(raw()))
        expected = {east: counted[east]} if east in counted else {}
        if seen != expected or named != [(0,)]:
            wrong.append((table, seen))
        with scope.leave():
            if asked(statement.as_string(raw())) != []:
                wrong.append((table, "without a scope"))
        tried(3)
    assert wrong == []


@pytest.mark.row("D5")
def test_rows_of_another_office_are_neither_written_nor_changed_by_raw_statements(
    worlds, tables, tried
):
    east, west = worlds.east.office.pk, worlds.west.office.pk
    for table in tables:
        if not asked("SELECT has_table_privilege(%s, 'UPDATE')", table)[0][0]:
            continue
        change = sql.SQL("UPDATE {} SET office_id = {} WHERE office_id = {}").format(
            sql.Identifier(table), east, west
        )
        acting = scope.Scope(east, (east,))
        with scope.enter(acting), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change.as_string(raw()))
            assert cursor.rowcount == 0, table
        tried(1)


@pytest.mark.row("D5")
def test_the_role_of_the_application_passes_no_fence(db, tried):
    assert asked(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles"
        " WHERE rolname = current_user"
    ) == [(False, False, False, False)]
    assert asked("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole") == [(0,)]
    found = asked(
        "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    )
    assert {name for (name,) in found} == DEFINED_BY_THE_OWNER
    tried(3)


VIEW = "control_without_filter"


@pytest.mark.row("D5")
@pytest.mark.parametrize(
    ("force", "invoker", "leaked"),
    [
        ("FORCE", "true", 0),
        ("FORCE", "false", 0),
        ("NO FORCE", "true", 0),
        ("NO FORCE", "false", 1),
    ],
)
@pytest.mark.django_db(transaction=True)
def test_a_view_that_forgets_its_filter_shows_no_row_of_another_office(force, invoker, leaked):
    """The last case is the control: without either fence the view is the leak."""
    offices = make_offices()
    with run_in_office(offices.west):
        record("row.added", fields=[])
    with psycopg.connect(os.environ["OWNER_DATABASE_URL"], autocommit=True) as owner:
        owner.execute(f"ALTER TABLE audit_auditevent {force} ROW LEVEL SECURITY")
        owner.execute(
            f"CREATE VIEW {VIEW} WITH (security_invoker = {invoker}) AS"  # noqa: S608
            " SELECT * FROM audit_auditevent WHERE office_id IS NOT NULL"
        )
        owner.execute(f"GRANT SELECT ON {VIEW} TO desk_app")
        try:
            with scope.enter(scope.Scope(offices.east.pk, (offices.east.pk,))):
                foreign = f"SELECT count(*) FROM {VIEW} WHERE office_id = %s"  # noqa: S608
                assert asked(foreign, offices.west.pk) == [(leaked,)]
        finally:
            owner.execute(f"DROP VIEW {VIEW}")
            owner.execute("ALTER TABLE audit_auditevent FORCE ROW LEVEL SECURITY")

"""Who sees which rows: no table, manager or page outside the fences."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection

from config.admin_site import OfficeModelAdmin
from config.offices.models import Deputy, Membership, ScopedModel
from config.offices.privileges import POLICY
from config.offices.querysets import OfficeManager
from config.offices.roles import ACTS

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCES = [
    path
    for package in ("config", "enrollment", "claims", "assistance", "poverty_monitoring")
    for path in sorted((ROOT / package).rglob("*.py"))
]
OURS = [
    model
    for model in apps.get_models()
    if model.__module__.split(".")[0] in {"config", "enrollment", "claims"}
]
# An account works at offices through its roles; the fence itself is read from here.
WITH_OFFICE_BUT_OPEN = {Membership._meta.db_table, Deputy._meta.db_table}


def rows(statement, values=None):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


@pytest.fixture
def tables_with_office(db):
    found = rows(
        "SELECT c.relname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
        " WHERE a.attname = 'office_id' AND c.relkind IN ('r', 'p')"
        " AND c.relnamespace = 'public'::regnamespace AND NOT a.attisdropped"
    )
    return {name for (name,) in found} - WITH_OFFICE_BUT_OPEN


def test_every_table_with_an_office_forces_the_policy(tables_with_office):
    fenced = rows(
        "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid"
        " WHERE c.relrowsecurity AND c.relforcerowsecurity AND p.polpermissive"
        " AND p.polname = %s AND p.polcmd = '*'"
        " AND pg_get_expr(p.polqual, c.oid) LIKE '%%app.office_ids%%'"
        " AND pg_get_expr(p.polqual, c.oid) = pg_get_expr(p.polwithcheck, c.oid)",
        [POLICY],
    )
    assert {name for (name,) in fenced} == tables_with_office


def test_no_table_has_a_second_policy(db):
    """But the owner's look at the events of the running transaction; see `LeavesEvent`."""
    second = (
        "SELECT polrelid::regclass::text, polname, polcmd,"
        " polroles = ARRAY[(SELECT relowner FROM pg_class WHERE oid = polrelid)] FROM pg_policy"
    )
    assert rows(f"{second} WHERE polname <> %s", [POLICY]) == [
        ("audit_auditevent", "the_running_transaction", "r", True)
    ]


def test_without_a_scope_every_scoped_table_is_empty_and_raises_nothing(tables_with_office):
    for table in sorted(tables_with_office):
        assert rows(f"SELECT count(*) FROM {table}") == [(0,)]  # noqa: S608  names of the catalogue


def test_the_application_owns_nothing_and_passes_no_fence(db):
    assert rows(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles"
        " WHERE rolname = current_user"
    ) == [(False, False, False, False)]
    assert rows("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole") == [(0,)]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_a_model_with_an_office_is_scoped_by_its_first_manager(model):
    names = {field.name for field in model._meta.get_fields()}
    if "office" not in names or model in {Membership, Deputy}:
        return
    if "pgh_id" in names:
        return  # history written by triggers; the second fence holds it
    assert issubclass(model, ScopedModel)
    assert isinstance(model._default_manager, OfficeManager)


def test_each_use_of_the_unscoped_manager_states_its_reason():
    unexplained = []
    for path in SOURCES:
        lines = path.read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines):
            if re.search(r"\.all_offices\b", line):
                around = " ".join(lines[max(0, number - 2) : number + 1])
                if "# all offices: " not in around:
                    unexplained.append(f"{path.relative_to(ROOT)}:{number + 1}")
    assert unexplained == []


def test_plain_numbers_are_opened_by_the_reveal_alone():
    allowed = {
        "claims/models/draft.py",  # gives its clerk back what was typed
        "config/identity/fields.py",
        "config/runs/key_rotation.py",  # opens to seal anew; nothing leaves it
        "enrollment/services/person.py",
        # Seeds of second factors, sealed in the same way.
        "config/sign_in/models.py",
        "config/sign_in/services/factor.py",
    }
    openers = {
        str(path.relative_to(ROOT))
        for path in SOURCES
        if re.search(r"\.plain\(\)|\bunseal\(", path.read_text(encoding="utf-8"))
        and path.name != "cipher.py"
    }
    assert openers <= allowed


def test_every_page_over_rows_answers_by_roles():
    for model, page in admin.site._registry.items():
        assert isinstance(page, OfficeModelAdmin), model
        for act in (page.view_act, page.add_act, page.change_act):
            assert act == "" or act in ACTS, (model, act)


def test_every_act_that_is_asked_for_stands_in_the_table():
    asked = re.compile(r"""(?:require|is_allowed)\(\s*["']([a-z_.]+)["']""")
    unknown = {
        (str(path.relative_to(ROOT)), act)
        for path in SOURCES
        for act in asked.findall(path.read_text(encoding="utf-8"))
        if act not in ACTS
    }
    assert unknown == set()

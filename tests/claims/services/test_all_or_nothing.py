"""A failure at any statement of an act leaves nothing behind, and the same key then works."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection
from psycopg import sql

from claims.models import Settlement
from claims.services.correction import bill_correct, correction_preview
from claims.services.preview import settlement_preview
from claims.services.settlement import settlement_confirm, settlement_release, settlement_reverse
from config.audit.models import ActKey, AuditEvent
from config.offices.acting import run_in_office
from tests.factories.claims import bill, confirm, current

MOST_STATEMENTS = 200


class Pulled(RuntimeError):
    """The plug was pulled at a statement."""


class Plug:
    """Pulls the plug before the n-th statement that is not a rollback."""

    def __init__(self, at: int) -> None:
        self.at, self.count = at, 0

    def __call__(self, execute, statement, params, many, context):
        if not str(statement).startswith(("SAVEPOINT", "ROLLBACK", "RELEASE")):
            self.count += 1
            if self.count == self.at:
                raise Pulled
        return execute(statement, params, many, context)


def rows() -> dict[str, int]:
    """Count the rows of everything an act may write."""
    tables = [
        model._meta.db_table
        for model in [*apps.get_app_config("claims").get_models(), ActKey, AuditEvent]
    ]
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
            found[table] = cursor.fetchone()[0]
        cursor.execute("SELECT COALESCE(sum(next_sequence), 0) FROM claims_benefityearaccount")
        return found | {"places": cursor.fetchone()[0]}


def fails_at_every_statement(act: Callable[[], object]) -> int:
    """Run an act with the plug pulled at each statement in turn; returns how many there are."""
    before = rows()
    for at in range(1, MOST_STATEMENTS):
        try:
            with connection.execute_wrapper(Plug(at)):
                act()
        except Pulled:
            assert rows() == before, f"something stayed after a failure at statement {at}"
            continue
        assert rows() != before
        return at - 1
    raise AssertionError("the act has no end")


def test_confirm(person):
    confirm(person)
    entered = bill()
    digest = settlement_preview(entered, person).digest
    statements = fails_at_every_statement(
        lambda: settlement_confirm(entered, person, key="k", preview_digest=digest)
    )
    assert statements > 10
    assert Settlement.objects.count() == 2


def test_reverse(person):
    first, second = confirm(person), confirm(person)
    fails_at_every_statement(lambda: settlement_reverse(first, key="k", reason="错录"))
    assert current(first).outcome == "reversed"
    assert current(second).version == 2


def test_correct(person):
    entered = bill()
    first, second = confirm(person, entered), confirm(person)
    wanted = bill(invoice_number=entered.invoice_number, total_fen=90_000_00)
    digest = correction_preview(first, wanted).digest
    fails_at_every_statement(
        lambda: bill_correct(first, wanted, key="k", preview_digest=digest, reason="错录")
    )
    assert current(first).version == 3
    assert current(second).version == 2


def test_release(desk, person):
    version = current(confirm(person))
    with run_in_office(desk.east, desk.reviewer):
        fails_at_every_statement(lambda: settlement_release(version, key="k"))
    version.refresh_from_db()
    assert version.release_row.kind == "person"


@pytest.mark.django_db
def test_a_repeat_of_a_finished_act_writes_nothing(person):
    entered, key = bill(), str(uuid4())
    digest = settlement_preview(entered, person).digest
    settlement_confirm(entered, person, key=key, preview_digest=digest)
    before = rows()
    settlement_confirm(entered, person, key=key, preview_digest=digest)
    assert rows() == before
